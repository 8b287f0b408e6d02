"""Looking at product pictures: stored once, done again only when something changed, never stopped by a bad file."""

import io
import json
import zlib

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.images import decode_image
from catalog.models import ProductImage
from tests import factories
from tests.eyes import grey_embedding, jpeg, uploaded, write_model
from vision import registry, tasks
from vision.analysis import Counts, analyse_images, pictures_to_analyse
from vision.model_files import ModelError
from vision.models import ImageAnalysis, ModelVersion, VisualDescriptors
from vision.signals import picture_analysed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eyes")]


@pytest.fixture
def heard():
    """The product ids that vision has told about."""
    told: list[int] = []

    def hear(sender, product_ids, **kwargs):
        told.extend(product_ids)

    picture_analysed.connect(hear)
    yield told
    picture_analysed.disconnect(hear)


def writes(queries: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]


def test_an_upload_becomes_renditions_labels_and_vectors(heard):
    image = uploaded(jpeg(1))
    assert analyse_images([image.pk]) == Counts(analysed=1)
    image.refresh_from_db()
    assert (image.state, image.upload.name, image.error) == ("ready", "", "")
    assert (image.width, image.height) == (360, 480)
    analysis = ImageAnalysis.objects.active().get(image=image)
    assert analysis.labels[0] == {"label": "Women", "kind": "gender", "probability": 0.93}
    assert analysis.source_hash == image.source_hash
    similarity = float(np.dot(analysis.embedding, grey_embedding(decode_image(jpeg(1)))))
    assert similarity > 0.99
    assert analysis.colours[0][0].startswith("#")
    descriptors = image.descriptors
    assert len(descriptors.descriptors) == descriptors.count * 128
    assert len(descriptors.points) == descriptors.count * 2 * 2
    assert heard == [image.product_id]


