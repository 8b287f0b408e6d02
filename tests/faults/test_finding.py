"""From a saved picture to being found, and to being gone again, with a real worker in between."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings as django_settings

from tests.eyes import jpeg, uploaded
from vision import registry
from vision.models import ImageAnalysis, ModelVersion
from vision.search import similar_to_embedding
from vision.tasks import reanalyse

LOOK = "Task vision.analyse_images"

pytestmark = pytest.mark.django_db(transaction=True)


def found_like(analysis: ImageAnalysis, version: ModelVersion) -> list[int]:
    """The products that a photo would find of which ``version`` sees what it saw in this picture."""
    vectors = (np.asarray(vector, np.float32) for vector in (analysis.embedding, analysis.colour_histogram))
    return [match.product_id for match in similar_to_embedding(*vectors, version=version)]


def test_a_saved_product_is_found_by_its_picture_and_a_deleted_one_in_no_query_more(start_worker):
    worker = start_worker()
    shirt, bag = uploaded(jpeg(1)), uploaded(jpeg(2))
    for _ in (shirt, bag):
        worker.wait_for(LOOK, "succeeded")
    analysis = ImageAnalysis.objects.active().get(image=shirt)
    assert found_like(analysis, analysis.model) == [shirt.product_id, bag.product_id]

    shirt.product.delete()

    assert found_like(analysis, analysis.model) == [bag.product_id]


def another_model(folder: Path) -> ModelVersion:
    """The shipped model under another number."""
    shutil.copytree(django_settings.SHIPPED_MODEL_DIR, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "version": "next"}))
    return registry.register(folder)


def test_while_a_new_model_looks_at_the_catalogue_the_old_one_answers(start_worker, tmp_path):
    image = uploaded(jpeg(1))
    worker = start_worker()
    worker.wait_for(LOOK, "succeeded")
    old, new = registry.model_in_use(), another_model(tmp_path / "next")
    seen_by_old = ImageAnalysis.objects.get(image=image, model=old)

    assert not registry.activate(new)  # it has seen nothing yet
    assert registry.model_in_use() == old
    assert found_like(seen_by_old, old) == [image.product_id]
    assert found_like(seen_by_old, new) == []

    reanalyse.delay()
    worker.wait_for(LOOK, "succeeded")
    assert registry.model_in_use() == new
    assert found_like(ImageAnalysis.objects.get(image=image, model=new), new) == [image.product_id]
    assert found_like(seen_by_old, old) == [image.product_id]  # to go back to it leaves nothing out
