"""Pictures of strangers, from a worker's side."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from shop.reviews.models import ReviewPhoto
from shop.reviews.moderating import StillPreparing, publish
from shop.reviews.photos import render_photos
from shop.reviews.tasks import catch_up
from tests.shop.reviews.conftest import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(dress):
    review = published(dress)
    review.status = "waiting"
    review.save()
    return review


def sent(review, data: bytes) -> ReviewPhoto:
    photo = ReviewPhoto(review=review)
    photo.upload.save("me.jpg", ContentFile(data))
    return photo


def jpeg_with_place() -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (300, 400), "#aa3322").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def test_a_picture_is_encoded_anew_without_what_the_camera_noted(review, django_capture_on_commit_callbacks):
    photo = sent(review, jpeg_with_place())
    name = photo.upload.name
    with django_capture_on_commit_callbacks(execute=True):
        render_photos(review.pk)
    photo.refresh_from_db()
    review.refresh_from_db()
    assert (photo.state, photo.upload.name, review.n_photos) == ("ready", "", 1)
    assert not ReviewPhoto().upload.storage.exists(name)
    for width in photo.widths:
        data = default_storage.open(photo.rendition_name(width)).read()
        assert b"taken at home" not in data
        assert Image.open(io.BytesIO(data)).format == "WEBP"


def test_the_address_of_a_picture_does_not_follow_from_the_file(review):
    for _ in range(2):
        sent(review, jpeg_with_place())
    render_photos(review.pk)
    first, second = ReviewPhoto.objects.all()
    assert first.source_hash == second.source_hash
    assert first.stem.rpartition("-")[2] != second.stem.rpartition("-")[2]


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0 nonsense", b""])
def test_what_is_no_picture_is_noted_and_its_file_goes(data, review, django_capture_on_commit_callbacks):
    photo = sent(review, data)
    name = photo.upload.name
    with django_capture_on_commit_callbacks(execute=True):
        render_photos(review.pk)
    photo.refresh_from_db()
    assert photo.state == "broken"
    assert photo.error
    assert not ReviewPhoto().upload.storage.exists(name)


def test_nothing_is_published_while_its_pictures_are_on_their_way(review):
    sent(review, jpeg_with_place())
    with pytest.raises(StillPreparing):
        publish(review)
    render_photos(review.pk)
    assert publish(review)


def test_a_published_picture_is_on_the_page(review, dress, page_of):
    photo = sent(review, jpeg_with_place())
    render_photos(review.pk)
    publish(review)
    photo.refresh_from_db()
    assert photo.url in page_of(dress.get_absolute_url())


def test_the_files_go_with_the_review(review, django_capture_on_commit_callbacks):
    photo = sent(review, jpeg_with_place())
    render_photos(review.pk)
    photo.refresh_from_db()
    assert default_storage.exists(photo.rendition_name(photo.widths[0]))
    with django_capture_on_commit_callbacks(execute=True):
        review.delete()
    assert not default_storage.exists(photo.rendition_name(photo.widths[0]))


def test_a_picture_whose_task_was_lost_is_found_again(
    review, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr("shop.reviews.tasks.render_photos.delay", queued.append)
    photo = sent(review, jpeg_with_place())
    with django_capture_on_commit_callbacks(execute=True):
        catch_up()
    assert queued == []  # its own task may still be on its way
    ReviewPhoto.objects.filter(pk=photo.pk).update(created_at="2026-01-01T00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        catch_up()
    assert queued == [review.pk]
