"""Holds a candidate model against the one in use, on the shop's own pictures, before it is put in use. For workers.

A comparison chooses its pictures once and then works through them in blocks, so it can be stopped anywhere, resumed,
run twice or by two workers: what is done is not done again, and the end result is the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from catalog.images import RGB, ImageRejected
from catalog.models import Product, ProductImage
from vision.comparison_figures import compare_right, neighbour_agreement, neighbours, share_of_same
from vision.correcting import label_space
from vision.corrections import said_of, truth_about
from vision.inference import Classifier, Prediction
from vision.labels import GOODS, OTHER, LabelSpace, colour_family
from vision.looking import LOOK_SIDE, classifier_of
from vision.model_files import ModelError
from vision.models import ComparedPicture, LabelCorrection, ModelComparison
from vision.opening import open_rendition

logger = structlog.get_logger(__name__)

SAMPLE = 500  # pictures at most, beside the corrected ones: a minute of work, and ± 3 points at 85 %
SEED = 3
BLOCK = 16  # pictures of one step, a second or two: shoppers' photos wait no longer than that
KINDS = ("type", "colour", "family", "gender", "pattern", "subject")


def compare_some(comparison: ModelComparison) -> bool:
    """Take ``comparison`` a few pictures further; the last step writes its figures. Returns whether more is left to do.

    What goes wrong with the models or the sample is written on the comparison as a sentence.
    """
    try:
        _choose_pictures(comparison)
        if not comparison.n_pictures:
            raise ModelError(
                "No picture of this shop has a known type or colour. Fill them in on some products, or correct some "
                "pictures, and compare again."
            )
        models = [classifier_of(version) for version in (comparison.baseline, comparison.candidate)]
        spaces = [label_space(version) for version in (comparison.baseline, comparison.candidate)]
        if _next_block(comparison, models, spaces):
            return True
        _finish(comparison, spaces)
    except ModelError as error:
        ModelComparison.objects.filter(pk=comparison.pk, status=ModelComparison.Status.RUNNING).update(
            status=ModelComparison.Status.FAILED, message=str(error)[:400], finished_at=timezone.now()
        )
    return False


def labelled_pictures() -> QuerySet[ProductImage]:
    """The first picture of each product whose type or colour is stated, and all corrected ones; ready pictures only."""
    ready = ProductImage.objects.filter(state=ProductImage.State.READY)
    corrected = LabelCorrection.objects.filter(image=OuterRef("pk"))
    earlier = ready.filter(product=OuterRef("product")).order_by("position", "pk").values("pk")[:1]
    stated = Product.objects.exclude(article_type="", colour="").exclude(status=Product.Status.ARCHIVED)
    covers = ready.filter(pk=earlier, product__in=stated.values("pk"))
    return (covers | ready.filter(Exists(corrected))).order_by("pk")


def _choose_pictures(comparison: ModelComparison) -> None:
    """Choose once which pictures are asked about: all corrected ones and a sample, the same at every comparison of the
    same catalogue; and note what is true of them."""
    with transaction.atomic():
        row = ModelComparison.objects.select_for_update().get(pk=comparison.pk)
        if not row.n_pictures:
            corrected = set(LabelCorrection.objects.values_list("image_id", flat=True))
            others = [pk for pk in labelled_pictures().values_list("pk", flat=True) if pk not in corrected]
            drawn = np.random.default_rng(SEED).permutation(len(others))[:SAMPLE]
            chosen = corrected | {others[i] for i in drawn}
            said = said_of(chosen)
            images = labelled_pictures().filter(pk__in=chosen).select_related("product")
            rows = [
                ComparedPicture(
                    comparison=row, image=image, truth=truth_about(image.product, said.get(image.pk, {}))
                )
                for image in images
            ]
            ComparedPicture.objects.bulk_create(rows, batch_size=500)
            row.n_pictures = len(rows)
            row.save(update_fields=["n_pictures"])
        comparison.n_pictures = row.n_pictures


def _next_block(
    comparison: ModelComparison, models: Sequence[Classifier], spaces: Sequence[LabelSpace]
) -> bool:
    """Ask both models about some pictures that wait; False when none is left."""
    with transaction.atomic():
        # Another worker on the same comparison takes other rows; if this one dies, its rows wait again.
        block = list(
            comparison.pictures.select_for_update(skip_locked=True, of=("self",))
            .filter(is_waiting=True)
            .select_related("image")
            .order_by("pk")[:BLOCK]
        )
        opened: list[tuple[ComparedPicture, RGB]] = []
        for row in block:
            row.is_waiting = False
            try:
                opened.append((row, open_rendition(row.image, LOOK_SIDE)))
            except ImageRejected as rejected:
                logger.warning("picture_not_compared", image=row.image_id, reason=rejected.sentence)
        answers = [model.predict([rgb for _, rgb in opened]) for model in models]
        for position, (row, _) in enumerate(opened):
            baseline, candidate = (predictions[position] for predictions in answers)
            row.baseline, row.candidate = (
                _answer(prediction, space)
                for prediction, space in zip((baseline, candidate), spaces, strict=True)
            )
            row.differs = [
                kind for kind in row.truth if _best(row.baseline, kind) != _best(row.candidate, kind)
            ]
            row.baseline_embedding = baseline.embedding.astype(np.float32).tobytes()
            row.candidate_embedding = candidate.embedding.astype(np.float32).tobytes()
        ComparedPicture.objects.bulk_update(
            block,
            ["is_waiting", "baseline", "candidate", "differs", "baseline_embedding", "candidate_embedding"],
        )
    done = comparison.pictures.filter(is_waiting=False).count()
    ModelComparison.objects.filter(pk=comparison.pk).update(n_done=done)
    return bool(block)


def _answer(prediction: Prediction, space: LabelSpace) -> dict[str, list[str | float]]:
    """A model's best label of each kind with its probability. The family of a model that names none is that of its
    colour; whether it shows goods at all is answered only by a model that was taught that."""
    best: dict[str, list[str | float]] = {}
    for label in prediction.labels:  # sorted by probability
        best.setdefault(label.kind, [label.label, round(label.probability, 4)])
    if "family" not in best and "colour" in best and (family := colour_family(str(best["colour"][0]))):
        best["family"] = [family, best["colour"][1]]
    if "subject" in space.kinds:
        is_goods = prediction.goods >= 0.5
        best["subject"] = [
            GOODS if is_goods else OTHER,
            round(prediction.goods if is_goods else 1 - prediction.goods, 4),
        ]
    return best


def _finish(comparison: ModelComparison, spaces: Sequence[LabelSpace]) -> None:
    """Write the figures, once all pictures are done."""
    rows = list(comparison.pictures.order_by("pk"))
    if any(row.is_waiting for row in rows):
        return  # another worker is at the last block, and will come here after it
    answered = [row for row in rows if row.baseline_embedding]
    if not answered:
        raise ModelError(
            "None of the chosen pictures could be opened. Look whether the media files are there."
        )
    kinds = {}
    for kind in KINDS:
        asked = [row for row in answered if _is_fair(row, kind, spaces)]
        if asked:
            baseline = np.array([_best(row.baseline, kind) == row.truth[kind] for row in asked])
            candidate = np.array([_best(row.candidate, kind) == row.truth[kind] for row in asked])
            kinds[kind] = vars(compare_right(baseline, candidate))
    ModelComparison.objects.filter(pk=comparison.pk, status=ModelComparison.Status.RUNNING).update(
        figures={"kinds": kinds, "neighbours": _neighbour_figures(answered)},
        status=ModelComparison.Status.DONE,
        finished_at=timezone.now(),
    )


def _is_fair(row: ComparedPicture, kind: str, spaces: Sequence[LabelSpace]) -> bool:
    """Whether both models answer this question, and at least one of them knows the right answer."""
    if not (kind in row.truth and kind in row.baseline and kind in row.candidate):
        return False
    return kind == "family" or any(row.truth[kind] in space.kinds.get(kind, ()) for space in spaces)


def _best(answer: Mapping[str, Any], kind: str) -> str | None:
    label: str | None = answer.get(kind, [None])[0]
    return label


def _neighbour_figures(rows: Sequence[ComparedPicture]) -> dict[str, float]:
    near = [
        neighbours(np.stack([np.frombuffer(getattr(row, side), np.float32) for row in rows]))
        for side in ("baseline_embedding", "candidate_embedding")
    ]
    types = np.array([row.truth.get("type", "") for row in rows])
    return {
        "agreement": neighbour_agreement(*near),
        "baseline_same_type": share_of_same(near[0], types),
        "candidate_same_type": share_of_same(near[1], types),
    }
