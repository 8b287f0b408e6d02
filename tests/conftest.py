"""The cast and the stage that all tests share."""

from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from PIL import Image
from xdist.scheduler import LoadScopeScheduling

from shop import embedded
from tests import factories

SHARED_DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
WHOLE_SHOP = ("tests/browser/", "tests/shop/test_demonstration.py")


class OneWholeShop(LoadScopeScheduling):
    """Hands out tests one by one, but those that open a whole shop together: one shop is enough for them, and two
    at once would collect the static files into the same folder.

    The groups of pytest-xdist 3.8 would say the same, but pytest 9.2 does not show it their names.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "whole shop" if nodeid.startswith(WHOLE_SHOP) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneWholeShop:
    return OneWholeShop(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, visibly, the tests that need the real photos where those are not present."""
    if SHARED_DATA.is_dir():
        return
    reason = pytest.mark.skip(reason="the real photos and logs are not beside the project (../shared/data)")
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(reason)


@pytest.fixture(scope="session", autouse=True)
def _servers():
    """The tests' own PostgreSQL and Redis, unless DATABASE_URL and REDIS_URL name others."""
    embedded.ensure_running(settings.VAR_DIR, **settings.EMBEDDED_SERVICES)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path_factory):
    """Each test writes its media, uploads and models into a folder of its own."""
    root = tmp_path_factory.mktemp("var")
    settings.MEDIA_ROOT = root / "media"
    settings.MODELS_DIR = root / "models"
    settings.STORAGES = {
        **settings.STORAGES,
        "incoming": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(root / "incoming"), "base_url": None},
        },
    }


@pytest.fixture(autouse=True)
def _clear_cache():
    """Nothing that one test has cached is there for the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def shared_data() -> Path:
    """The folder of real photos and logs."""
    return SHARED_DATA


@pytest.fixture
def shopper(db):
    """A shopper with an account."""
    return factories.UserFactory(email="ada@example.com")


@pytest.fixture
def stranger(db):
    """Another shopper, who must never see the first one's things."""
    return factories.UserFactory(email="eve@example.com")


@pytest.fixture
def curator(db):
    """A member of staff who may do everything in the admin."""
    return factories.UserFactory(email="curator@example.com", is_staff=True, is_superuser=True)


@pytest.fixture
def eyes(settings, tmp_path, monkeypatch):
    """A shipped model that sees a T-shirt in everything; its embedding is the picture in a few grey values."""
    from tests.eyes import FakeClassifier, write_model  # OpenCV and the runtime, for the tests that look

    settings.SHIPPED_MODEL_DIR = write_model(tmp_path / "shipped")
    classifier = FakeClassifier()
    monkeypatch.setattr("vision.looking.Classifier.load", lambda folder: classifier)
    return classifier


@pytest.fixture
def picture() -> np.ndarray:
    """A small picture with something to see: (120, 90, 3) uint8."""
    return make_picture(1)


def make_picture(seed: int, width: int = 90, height: int = 120) -> np.ndarray:
    """A picture of coloured blocks that differs from seed to seed; (height, width, 3) uint8."""
    blocks = np.random.default_rng(seed).integers(0, 255, (8, 6, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(blocks).resize((width, height), Image.Resampling.BICUBIC))
