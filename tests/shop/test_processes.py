"""Child processes that live and die together, with tiny programs in their place."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from shop import processes
from shop.embedded.service import wait_until
from shop.processes import Crew

PROMPT = [sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGQUIT, signal.SIG_IGN)\n"
    "print('up', flush=True)\nwhile True: signal.pause()",
]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, signal; subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
    "print('up', flush=True); signal.pause()",
]


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def crew(tmp_path: Path, notes: list[str]) -> Iterator[Crew]:
    crew = Crew(tmp_path / "logs", {"CREW": str(tmp_path)}, notes.append)
    yield crew
    crew.stop()


def members(tmp_path: Path) -> list[psutil.Process]:
    """All processes with this crew's environment, children of children included."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("CREW") == str(tmp_path) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue  # somebody else's, or just gone
    return found


def comes_up(crew: Crew, name: str, times: int = 1) -> bool:
    log = crew.log_of(name)
    return wait_until(lambda: log.exists() and log.read_text().count("up\n") >= times, 20)


def test_a_command_that_is_run_gives_its_exit_code_and_its_environment(crew, tmp_path):
    look = f"import os, sys; sys.exit(7 if os.environ['CREW'] == {str(tmp_path)!r} else 1)"
    assert crew.run([sys.executable, "-c", look]) == 7


def test_stopping_leaves_neither_children_nor_their_children(crew, tmp_path):
    crew.start("a", PROMPT)
    crew.start("b", PARENT)
    assert comes_up(crew, "a")
    assert comes_up(crew, "b")
    assert len(members(tmp_path)) == 3

    crew.stop()

    assert wait_until(lambda: members(tmp_path) == [], 20)


def test_a_child_that_does_not_listen_is_killed_in_the_end(crew, tmp_path, monkeypatch):
    monkeypatch.setattr(
        processes, "PATIENCE", ((signal.SIGTERM, 0.2), (signal.SIGQUIT, 0.2), (signal.SIGKILL, 10.0))
    )
    crew.start("a", STUBBORN)
    assert comes_up(crew, "a")

    crew.stop()

    assert wait_until(lambda: members(tmp_path) == [], 20)


def test_a_child_that_dies_is_started_again_after_a_pause_and_a_note_says_so(
    crew, notes, tmp_path, monkeypatch
):
    crew.start("web", PROMPT)
    assert comes_up(crew, "web")
    [process] = members(tmp_path)
    process.kill()
    assert wait_until(lambda: (crew.watch() or True) and notes != [], 20)
    assert notes[0].startswith("web ended with code -9; it is started again in 2 s")
    crew.watch()
    assert members(tmp_path) == []

    later = time.monotonic() + 3
    monkeypatch.setattr(processes.time, "monotonic", lambda: later)
    crew.watch()
    monkeypatch.undo()

    assert comes_up(crew, "web", times=2)


def test_pauses_grow_while_a_child_keeps_dying_and_no_longer_than_half_a_minute(crew, notes, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(processes.time, "monotonic", lambda: now[0])
    crew.start("web", [sys.executable, "-c", "raise SystemExit(3)"])
    for _death in range(7):
        deaths = len(notes)
        assert wait_until_noted(crew, notes, deaths)
        now[0] += 31
        crew.watch()

    pauses = [note.split(" in ")[1].split(" s ")[0] for note in notes]
    assert pauses == ["2", "4", "8", "16", "30", "30", "30"]


def wait_until_noted(crew: Crew, notes: list[str], deaths: int) -> bool:
    """Watch until a death is noted; by the children's own time, since the clock stands still."""
    child = crew._children[0].process
    child.wait(20)
    crew.watch()
    return len(notes) > deaths


def test_when_the_parent_is_killed_the_children_go_too(tmp_path):
    program = (
        "import sys; from pathlib import Path; from shop.processes import Crew\n"
        "crew = Crew(Path(sys.argv[1]) / 'logs', {'CREW': sys.argv[1]}, print)\n"
        f"crew.start('a', {PROMPT!r}); print('started', flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout.readline() == "started\n"
    assert wait_until(lambda: (tmp_path / "logs" / "a.log").read_text() == "up\n", 20)

    parent.kill()
    parent.communicate()

    assert wait_until(lambda: members(tmp_path) == [], 20)
