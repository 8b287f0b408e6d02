"""The model's files are gone: whoever must know is told, and the shop stays open."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations.answering_photos import NO_MODEL
from tests import factories
from tests.eyes import jpeg
from vision.models import ModelVersion, PhotoQuery

pytestmark = pytest.mark.django_db(transaction=True)


def test_without_its_model_the_shop_sells_photos_get_a_sentence_and_health_says_what_is_missing(
    start_worker, client
):
    product = factories.ProductFactory()
    ModelVersion.objects.create(
        name="lite", version="9", backbone="efficientnet-lite0", folder="lite/9", manifest={}, is_active=True
    )
    worker = start_worker()
    for address in (reverse("home"), product.get_absolute_url(), reverse("photo_search")):
        assert client.get(address).status_code == 200
    sent = client.post(
        reverse("photo_search"), {"photo": SimpleUploadedFile("photo.jpg", jpeg(1))}, follow=False
    )
    worker.wait_for("Task recommendations.answer_photo", "succeeded")
    assert PhotoQuery.objects.get().status == "failed"
    assert NO_MODEL in client.get(sent["Location"]).content.decode()
    health = client.get("/health/ready").json()
    assert health["status"] == "degraded"
    assert "lite/9" in health["checks"]["model"]
