"""What a curator sees of the network, and does with its versions."""

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from tests.eyes import write_model
from tests.recommendations.seen import seen_product
from vision import registry
from vision.models import ImageAnalysis, ModelVersion

VERSIONS = "/admin/vision/modelversion/"


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def queue(monkeypatch) -> list[str]:
    """What was left to the workers, instead of a worker."""
    queued: list[str] = []
    monkeypatch.setattr("vision.tasks.reanalyse.delay", lambda: queued.append("reanalyse"))
    monkeypatch.setattr(
        "vision.tasks.analyse_images.delay", lambda ids, again=False: queued.append(f"look at {ids}, {again}")
    )
    return queued


@pytest.fixture
def old_and_new(tmp_path) -> tuple[ModelVersion, ModelVersion]:
    """Two versions; the old one is in use."""
    old = registry.register(write_model(tmp_path / "old", version="1"))
    new = registry.register(write_model(tmp_path / "new", version="2"))
    registry.activate(old)
    return old, new


def test_a_products_page_tells_what_the_network_saw(desk, db):
    product = seen_product(1)
    ImageAnalysis.objects.update(
        labels=[{"label": "Tshirts", "kind": "type", "probability": 0.884}], colours=[["#24406b", 0.61]]
    )
    page = desk.get(f"/admin/catalog/product/{product.pk}/change/").content.decode()
    for expected in ("T-shirt", "88 %", "#24406b", "61 %", "Seen by fake 1"):
        assert expected in page
    assert "T-shirt 88%" in desk.get("/admin/catalog/product/").content.decode()


def test_a_picture_can_be_looked_at_again(desk, queue, db):
    product = seen_product(1)
    ticked = {"action": "analyse_again", "_selected_action": [product.pk]}
    page = desk.post("/admin/catalog/product/", ticked, follow=True).content.decode()
    assert queue == [f"look at {[product.images.get().pk]}, True"]
    assert "The worker looks at 1 picture again." in page


def test_without_a_queue_the_page_says_so(desk, monkeypatch, db):
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("Redis is away")

    monkeypatch.setattr("vision.tasks.analyse_images.delay", away)
    ticked = {"action": "analyse_again", "_selected_action": [seen_product(1).pk]}
    page = desk.post("/admin/catalog/product/", ticked, follow=True).content.decode()
    assert "The queue does not answer" in page


def test_a_version_is_put_in_use_and_all_pictures_are_looked_at_again(
    desk, queue, old_and_new, django_capture_on_commit_callbacks
):
    _, new = old_and_new
    assert "Put lite 2 in use" in desk.get(f"{VERSIONS}{new.pk}/change/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{VERSIONS}{new.pk}/activate/")
    assert registry.active_model() == new
    assert queue == ["reanalyse"]


def test_going_back_puts_the_version_before_in_use(desk, queue, old_and_new):
    old, new = old_and_new
    registry.activate(new)
    page = desk.post(f"{VERSIONS}roll-back/", follow=True).content.decode()
    assert registry.active_model() == old
    assert "lite 1 is in use" in page


def test_with_nothing_to_go_back_to_a_sentence_says_so(desk, queue, old_and_new):
    page = desk.post(f"{VERSIONS}roll-back/", follow=True).content.decode()
    assert "No other model has been active before." in page


def test_a_version_whose_files_are_gone_is_not_put_in_use(desk, queue, old_and_new):
    old, new = old_and_new
    (registry.folder_of(new) / "model.tflite").unlink()
    page = desk.post(f"{VERSIONS}{new.pk}/activate/", follow=True).content.decode()
    assert "model.tflite is missing" in page
    assert registry.active_model() == old
    assert "Files missing" in desk.get(VERSIONS).content.decode()


def test_the_list_tells_how_good_each_version_is(desk, old_and_new):
    ModelVersion.objects.update(
        manifest={"metrics": {"type": {"accuracy": 0.8463, "images": 1067}}, "train_images": 4391}
    )
    page = desk.get(VERSIONS).content.decode()
    assert "type 84.6%" in page
    assert "4,391 pictures" in page


def test_versions_are_neither_made_nor_deleted_here(desk, old_and_new):
    old, _ = old_and_new
    assert desk.get(f"{VERSIONS}add/").status_code == 403
    assert desk.post(f"{VERSIONS}{old.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_link_switches_nothing(desk, old_and_new):
    _, new = old_and_new
    assert desk.get(f"{VERSIONS}{new.pk}/activate/").status_code == 405
    assert desk.get(f"{VERSIONS}roll-back/").status_code == 405
    assert registry.active_model() != new


def test_shoppers_photos_are_nobodys_business(desk):
    assert desk.get("/admin/vision/photoquery/").status_code == 404
