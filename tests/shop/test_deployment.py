"""The files that put the shop into containers name things that exist."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from shop.celery import app

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_there_is_a_server_a_web_process_workers_and_beat_each_with_a_health_check(services):
    assert set(services) == {"database", "redis", "migrate", "web", "worker-vision", "worker", "beat"}
    assert all("healthcheck" in service for name, service in services.items() if name != "migrate")


def test_every_process_of_the_shop_waits_for_the_migrations(services):
    for name in ("web", "worker-vision", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_workers_serve_every_queue_that_a_task_is_sent_to(services):
    served = {
        queue
        for name in ("worker-vision", "worker")
        for queue in services[name]["command"][services[name]["command"].index("-Q") + 1].split(",")
    }
    sent = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {app.conf.task_default_queue}
    assert served == sent


def test_the_commands_exist(services):
    assert services["migrate"]["command"][:2] == ["python", "manage.py"]
    assert services["migrate"]["command"][2] in get_commands()
    for name in ("worker-vision", "worker", "beat"):
        assert services[name]["command"][:3] == ["celery", "-A", "shop"]
    assert services["web"]["command"] == ["gunicorn", "shop.wsgi"]
    assert (ROOT / "gunicorn.conf.py").exists()


def test_every_variable_of_the_containers_is_read_somewhere(services):
    read = "".join((ROOT / file).read_text() for file in ("shop/settings.py", "gunicorn.conf.py"))
    for name in services["web"]["environment"]:
        assert re.search(rf'"{name}"', read) or name == "OMP_NUM_THREADS", (
            f"{name} is set, and nothing reads it"
        )


def test_no_secret_is_written_down(services):
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if any(word in name for word in ("SECRET", "PASSWORD")):
                assert re.fullmatch(r"\$\{\w+:\?.+\}", value), f"{name} must come from the environment"


def test_redis_keeps_tasks_and_never_evicts_them(services):
    command = shlex.join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_the_image_runs_as_a_plain_user_and_copies_only_what_exists():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["shop"]
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            source = line.split()[1]
            assert (ROOT / source).exists()


def test_the_pinned_requirements_name_no_address():
    for file in ROOT.glob("requirements*.txt"):
        text = file.read_text()
        assert "://" not in text
        assert not re.search(r"^--|(?<![\w.-])/\w", text, re.MULTILINE), (
            f"{file.name} names a path or an option"
        )


def test_the_table_of_variables_is_complete_and_true():
    table = (ROOT / "docs" / "operations.md").read_text().split("## Environment")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}

    settings_text = (ROOT / "shop" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings_text))
    read |= set(re.findall(r'_read\(\s*(?:env\.\w+|lambda [^"]*),\s*"([A-Z_]+)"', settings_text))
    read |= set(re.findall(r'environ\.get\("([A-Z_]+)"', (ROOT / "gunicorn.conf.py").read_text()))
    # The one that pytest-xdist sets for the tests.
    assert documented == read - {"PYTEST_XDIST_WORKER"}
