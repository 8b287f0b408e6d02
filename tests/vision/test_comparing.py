"""A candidate is held against the model in use before it is put in use."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from catalog.images import RGB
from catalog.models import ProductImage
from catalog.renditions import delete_files, write_renditions
from tests.eyes import write_model
from tests.factories import ProductFactory
from vision import registry, tasks
from vision.comparing import labelled_pictures
from vision.inference import Label, Prediction
from vision.models import LabelCorrection, ModelComparison

PAINT = {"Red": (200, 20, 20), "Blue": (20, 20, 200)}
COLOURS = {"colour": ["Blue", "Red"]}
VERSIONS = "/admin/vision/modelversion/"


class Eye:
    """Sees the colour of a picture, or always the same one; notes how many pictures it was shown."""

    def __init__(self, always: str = "") -> None:
        self.always = always
        self.n_shown = 0

    def predict(self, images: Sequence[RGB]) -> list[Prediction]:
        self.n_shown += len(images)
        return [self._look(image) for image in images]

    def _look(self, image: RGB) -> Prediction:
        colour = self.always or ("Red" if image[..., 0].mean() > image[..., 2].mean() else "Blue")
        embedding = np.zeros(128, np.float32)
        embedding[0 if colour == "Red" else 1] = 1
        return Prediction((Label(colour, "colour", 0.8),), embedding)


@pytest.fixture
def models(tmp_path, monkeypatch, db):
    """The model in use sees blue in everything; the candidate sees what is there."""
    old = registry.register(write_model(tmp_path / "old", version="1", kinds=COLOURS))
    new = registry.register(write_model(tmp_path / "new", version="2", kinds=COLOURS))
    registry.activate(old)
    eyes = {old: Eye(always="Blue"), new: Eye()}
    monkeypatch.setattr("vision.comparing.classifier_of", eyes.__getitem__)
    return old, new, eyes


def painted(colour: str, stated: str | None = None) -> ProductImage:
    """The picture of a product, painted in ``colour``; the catalogue states it, or what is ``stated``."""
    product = ProductFactory(pictures=0, article_type="Tshirts", colour=colour if stated is None else stated)
    image = ProductImage.objects.create(product=product)
    write_renditions(image, np.full((240, 180, 3), PAINT[colour], np.uint8), f"{image.pk:064x}")
    return image


@pytest.fixture
def queue(monkeypatch) -> list[int]:
    """The comparisons that wait for a worker."""
    queued: list[int] = []
    monkeypatch.setattr("vision.tasks.compare_models.delay", queued.append)
    return queued


@pytest.fixture
def worker(queue) -> Callable[[], None]:
    """Does all that is queued."""

    def work() -> None:
        while queue:
            tasks.compare_models(queue.pop(0))

    return work


@pytest.fixture
def compare(models, queue, worker) -> Callable[[], ModelComparison]:
    """Compares the candidate with the model in use, and returns when it is done."""

    def run() -> ModelComparison:
        old, new, _ = models
        comparison = ModelComparison.objects.create(candidate=new, baseline=old)
        queue.append(comparison.pk)
        worker()
        comparison.refresh_from_db()
        return comparison

    return run


def test_the_model_that_sees_what_is_there_wins(models, compare):
    for colour in ("Red", "Red", "Red", "Blue"):
        painted(colour)
    comparison = compare()
    assert comparison.status == "done"
    assert (comparison.n_pictures, comparison.n_done) == (4, 4)
    figures = comparison.figures["kinds"]["colour"]
    assert (figures["baseline"], figures["candidate"]) == (0.25, 1.0)
    assert (figures["only_baseline"], figures["only_candidate"]) == (0, 3)
    assert figures["low"] < figures["gain"] < figures["high"]


def test_families_are_compared_though_neither_model_names_them(models, compare):
    painted("Red", stated="Maroon")
    assert compare().figures["kinds"]["family"]["candidate"] == 1
    assert "colour" not in ModelComparison.objects.get().figures["kinds"]  # neither has learnt Maroon


def test_kinds_that_no_model_answers_are_left_out(models, compare):
    painted("Red")
    assert set(compare().figures["kinds"]) == {"colour", "family"}


def test_what_a_curator_said_is_the_truth(models, compare, curator):
    image = painted("Red", stated="Blue")
    LabelCorrection.objects.create(image=image, kind="colour", label="Red", by=curator)
    assert compare().figures["kinds"]["colour"]["candidate"] == 1


def test_only_pictures_of_which_something_is_known_are_asked_about(models):
    known = painted("Red")
    unknown = painted("Red", stated="")
    unknown.product.article_type = ""
    unknown.product.save()
    assert list(labelled_pictures()) == [known]


def test_one_picture_of_each_product_is_asked_about_and_every_corrected_one(models):
    product = ProductFactory(pictures=3)
    first, _, third = product.images.all()
    assert list(labelled_pictures()) == [first]
    LabelCorrection.objects.create(image=third, kind="colour", label="Red")
    assert list(labelled_pictures()) == [first, third]


def test_a_large_shop_is_sampled_the_same_way_each_time(models, compare, monkeypatch):
    monkeypatch.setattr("vision.comparing.SAMPLE", 2)
    corrected = painted("Red")
    LabelCorrection.objects.create(image=corrected, kind="colour", label="Red")
    for _ in range(5):
        painted("Blue")
    first, second = ({row.image_id for row in compare().pictures.all()} for _ in range(2))
    assert first == second
    assert corrected.pk in first
    assert len(first) == 3


def test_a_stopped_comparison_goes_on_where_it_was(models, queue, worker, monkeypatch):
    monkeypatch.setattr("vision.comparing.BLOCK", 2)
    monkeypatch.setattr("vision.tasks.analyse_waiting_pictures.delay", lambda: None)
    old, new, eyes = models
    for _ in range(4):
        painted("Red")
    comparison = ModelComparison.objects.create(candidate=new, baseline=old)
    queue.append(comparison.pk)
    honest = eyes[new].predict

    def stops(images: Sequence[RGB]) -> list[Prediction]:
        if eyes[new].n_shown:
            raise SystemExit("the worker is stopped")
        return honest(images)

    monkeypatch.setattr(eyes[new], "predict", stops)
    with pytest.raises(SystemExit):
        worker()
    assert comparison.pictures.filter(is_waiting=True).count() == 2
    monkeypatch.setattr(eyes[new], "predict", honest)
    tasks.catch_up(sender=None)  # another worker starts
    worker()
    comparison.refresh_from_db()
    assert (comparison.status, comparison.n_done, eyes[new].n_shown) == ("done", 4, 4)


def test_a_finished_comparison_is_not_done_again(models, compare):
    painted("Red")
    comparison = compare()
    shown = models[2][models[1]].n_shown
    tasks.compare_models(comparison.pk)
    assert models[2][models[1]].n_shown == shown


def test_a_picture_whose_file_is_gone_is_left_out(models, compare):
    painted("Red")
    delete_files(painted("Blue"))
    comparison = compare()
    assert comparison.status == "done"
    assert comparison.figures["kinds"]["colour"]["n"] == 1


def test_without_any_known_picture_it_says_what_to_do(models, compare):
    comparison = compare()
    assert comparison.status == "failed"
    assert "Fill them in on some products" in comparison.message


def test_models_that_see_alike_share_their_neighbours(models, compare):
    old, _, eyes = models
    eyes[old].always = ""
    for colour in ("Red", "Red", "Blue", "Blue"):
        painted(colour)
    neighbours = compare().figures["neighbours"]
    assert neighbours["agreement"] == 1
    assert neighbours["candidate_same_type"] == 1  # all are T-shirts


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


def test_a_comparison_is_started_watched_and_read(desk, worker, models):
    red = painted("Red")
    painted("Blue")
    _, new, _ = models
    page = f"{VERSIONS}{new.pk}/compare/"
    assert "Compare with lite 1" in desk.get(page).content.decode()
    assert "Waiting for a worker" in desk.post(page, follow=True).content.decode()
    assert "HX-Refresh" not in desk.get(f"{page}progress/")
    worker()
    assert desk.get(f"{page}progress/")["HX-Refresh"] == "true"

    read = desk.get(page).content.decode()
    for expected in (
        "Exact colour",
        "50.0 %",
        "100.0 %",
        "+50.0",
        "No certain difference on 2 pictures",
        "Use this model",
    ):
        assert expected in read
    assert f"/picture/{red.pk}/" in read
    assert read.count('<li class="doubt">') == 1
    assert "No such picture." in desk.get(f"{page}?side=baseline").content.decode()
    assert desk.get(f"{page}?side=all&kind=colour").content.decode().count('<li class="doubt">') == 1


def test_a_model_that_is_to_be_used_tells_how_far_it_is(desk, models, monkeypatch):
    monkeypatch.setattr("vision.tasks.reanalyse.delay", lambda: None)
    painted("Red")
    _, new, _ = models
    desk.post(f"{VERSIONS}{new.pk}/activate/")
    page = desk.get(f"{VERSIONS}{new.pk}/compare/").content.decode()
    assert "lite 2 is being prepared: it has looked at 0 of 1 pictures. lite 1 serves" in page
    assert "Use this model" not in page


def test_a_second_click_takes_up_the_first_comparison(desk, queue, models):
    _, new, _ = models
    for _ in range(2):
        desk.post(f"{VERSIONS}{new.pk}/compare/")
    assert ModelComparison.objects.count() == 1
    assert len(set(queue)) == 1


def test_the_model_in_use_is_not_compared_with_itself(desk, queue, models):
    old, _, _ = models
    page = desk.post(f"{VERSIONS}{old.pk}/compare/", follow=True).content.decode()
    assert "There is nothing to compare with" in page
    assert not queue


def test_a_model_whose_files_are_gone_is_not_compared(desk, queue, models):
    _, new, _ = models
    (registry.folder_of(new) / "model.tflite").unlink()
    assert (
        "model.tflite is missing" in desk.post(f"{VERSIONS}{new.pk}/compare/", follow=True).content.decode()
    )
    assert not queue


def test_without_a_queue_the_page_says_so(desk, models, monkeypatch):
    def away(pk: int) -> None:
        raise OperationalError("Redis is away")

    monkeypatch.setattr("vision.tasks.compare_models.delay", away)
    page = desk.post(f"{VERSIONS}{models[1].pk}/compare/", follow=True).content.decode()
    assert "The queue does not answer" in page


def test_staff_without_the_right_to_change_models_compare_nothing(queue, models, shopper, client):
    shopper.is_staff = True
    shopper.save()
    client.force_login(shopper)
    page = f"{VERSIONS}{models[1].pk}/compare/"
    assert client.get(page).status_code == 403
    assert client.post(page).status_code == 403
    assert client.get(f"{page}progress/").status_code == 403
    assert not queue