def test_the_uploaded_file_is_gone_once_it_has_been_re_encoded(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = uploaded(jpeg(1))
        storage, name = image.upload.storage, image.upload.name
        analyse_images([image.pk])
    assert not storage.exists(name)


def test_a_known_picture_changes_nothing(heard):
    image = uploaded(jpeg(1))
    analyse_images([image.pk])
    seen_at = ImageAnalysis.objects.get(image=image).analysed_at
    heard.clear()
    with CaptureQueriesContext(connection) as queries:
        assert analyse_images([image.pk]) == Counts(unchanged=1)
    assert writes(queries) == []
    assert ImageAnalysis.objects.get(image=image).analysed_at == seen_at
    assert heard == []


def test_the_same_file_uploaded_again_is_put_away_without_another_look(heard):
    image = uploaded(jpeg(1))
    analyse_images([image.pk])
    image.refresh_from_db()
    stem = image.stem
    image.upload.save("again.jpg", ContentFile(jpeg(1)), save=False)
    image.state = ProductImage.State.WAITING
    image.save()
    heard.clear()
    assert analyse_images([image.pk]) == Counts(unchanged=1)
    image.refresh_from_db()
    assert (image.state, image.upload.name, image.stem) == ("ready", "", stem)
    assert heard == []


def test_a_new_file_for_a_picture_replaces_what_was_seen():
    image = uploaded(jpeg(1))
    analyse_images([image.pk])
    image.refresh_from_db()
    old_hash = image.source_hash
    image.upload.save("other.jpg", ContentFile(jpeg(2)), save=False)
    image.state = ProductImage.State.WAITING
    image.save()
    assert analyse_images([image.pk]) == Counts(analysed=1)
    image.refresh_from_db()
    assert image.source_hash != old_hash
    assert ImageAnalysis.objects.active().get(image=image).source_hash == image.source_hash
    assert ImageAnalysis.objects.count() == VisualDescriptors.objects.count() == 1


def test_an_imported_picture_is_looked_at_by_its_rendition():
    image = factories.ProductImageFactory()
    assert analyse_images([image.pk]) == Counts(analysed=1)
    assert ImageAnalysis.objects.active().get(image=image).source_hash == image.source_hash


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims any size."""
    header = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    body = b"IDAT" + zlib.compress(b"")

    def chunk(data: bytes) -> bytes:
        return (len(data) - 4).to_bytes(4, "big") + data + zlib.crc32(data).to_bytes(4, "big")

    return b"\x89PNG\r\n\x1a\n" + chunk(header) + chunk(body) + chunk(b"IEND")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"This is not a picture at all.", "not a picture"),
        (jpeg(1)[:2000], "damaged"),
        (png_claiming(20_000, 20_000), "megapixels"),
    ],
    ids=["empty", "text", "cut off", "400 megapixels in a few bytes"],
)
def test_a_file_that_cannot_be_used_gets_a_sentence_and_the_others_go_on(data, sentence):
    broken, good = uploaded(data), uploaded(jpeg(3))
    assert analyse_images([broken.pk, good.pk]) == Counts(analysed=1, broken=1)
    broken.refresh_from_db()
    assert broken.state == ProductImage.State.BROKEN
    assert sentence in broken.error
    good.refresh_from_db()
    assert good.state == ProductImage.State.READY


def test_a_picture_of_forty_megapixels_is_taken():
    buffer = io.BytesIO()
    Image.new("L", (7300, 5480), 200).save(buffer, "JPEG")
    image = uploaded(buffer.getvalue())
    assert analyse_images([image.pk]) == Counts(analysed=1)
    image.refresh_from_db()
    assert max(image.width, image.height) <= 1600


def test_a_picture_deleted_while_it_was_looked_at_is_left_out(eyes, monkeypatch):
    image, other = uploaded(jpeg(1)), uploaded(jpeg(2))
    predict = eyes.predict

    def predict_while_somebody_deletes(pictures):
        image.delete()
        return predict(pictures)

    monkeypatch.setattr(eyes, "predict", predict_while_somebody_deletes)
    assert analyse_images([image.pk, other.pk]) == Counts(analysed=1)
    assert list(ImageAnalysis.objects.values_list("image", flat=True)) == [other.pk]


def test_a_picture_replaced_while_it_was_looked_at_keeps_its_new_file(eyes, monkeypatch):
    image = uploaded(jpeg(1))
    predict = eyes.predict

    def predict_while_a_curator_uploads(pictures):
        newer = ProductImage.objects.get(pk=image.pk)
        newer.upload.save("newer.jpg", ContentFile(jpeg(2)))
        return predict(pictures)

    monkeypatch.setattr(eyes, "predict", predict_while_a_curator_uploads)
    assert analyse_images([image.pk]) == Counts()
    image.refresh_from_db()
    assert image.state == ProductImage.State.WAITING
    assert image.upload.storage.exists(image.upload.name)


def seen_by(version: ModelVersion) -> list[int]:
    return sorted(ImageAnalysis.objects.filter(model=version).values_list("image", flat=True))


def test_another_model_takes_over_once_it_has_seen_every_picture(tmp_path):
    one, two = uploaded(jpeg(1)), uploaded(jpeg(2))
    analyse_images([one.pk, two.pk])
    old = registry.model_in_use()
    new = registry.register(write_model(tmp_path / "new", version="2"))
    assert registry.activate(new) is False
    assert list(pictures_to_analyse(*registry.versions_at_work())) == [one, two]
    tasks.analyse_images([one.pk])
    assert registry.progress_of(new) == (1, 2)
    assert registry.active_model() == old
    assert ImageAnalysis.objects.active().count() == 2
    tasks.analyse_images([two.pk])
    assert registry.active_model() == new
    assert seen_by(new) == seen_by(old) == [one.pk, two.pk]


def test_a_picture_that_comes_while_a_model_is_prepared_is_looked_at_by_both(tmp_path):
    first = uploaded(jpeg(1))
    analyse_images([first.pk])
    old = registry.model_in_use()
    registry.activate(new := registry.register(write_model(tmp_path / "new", version="2")))
    second = uploaded(jpeg(2))
    analyse_images([second.pk])
    assert (seen_by(old), seen_by(new)) == ([first.pk, second.pk], [second.pk])


def test_a_picture_deleted_while_a_model_is_prepared_is_not_waited_for(tmp_path):
    kept, gone = uploaded(jpeg(1)), uploaded(jpeg(2))
    analyse_images([kept.pk, gone.pk])
    registry.activate(new := registry.register(write_model(tmp_path / "new", version="2")))
    analyse_images([kept.pk])
    gone.delete()
    tasks.analyse_waiting_pictures()
    assert registry.active_model() == new


def test_going_back_leaves_no_picture_out_not_even_those_that_came_since(tmp_path):
    before = uploaded(jpeg(1))
    analyse_images([before.pk])
    old = registry.model_in_use()
    registry.activate(registry.register(write_model(tmp_path / "new", version="2")))
    tasks.analyse_images([before.pk])
    since = uploaded(jpeg(2))
    analyse_images([since.pk])
    assert registry.roll_back() == old
    assert registry.active_model() == old
    assert ImageAnalysis.objects.active().count() == 2


def test_what_a_model_saw_is_dropped_two_switches_later(tmp_path):
    image = uploaded(jpeg(1))
    analyse_images([image.pk])
    oldest = registry.model_in_use()
    for number in ("2", "3"):
        registry.activate(registry.register(write_model(tmp_path / number, version=number)))
        tasks.analyse_images([image.pk])
    assert registry.forget_superseded() == 1
    assert ImageAnalysis.objects.filter(model=oldest).count() == 0
    assert ImageAnalysis.objects.count() == 2


def test_a_damaged_model_before_does_not_stop_the_work_of_the_one_in_use(tmp_path, eyes, monkeypatch):
    registry.activate(old := registry.register(write_model(tmp_path / "old", version="1.5")))
    registry.activate(new := registry.register(write_model(tmp_path / "new", version="2")))

    def load(folder):
        if folder == registry.folder_of(old):
            raise ModelError("model.tflite is missing")
        return eyes

    monkeypatch.setattr("vision.looking.Classifier.load", load)
    image = uploaded(jpeg(1))
    assert analyse_images([image.pk]) == Counts(analysed=1)
    assert (seen_by(new), seen_by(old)) == ([image.pk], [])


def test_the_sweep_finds_what_waits_and_leaves_what_is_done_or_broken(monkeypatch):
    done, broken, waiting = uploaded(jpeg(1)), uploaded(b""), uploaded(jpeg(2))
    analyse_images([done.pk, broken.pk])
    queued: list[int] = []
    monkeypatch.setattr(
        tasks.group, "delay", lambda self: queued.extend(i for t in self.tasks for i in t.args[0])
    )
    tasks.analyse_waiting_pictures()
    assert queued == [waiting.pk]


def test_saving_an_upload_queues_its_look(monkeypatch, django_capture_on_commit_callbacks):
    queued: list[int] = []
    monkeypatch.setattr(tasks.analyse_images, "delay", queued.extend)
    with django_capture_on_commit_callbacks(execute=True):
        image = uploaded(jpeg(1))
    assert queued == [image.pk]


def test_the_command_reports_what_it_saw_and_fails_politely_on_a_bad_file(capsys):
    uploaded(jpeg(1))
    call_command("analyse_pictures", "--json", "-")
    assert json.loads(capsys.readouterr().out) == {"analysed": 1, "unchanged": 0, "broken": 0}
    uploaded(b"no picture")
    with pytest.raises(SystemExit) as ended:
        call_command("analyse_pictures")
    assert ended.value.code == 1
    call_command("analyse_pictures", "--json", "-")
    assert json.loads(capsys.readouterr().out) == {"analysed": 0, "unchanged": 0, "broken": 0}


def test_without_a_model_the_command_says_what_to_do(settings, tmp_path):
    settings.SHIPPED_MODEL_DIR = tmp_path / "nothing"
    with pytest.raises(CommandError, match=r"manifest\.json is missing"):
        call_command("analyse_pictures")
