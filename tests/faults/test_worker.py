"""The photo path with real programs: a worker that answers, one that is killed, a Redis that stops."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.shopper import Shopper
from catalog.models import ProductImage
from recommendations.photo_answers import RESTING, presented, start_photo_query
from shop.celery import app
from tests.eyes import jpeg, uploaded
from vision.models import ImageAnalysis, PhotoQuery

VISITOR = Shopper(visitor="v" * 32)
ANSWER = "Task recommendations.answer_photo"
LOOK = "Task vision.analyse_images"

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_real_worker_looks_at_a_product_and_answers_a_photo_of_it(start_worker):
    image = uploaded(jpeg(1))  # saving it has queued its look
    worker = start_worker()
    worker.wait_for(LOOK, "succeeded")
    image.refresh_from_db()
    assert image.state == ProductImage.State.READY
    query = start_photo_query(VISITOR, jpeg(1, 180, 240))
    worker.wait_for(ANSWER, "succeeded")
    answer = presented(PhotoQuery.objects.get(pk=query.pk))
    assert answer.status == "done"
    assert answer.products[0].exact.product == image.product


def test_a_photo_whose_worker_was_killed_is_answered_by_the_next_one(start_worker):
    worker = start_worker()
    query = start_photo_query(VISITOR, jpeg(1))
    with transaction.atomic():
        PhotoQuery.objects.select_for_update().get(pk=query.pk)  # the worker stands still where it writes
        worker.wait_for(ANSWER, "received")
        worker.kill()
    assert PhotoQuery.objects.get(pk=query.pk).status == "pending"
    PhotoQuery.objects.filter(pk=query.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    start_worker().wait_for(ANSWER, "succeeded")
    assert PhotoQuery.objects.get(pk=query.pk).status == "done"


def test_a_picture_whose_worker_was_killed_is_looked_at_by_the_next_one(start_worker):
    worker = start_worker()
    image = uploaded(jpeg(1))
    with transaction.atomic():
        ProductImage.objects.select_for_update().get(pk=image.pk)  # the worker stands still where it stores
        worker.wait_for(LOOK, "received")
        worker.kill()
    image.refresh_from_db()
    assert image.state == ProductImage.State.WAITING
    start_worker().wait_for(LOOK, "succeeded")
    image.refresh_from_db()
    assert image.state == ProductImage.State.READY
    assert ImageAnalysis.objects.active().get(image=image).source_hash == image.source_hash


def test_a_broken_photo_costs_its_shopper_a_sentence_and_the_worker_nothing(start_worker):
    worker = start_worker()
    broken = start_photo_query(VISITOR, jpeg(1)[:3000])
    worker.wait_for(ANSWER, "succeeded")
    whole = start_photo_query(VISITOR, jpeg(2))
    worker.wait_for(ANSWER, "succeeded")
    assert "damaged" in PhotoQuery.objects.get(pk=broken.pk).message
    assert PhotoQuery.objects.get(pk=whole.pk).status == "done"


def test_a_shoppers_photo_goes_before_the_pictures_of_an_import(stoppable_redis):
    uploaded(jpeg(1))  # saving them has queued their looks
    uploaded(jpeg(2))
    start_photo_query(VISITOR, jpeg(3))
    with app.connection() as connection:
        waiting = [connection.default_channel.basic_get("vision").headers["task"] for _ in range(3)]
    assert waiting == ["recommendations.answer_photo", "vision.analyse_images", "vision.analyse_images"]


def test_while_redis_is_stopped_photos_get_a_sentence_and_the_shop_stays_open(stoppable_redis, client):
    def send_a_photo():
        return client.post(reverse("photo_search"), {"photo": SimpleUploadedFile("photo.jpg", jpeg(1))})

    stoppable_redis.stop()
    assert client.get(reverse("home")).status_code == 200
    refused = send_a_photo()
    assert refused.status_code == 400
    assert str(RESTING) in refused.content.decode()
    assert not PhotoQuery.objects.exists()
    stoppable_redis.start()
    assert send_a_photo().status_code == 302
    assert PhotoQuery.objects.get().status == "pending"


def test_a_product_saved_while_redis_is_stopped_is_looked_at_later(stoppable_redis, start_worker):
    stoppable_redis.stop()
    image = uploaded(jpeg(1))
    stoppable_redis.start()
    start_worker().wait_for(LOOK, "succeeded")
    image.refresh_from_db()
    assert image.state == ProductImage.State.READY
