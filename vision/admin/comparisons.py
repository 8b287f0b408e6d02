"""What the page of a comparison shows: figures in words, and the pictures on which the models differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet

from catalog.models import ProductImage
from vision.labels import GOODS, OTHER, display_name
from vision.models import ComparedPicture, ModelComparison, ModelVersion

PER_PAGE = 24
KIND_WORDS = {
    "type": "Article type",
    "colour": "Exact colour",
    "family": "Colour family",
    "gender": "Gender",
    "pattern": "Pattern",
    "subject": "Whether we sell such things",
}
SUBJECT_WORDS = {GOODS: "something we sell", OTHER: "nothing we sell"}
SIDES = {
    "candidate": "Only the new model is right",
    "baseline": "Only the model in use is right",
    "all": "They differ",
}


@dataclass(frozen=True)
class FigureRow:
    """Both models at one kind of label. Shares are 0..1; ``verdict`` says in words what the interval allows to say."""

    kind: str
    words: str
    n: int
    baseline: float
    candidate: float
    only_baseline: int
    only_candidate: int
    gain: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True)
class DifferentPicture:
    """A picture on which the models differ. Answers are (words, probability)."""

    image: ProductImage
    truth: str
    baseline: tuple[str, float] | None
    candidate: tuple[str, float] | None
    baseline_is_right: bool
    candidate_is_right: bool


def latest_of(candidate: ModelVersion) -> ModelComparison | None:
    """The newest comparison of ``candidate``."""
    return candidate.comparisons.select_related("baseline", "candidate").order_by("-pk").first()


def comparison_context(candidate: ModelVersion, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The newest comparison of ``candidate``, with its figures and one page of pictures, as ``chosen`` in the address:
    ``kind``, ``side`` (who alone is right) and ``page``."""
    comparison = latest_of(candidate)
    if comparison is None or comparison.status != ModelComparison.Status.DONE:
        return {"comparison": comparison}
    rows = figures_of(comparison)
    kinds = {row.kind: row.words for row in rows}
    kind = chosen.get("kind", "")
    kind = kind if kind in kinds else next(iter(kinds), "type")
    side = chosen.get("side", "")
    side = side if side in SIDES else "candidate"
    page = Paginator(different_pictures(comparison, kind, side), PER_PAGE).get_page(chosen.get("page"))
    return {
        "comparison": comparison,
        "rows": rows,
        "neighbours": comparison.figures["neighbours"],
        "kinds": kinds,
        "kind": kind,
        "sides": SIDES,
        "side": side,
        "page": page,
        "differences": [_difference(row, kind) for row in page],
    }


def figures_of(comparison: ModelComparison) -> list[FigureRow]:
    """A row of figures for each kind that was compared."""
    return [
        FigureRow(
            kind=kind,
            words=KIND_WORDS[kind],
            verdict=_verdict(figures["low"], figures["high"], figures["n"]),
            **figures,
        )
        for kind, figures in comparison.figures.get("kinds", {}).items()
    ]


def different_pictures(comparison: ModelComparison, kind: str, side: str) -> QuerySet[ComparedPicture]:
    """The pictures on whose ``kind`` the models differ; those that ``side`` alone got right, or all of them."""
    found = (
        comparison.pictures.filter(is_waiting=False, differs__contains=[kind])
        .select_related("image__product")
        .defer("baseline_embedding", "candidate_embedding")
        .order_by("pk")
    )
    if side in ("baseline", "candidate"):
        found = found.filter(
            **{f"{side}__{kind}__0": F(f"truth__{kind}")}
        )  # [label, probability] against the label
    return found


def _verdict(low: float, high: float, n: int) -> str:
    if low > 0:
        return "The new model is better"
    if high < 0:
        return "The model in use is better"
    return f"No certain difference on {n:,} pictures"


def _difference(row: ComparedPicture, kind: str) -> DifferentPicture:
    truth = row.truth.get(kind, "")
    answers = [row.baseline.get(kind), row.candidate.get(kind)]
    baseline, candidate = [(_words(kind, answer[0]), answer[1]) if answer else None for answer in answers]
    return DifferentPicture(
        image=row.image,
        truth=_words(kind, truth),
        baseline=baseline,
        candidate=candidate,
        baseline_is_right=bool(answers[0]) and answers[0][0] == truth,
        candidate_is_right=bool(answers[1]) and answers[1][0] == truth,
    )


def _words(kind: str, label: str) -> str:
    return SUBJECT_WORDS[label] if kind == "subject" else display_name(label)
