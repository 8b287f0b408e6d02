"""Model versions: register, activate, roll back.

A version that is activated takes over once it has seen every picture; until then it is *wanted*, the worker looks at
the catalogue with it (``vision.reanalyse``), and the version in use goes on answering. The version before keeps looking
at new pictures too, so that going back to it leaves none out.

Nothing here runs a model, so the web process may ask. A registered model is a copy of its folder below ``MODELS_DIR``:
rolling back works after the folder it came from has changed or is gone.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from catalog.models import ProductImage
from vision.indexing import create_index, drop_index
from vision.model_files import ModelError, read_manifest
from vision.models import EMBEDDING_SIZE, ImageAnalysis, ModelVersion

# Flatbuffers, tensors, words and pictures: nothing that a loader would run.
COPIED_SUFFIXES = {".tflite", ".safetensors", ".json", ".md", ".png"}


def register(folder: Path) -> ModelVersion:
    """Verify the model in ``folder``, keep a copy of its files and note it, not active yet.

    A version that is known already is returned as it is, with its files put back where they were lost.

    Raises:
        ModelError: with a sentence, when files are missing or changed, or when the model does not fit the shop.
    """
    manifest = read_manifest(folder)
    name, number = manifest["name"], manifest["version"]
    if manifest.get("embedding_size") != EMBEDDING_SIZE:
        raise ModelError(
            f"{name} {number} describes a picture with {manifest.get('embedding_size', 'no')} numbers; "
            f"the shop's index holds {EMBEDDING_SIZE}. Train with an embedding of that size."
        )
    version, _ = ModelVersion.objects.get_or_create(
        name=name,
        version=number,
        defaults={
            "backbone": manifest.get("backbone", ""),
            "folder": f"{name}/{number}",
            "manifest": manifest,
        },
    )
    if version.manifest != manifest:
        raise ModelError(
            f"{version} is registered already, with other files. Give the new model a version of its own."
        )
    if model_problem_of(version):
        _copy(folder, folder_of(version), manifest)
    return version


def register_shipped() -> ModelVersion:
    """Register the model that comes with the project.

    Raises:
        ModelError: when it is missing or has been changed.
    """
    return register(settings.SHIPPED_MODEL_DIR)


@transaction.atomic
def activate(version: ModelVersion) -> bool:
    """Make ``version`` the one that searches and labels come from; returns whether it is in use now.

    That is at once when it has seen every picture, or when no version is in use. Else it is wanted: the version in use
    goes on until ``switch_when_ready`` finds that nothing is missing. Another version that was wanted no longer is;
    activating the version in use only says that.

    Raises:
        ModelError: when its files are missing or have been changed.
    """
    if problem := model_problem_of(version):
        raise ModelError(problem)
    _lock_versions()
    create_index(version)
    active = active_model()
    if active in (None, version) or not unseen_by(version).exists():
        _switch_to(version)
        return True
    ModelVersion.objects.exclude(pk=version.pk).update(wanted_since=None)
    version.wanted_since = timezone.now()
    version.save(update_fields=["wanted_since"])
    return False


def switch_when_ready() -> ModelVersion | None:
    """Put the wanted version in use if it has seen every picture; returns it if so."""
    wanted = wanted_model()
    if wanted is None or unseen_by(wanted).exists():
        return None
    with transaction.atomic():
        _lock_versions()
        wanted = wanted_model()
        if wanted is None or unseen_by(wanted).exists():  # somebody was faster, or changed their mind
            return None
        _switch_to(wanted)
    return wanted


def _switch_to(version: ModelVersion) -> None:
    ModelVersion.objects.exclude(pk=version.pk).update(is_active=False, wanted_since=None)
    if not version.is_active:
        version.activated_at = timezone.now()
    version.is_active = True
    version.wanted_since = None
    version.save(update_fields=["is_active", "activated_at", "wanted_since"])


def roll_back() -> ModelVersion:
    """Activate the version that was active before the present one, and return it.

    Raises:
        ModelError: when there was none before.
    """
    before = version_before()
    if before is None:
        raise ModelError("No other model has been active before. Register one and activate it instead.")
    activate(before)
    return before


def active_model() -> ModelVersion | None:
    """The version in use, or None while none is."""
    return ModelVersion.objects.filter(is_active=True).first()


def wanted_model() -> ModelVersion | None:
    """The version that takes over as soon as it has seen every picture, or None."""
    return ModelVersion.objects.filter(wanted_since__isnull=False).first()


def version_before() -> ModelVersion | None:
    """The version that was active before the present one, or None."""
    return (
        ModelVersion.objects.filter(is_active=False, activated_at__isnull=False)
        .order_by("-activated_at")
        .first()
    )


def versions_at_work() -> list[ModelVersion]:
    """The versions that look at every picture: the one in use, the wanted one, the one before; each once.

    Raises:
        ModelError: when no version is active and the shipped one cannot be used.
    """
    versions = [model_in_use(), wanted_model(), version_before()]
    return list(dict.fromkeys(version for version in versions if version is not None))


def unseen_by(version: ModelVersion) -> QuerySet[ProductImage]:
    """The pictures that the shop shows and ``version`` has not seen as they are now."""
    seen = ImageAnalysis.objects.filter(
        image=OuterRef("pk"), model=version, source_hash=OuterRef("source_hash")
    )
    return ProductImage.objects.filter(~Exists(seen), state=ProductImage.State.READY)


def progress_of(version: ModelVersion) -> tuple[int, int]:
    """How many pictures ``version`` has seen, and how many there are."""
    n = ProductImage.objects.filter(state=ProductImage.State.READY).count()
    return n - unseen_by(version).count(), n


@transaction.atomic
def forget_superseded() -> int:
    """Drop what versions saw that are neither at work nor wanted: those two switches old. Returns how many rows."""
    _lock_versions()
    kept = [
        version.pk for version in (active_model(), wanted_model(), version_before()) if version is not None
    ]
    superseded = list(ModelVersion.objects.exclude(pk__in=kept))
    n, _ = ImageAnalysis.objects.filter(model__in=superseded).delete()
    for version in superseded:
        drop_index(version)  # last, since it keeps readers out until the end of the transaction
    return n


def model_in_use() -> ModelVersion:
    """The active version; on a fresh installation the shipped one, which becomes active by this.

    Raises:
        ModelError: when no version is active and the shipped one cannot be used.
    """
    if version := active_model():
        return version
    with transaction.atomic():
        _lock_versions()
        if version := active_model():  # another worker was faster
            return version
        version = register_shipped()
        activate(version)
        return version


def folder_of(version: ModelVersion) -> Path:
    """Where the files of ``version`` lie on this machine."""
    return Path(settings.MODELS_DIR) / version.folder


def model_problem_of(version: ModelVersion) -> str:
    """A sentence when the files of ``version`` are missing or changed, else ""."""
    try:
        manifest = read_manifest(folder_of(version))
    except ModelError as error:
        return str(error)
    if manifest != version.manifest:
        return f"{folder_of(version)} holds another model than {version}. Register {version} again from its own folder."
    return ""


def model_problem() -> str:
    """A sentence when no picture can be looked at, else "". The shipped model counts while none is active."""
    if version := active_model():
        return model_problem_of(version)
    return shipped_model_problem()


def model_ready() -> bool:
    """Whether there is a model that can look at pictures."""
    return not model_problem()


def shipped_model_problem() -> str:
    """A sentence when the model that comes with the project is missing or changed, else ""."""
    try:
        read_manifest(settings.SHIPPED_MODEL_DIR)
    except ModelError as error:
        return str(error)
    return ""


def _copy(source: Path, target: Path, manifest: dict[str, Any]) -> None:
    """Copy beside the target first and rename, so that a half copied model is never found."""
    target.parent.mkdir(parents=True, exist_ok=True)
    workplace = Path(tempfile.mkdtemp(prefix=".copying-", dir=target.parent))
    try:
        for file in source.iterdir():
            if file.is_file() and not file.is_symlink() and file.suffix in COPIED_SUFFIXES:
                shutil.copyfile(file, workplace / file.name)
        workplace.chmod(0o755)  # mkdtemp gives 0700; the web server's account may read it too
        if read_manifest(workplace) != manifest:
            raise ModelError(f"{source} was changed while it was being copied. Register it again.")
        if target.exists():
            shutil.rmtree(target)
        os.replace(workplace, target)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _lock_versions() -> None:
    """Let one process at a time change which version is active; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('vision.registry'))")
