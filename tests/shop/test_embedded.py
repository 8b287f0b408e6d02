"""The embedded servers, as real processes in folders of their own."""

import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psutil
import psycopg2
import pytest
import redis
from celery import Celery
from django.conf import settings

from shop import embedded
from shop.embedded.service import wait_until

ROOT = Path(settings.BASE_DIR)

# A user of the servers: says when they run, and leaves when its standard input ends.
USER = """
import sys
from pathlib import Path
from shop import embedded
try:
    embedded.ensure_running(Path(sys.argv[1]))
except embedded.EmbeddedServiceError as error:
    sys.exit(str(error))
print("running", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """A folder with a path short enough for sockets; its servers are stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="shop-"))
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder)


@contextmanager
def user(var_dir: Path, prefix: list[str] | None = None) -> Iterator[subprocess.Popen]:
    """Another process that uses the servers, from the moment they run."""
    process = start_user(var_dir, prefix)
    assert process.stdout.readline() == "running\n"
    yield process
    leave(process)


def start_user(var_dir: Path, prefix: list[str] | None = None) -> subprocess.Popen:
    command = [*(prefix or []), sys.executable, "-c", USER, str(var_dir)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def leave(process: subprocess.Popen) -> None:
    process.communicate()
    assert process.returncode in (0, -signal.SIGKILL)


def query(var_dir: Path, sql: str) -> list[tuple]:
    """The rows that a statement gives; none for a statement that changes something."""
    config = environ.Env.db_url_config(embedded.database_url_for(var_dir))
    connection = psycopg2.connect(
        host=config["HOST"], port=config["PORT"], user=config["USER"], dbname=config["NAME"]
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def cache(var_dir: Path) -> redis.Redis:
    return redis.Redis.from_url(embedded.redis_url_for(var_dir))


def postmaster(var_dir: Path) -> psutil.Process:
    return psutil.Process(int((var_dir / "postgres" / "postmaster.pid").read_text().split()[0]))


def keeper(var_dir: Path, name: str) -> psutil.Process:
    return psutil.Process(int((var_dir / "run" / f"{name}.keeper").read_text()))


def nothing_runs(var_dir: Path) -> bool:
    return not any(
        str(var_dir) in word
        for process in psutil.process_iter(["cmdline"])
        for word in process.info["cmdline"] or ()
    )


def eventually(holds: Callable[[], bool]) -> bool:
    return wait_until(holds, 20)


def test_what_was_stored_is_there_after_a_restart(var_dir):
    embedded.ensure_running(var_dir)
    query(var_dir, "CREATE TABLE orders AS SELECT 42 AS number")
    cache(var_dir).set("basket", "red dress")
    embedded.stop(var_dir)
    assert nothing_runs(var_dir)

    embedded.ensure_running(var_dir)

    assert query(var_dir, "SELECT number FROM orders") == [(42,)]
    assert cache(var_dir).get("basket") == b"red dress"


def test_the_database_offers_vectors_trigrams_and_accents(var_dir):
    embedded.ensure_running(var_dir, redis=False)

    for extension in ("vector", "pg_trgm", "unaccent"):
        query(var_dir, f"CREATE EXTENSION {extension}")

    assert query(var_dir, "SELECT '[0,3]'::vector <-> '[4,0]'::vector") == [(5.0,)]
    assert query(var_dir, "SELECT unaccent('Épaulette'), upper('é')") == [("Epaulette", "É")]
    assert not (var_dir / "redis").exists()


def test_celery_and_the_cache_use_different_databases_of_one_redis(var_dir):
    embedded.ensure_running(var_dir, postgres=False)
    broker, results = (embedded.celery_broker_url_for(var_dir, number) for number in (0, 1))
    app = Celery(broker=broker, backend=results)

    app.send_task("refresh")
    app.backend.set("result", "done")
    cache(var_dir).flushdb()

    with app.connection() as connection:
        assert connection.default_channel.client.llen("celery") == 1
    assert app.backend.get("result") == b"done"
    assert cache(var_dir).config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_two_processes_that_start_together_share_one_server(var_dir):
    first, second = start_user(var_dir), start_user(var_dir)
    assert first.stdout.readline() == second.stdout.readline() == "running\n"

    leave(first)
    assert query(var_dir, "SELECT 1") == [(1,)]

    leave(second)
    assert nothing_runs(var_dir)


def test_a_user_killed_the_hard_way_leaves_nothing_running(var_dir):
    with user(var_dir) as process:
        process.kill()
    assert eventually(lambda: nothing_runs(var_dir))


def test_a_forked_child_that_ends_leaves_the_servers_to_its_parent(var_dir):
    fork = "import os, sys\nif os.fork() == 0: sys.exit(0)\nos.wait()\nprint('child gone', flush=True)\n"
    command = [
        sys.executable,
        "-c",
        USER.replace("sys.stdin.read()", f"{fork}sys.stdin.read()"),
        str(var_dir),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert [process.stdout.readline(), process.stdout.readline()] == ["running\n", "child gone\n"]

    assert query(var_dir, "SELECT 1") == [(1,)]

    leave(process)
    assert nothing_runs(var_dir)


def test_a_server_that_dies_is_started_again_with_its_data(var_dir):
    embedded.ensure_running(var_dir)
    query(var_dir, "CREATE TABLE orders AS SELECT 42 AS number")
    cache(var_dir).set("basket", "red dress")
    dead = [postmaster(var_dir), psutil.Process(cache(var_dir).info("server")["process_id"])]
    for process in dead:
        process.kill()
    assert eventually(lambda: not any(process.is_running() for process in dead))

    embedded.ensure_running(var_dir)  # waits until they answer again

    assert query(var_dir, "SELECT number FROM orders") == [(42,)]
    assert cache(var_dir).get("basket") == b"red dress"


def test_after_a_killed_keeper_the_next_caller_starts_afresh(var_dir):
    embedded.ensure_running(var_dir)
    query(var_dir, "CREATE TABLE orders AS SELECT 42 AS number")
    keepers = [keeper(var_dir, name) for name in ("postgres", "redis")]
    for process in keepers:
        process.kill()
    psutil.wait_procs(keepers)

    embedded.ensure_running(var_dir)

    assert query(var_dir, "SELECT number FROM orders") == [(42,)]
    assert cache(var_dir).ping()


def test_a_process_id_that_went_to_another_program_does_not_stop_the_start(var_dir):
    embedded.ensure_running(var_dir, redis=False)
    embedded.stop(var_dir)
    record = var_dir / "postgres" / "postmaster.pid"
    record.write_text(
        f"{os.getpid()}\n{var_dir / 'postgres'}\n1700000000\n5432\n{var_dir}\n\n  1  1\nready\n"
    )
    shutil.chown(record, (var_dir / "postgres").stat().st_uid)

    embedded.ensure_running(var_dir, redis=False)

    assert query(var_dir, "SELECT 1") == [(1,)]


def test_a_first_start_that_was_interrupted_is_made_again(var_dir):
    half_made = var_dir / "postgres.new-1"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")

    embedded.ensure_running(var_dir, redis=False)

    assert query(var_dir, "SELECT 1") == [(1,)]
    assert not half_made.exists()


def test_a_path_too_long_for_a_socket_is_served_from_a_short_private_directory(var_dir):
    deep = var_dir / ("a shop with a long name, 100% real & more/" * 3)
    try:
        embedded.ensure_running(deep)
        short = embedded.Postgres(deep).socket.parent

        assert query(deep, "SELECT 1") == [(1,)]
        assert cache(deep).ping()
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        assert len(str(short)) < 60
    finally:
        embedded.stop(deep)
        for service in (embedded.Postgres(deep), embedded.Redis(deep)):
            shutil.rmtree(service.socket.parent)


def test_a_short_directory_made_by_somebody_else_is_refused(var_dir):
    deep = var_dir / ("x" * 100)
    short = embedded.Redis(deep).socket.parent
    short.symlink_to(var_dir)
    try:
        with pytest.raises(embedded.EmbeddedServiceError, match="belongs to another user"):
            embedded.ensure_running(deep, postgres=False)
    finally:
        short.unlink()


def test_a_plain_user_can_run_the_servers(var_dir):
    var_dir.chmod(0o755)
    home = var_dir / "home"
    home.mkdir()
    with user(home, as_plain_user(home)):
        owners = {file.stat().st_uid for file in (home / "postgres", home / "redis")}
        assert owners == {home.stat().st_uid}
        assert owners != {0}
    assert nothing_runs(home)


def test_a_folder_that_cannot_be_written_is_named_in_a_sentence(var_dir):
    var_dir.chmod(0o755)
    closed = var_dir / "closed"
    closed.mkdir()
    prefix = as_plain_user(closed)
    closed.chmod(0o555)

    process = start_user(closed, prefix)
    _, complaint = process.communicate()

    assert process.returncode == 1
    assert re.fullmatch(
        rf"PostgreSQL cannot use {closed}/run: Permission denied. Make that place .*\n", complaint
    )


def as_plain_user(folder: Path) -> list[str]:
    """What to put before a command so that an ordinary user, who owns ``folder``, runs it.

    We are that user, unless we are root: then it is nobody, who may read what root may, because the Python that
    runs the tests can lie in root's home.
    """
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups", *reading]


def test_files_that_are_no_database_are_left_alone(var_dir):
    (var_dir / "postgres").mkdir()
    (var_dir / "postgres" / "letter.txt").write_text("Dear reader")

    with pytest.raises(
        embedded.EmbeddedServiceError, match=r"holds files but no database\. Move it out of the way"
    ):
        embedded.ensure_running(var_dir, redis=False)

    assert (var_dir / "postgres" / "letter.txt").read_text() == "Dear reader"


def test_data_of_an_older_postgresql_are_left_alone(var_dir):
    (var_dir / "postgres").mkdir()
    (var_dir / "postgres" / "PG_VERSION").write_text("9\n")

    with pytest.raises(
        embedded.EmbeddedServiceError, match=r"written by PostgreSQL 9; the installed one is \d+"
    ):
        embedded.ensure_running(var_dir, redis=False)


def test_a_full_disk_is_called_a_full_disk(var_dir):
    service = embedded.Postgres(var_dir)
    (var_dir / "logs").mkdir()
    service.log.write_text('FATAL:  could not write lock file "postmaster.pid": No space left on device\n')

    assert service.last_words().startswith("The disk is full: free some space")
    with (
        pytest.raises(embedded.EmbeddedServiceError, match=r"No space left on device\. Free some space"),
        service.explained(),
    ):
        raise OSError(28, "No space left on device", str(var_dir))


def test_a_missing_wheel_says_how_to_get_it(var_dir, monkeypatch):
    monkeypatch.setattr(embedded.Redis, "package", "no_such_wheel")
    with pytest.raises(
        embedded.EmbeddedServiceError, match=r"package no-such-wheel is missing\. Run `make setup`"
    ):
        embedded.Redis(var_dir).command()


@pytest.mark.parametrize(
    ("base", "urls"),
    [
        ("redis://host:6379", ("redis://host:6379/0", "redis://host:6379/1", "redis://host:6379/2")),
        ("redis://host", ("redis://host/0", "redis://host/1", "redis://host/2")),
        ("rediss://u:p@host/4", ("rediss://u:p@host/4", "rediss://u:p@host/5", "rediss://u:p@host/6")),
        (
            "unix:///run/r.sock",
            (
                "redis+socket:///run/r.sock?virtual_host=0",
                "redis+socket:///run/r.sock?virtual_host=1",
                "unix:///run/r.sock?db=2",
            ),
        ),
    ],
)
def test_one_redis_url_gives_broker_results_and_cache(base, urls):
    assert embedded.redis_urls_from_base(base) == urls


def test_commands_that_need_no_data_start_no_server(var_dir):
    home = var_dir / "home"
    manage("makemigrations", "--help", VAR_DIR=str(home))
    manage("check", VAR_DIR=str(home))
    assert not (home / "run").exists()


def test_a_command_that_needs_data_finds_it_and_leaves_nothing_running(var_dir):
    shown = manage("shell", "-v0", "-c", "from django.db import connection as c; c.connect(); print(c.pg_version)",
                   VAR_DIR=str(var_dir))  # fmt: skip
    assert int(shown) >= 180000
    assert nothing_runs(var_dir)


def test_servers_of_ones_own_are_used_when_they_are_named(var_dir):
    embedded.ensure_running(var_dir)
    elsewhere = var_dir / "elsewhere"
    shown = manage("shell", "-v0", "-c", "from django.db import connection as c; c.connect(); print(c.pg_version)",
                   VAR_DIR=str(elsewhere), DATABASE_URL=embedded.database_url_for(var_dir),
                   REDIS_URL=f"unix://{embedded.Redis(var_dir).socket}")  # fmt: skip
    assert int(shown) >= 180000
    assert not (elsewhere / "run").exists()


def manage(*words: str, **variables: str) -> str:
    """What a management command prints, run as its own process."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=inherited | variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
