import numpy as np
import pytest
from django.conf import settings

from tests.vision.tiny_photos import catalogue
from vision.datasets import Dataset, read_dataset
from vision.evaluation.finding_again import changed_pictures, find_again
from vision.evaluation.seeing import see
from vision.inference import Classifier


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return read_dataset(catalogue(tmp_path_factory.mktemp("shop"), each=3))


def test_untouched_pictures_find_themselves_and_are_proven(shop: Dataset) -> None:
    classifier = Classifier.load(settings.SHIPPED_MODEL_DIR)
    gallery = see(shop, classifier, _quiet, {})

    found = find_again(shop, gallery, "untouched", classifier, _quiet, seed=1)

    assert found.right.all()
    assert found.proven.all()
    assert found.figures()["wrongly_proven"] == 0


def test_the_same_seed_changes_pictures_in_the_same_way(shop: Dataset) -> None:
    once, again, other = (changed_pictures(shop, "heavy", seed).pictures[0].read() for seed in (1, 1, 2))

    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def _quiet(things, title):  # type: ignore[no-untyped-def]
    return things
