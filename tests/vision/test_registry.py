"""Model versions: what is registered stays usable, what was changed is refused."""

import json

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from tests.eyes import write_model
from vision import registry
from vision.model_files import ModelError
from vision.models import ModelVersion

pytestmark = pytest.mark.django_db


def test_a_registered_model_outlives_the_folder_it_came_from(tmp_path):
    folder = write_model(tmp_path / "trained")
    version = registry.register(folder)
    (folder / "model.tflite").unlink()
    assert registry.model_problem_of(version) == ""
    assert (registry.folder_of(version) / "model.tflite").read_bytes() == b"graph"


def test_registering_twice_gives_the_same_version(tmp_path):
    folder = write_model(tmp_path / "trained")
    assert registry.register(folder) == registry.register(folder)
    assert ModelVersion.objects.count() == 1


def test_registering_again_brings_lost_files_back(tmp_path):
    folder = write_model(tmp_path / "trained")
    version = registry.register(folder)
    (registry.folder_of(version) / "labels.json").unlink()
    assert "labels.json is missing" in registry.model_problem_of(version)
    registry.register(folder)
    assert registry.model_problem_of(version) == ""


def test_another_model_under_a_known_version_is_refused(tmp_path):
    registry.register(write_model(tmp_path / "one"))
    with pytest.raises(ModelError, match="a version of its own"):
        registry.register(write_model(tmp_path / "two", graph=b"another graph"))


def test_a_changed_file_is_refused(tmp_path):
    folder = write_model(tmp_path / "trained")
    (folder / "model.tflite").write_bytes(b"something else")
    with pytest.raises(ModelError, match="not the file its manifest names"):
        registry.register(folder)
    assert not ModelVersion.objects.exists()


def test_a_model_whose_embedding_does_not_fit_the_index_is_refused(tmp_path):
    with pytest.raises(ModelError, match="the shop's index holds 128"):
        registry.register(write_model(tmp_path / "trained", embedding_size=1024))


@pytest.mark.parametrize("name", ["../../etc", "a/b", ""])
def test_a_name_that_is_a_path_is_refused(tmp_path, name):
    folder = write_model(tmp_path / "trained")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"name": name}))
    with pytest.raises(ModelError, match="must be letters, digits"):
        registry.register(folder)


def test_only_data_is_copied_never_code(tmp_path):
    folder = write_model(tmp_path / "trained")
    (folder / "setup.py").write_text("raise SystemExit")
    (folder / "weights.pkl").write_bytes(b"\x80\x04.")
    version = registry.register(folder)
    copied = {file.name for file in registry.folder_of(version).iterdir()}
    assert copied == {"model.tflite", "labels.json", "manifest.json"}


def test_activating_a_version_retires_the_one_before_and_rolling_back_returns_to_it(tmp_path):
    first = registry.register(write_model(tmp_path / "one", version="1"))
    second = registry.register(write_model(tmp_path / "two", version="2"))
    registry.activate(first)
    registry.activate(second)
    assert registry.active_model() == second
    assert ModelVersion.objects.filter(is_active=True).count() == 1
    assert registry.roll_back() == first
    assert registry.active_model() == first


def test_there_is_nothing_to_roll_back_to_at_first(tmp_path):
    registry.activate(registry.register(write_model(tmp_path / "one")))
    with pytest.raises(ModelError, match="No other model has been active"):
        registry.roll_back()


def test_a_damaged_version_cannot_be_activated(tmp_path):
    version = registry.register(write_model(tmp_path / "one"))
    (registry.folder_of(version) / "model.tflite").write_bytes(b"overwritten")
    with pytest.raises(ModelError, match="not the file its manifest names"):
        registry.activate(version)
    assert registry.active_model() is None


def test_a_fresh_shop_uses_the_shipped_model(settings, tmp_path):
    settings.SHIPPED_MODEL_DIR = write_model(tmp_path / "shipped")
    assert registry.model_ready()
    version = registry.model_in_use()
    assert version.is_active
    assert version == registry.model_in_use()


def test_a_missing_model_is_told_in_a_sentence_at_the_start_and_to_the_operator(settings, tmp_path):
    settings.SHIPPED_MODEL_DIR = tmp_path / "nothing"
    assert not registry.model_ready()
    assert "manifest.json is missing" in registry.model_problem()
    warnings = [message for message in run_checks() if message.id == "vision.W001"]
    assert "manifest.json is missing" in warnings[0].msg
    with pytest.raises(ModelError, match=r"manifest\.json is missing"):
        registry.model_in_use()


def test_a_whole_model_gives_no_warning_at_the_start(settings, tmp_path):
    settings.SHIPPED_MODEL_DIR = write_model(tmp_path / "shipped")
    assert [message for message in run_checks() if message.id == "vision.W001"] == []


def test_the_command_registers_activates_and_rolls_back(tmp_path, capsys):
    call_command("register_model", str(write_model(tmp_path / "one")), "--activate")
    call_command(
        "register_model", str(write_model(tmp_path / "two", version="2")), "--activate", "--json", "-"
    )
    assert json.loads(capsys.readouterr().out) == {
        "name": "lite",
        "version": "2",
        "active": True,
        "preparing": False,
    }
    call_command("register_model", "--roll-back")
    assert registry.active_model().version == "1"


def test_the_command_wants_exactly_one_model(tmp_path):
    with pytest.raises(CommandError) as wrong:
        call_command("register_model")
    assert wrong.value.returncode == 2
    with pytest.raises(CommandError, match="no model"):
        call_command("register_model", str(tmp_path / "nowhere"))
