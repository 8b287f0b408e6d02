"""What the answers are worth, as plain figures for a report."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from recommendations.evaluation import metrics
from recommendations.evaluation.logs import Log, Shelf
from recommendations.evaluation.metrics import PAGE
from recommendations.evaluation.mixing import HYBRID
from recommendations.evaluation.running import Comparison, Outcome
from recommendations.evaluation.splits import Question
from recommendations.profiles import BUCKETS, bucket_of

Floats = npt.NDArray[np.float64]

JUDGE = "popularity"
_FIGURES = (
    "ndcg_at_10", "standard_error", "recall_at_10", "hit_rate_at_10", "mrr_at_10", "coverage", "novelty", "variety",
    "against_popularity", "fit_seconds", "peak_mb",
)  # fmt: skip


def figures_of(comparison: Comparison, log: Log, shelf: Shelf, n_items: int, seed: int) -> dict[str, Any]:
    """Return the figures by model; a model that was skipped has its reason and nothing else."""
    judge = next((o for o in comparison.outcomes if o.name == JUDGE and o.answers is not None), None)
    train = comparison.split.train
    meetings = dict(enumerate(np.bincount(train.items, minlength=n_items + 1).tolist()))
    n_users = len(np.unique(train.users))
    report: dict[str, Any] = {}
    for outcome in comparison.outcomes:
        if outcome.answers is None:
            nothing: dict[str, Any] = dict.fromkeys(_FIGURES)
            report[outcome.name] = {**nothing, "buckets": {}, "skipped": outcome.skipped}
            continue
        questions = [comparison.split.questions[row] for row in outcome.asked]
        pages = outcome.answers.page(PAGE)
        scores = metrics.score(pages, [question.targets for question in questions])
        report[outcome.name] = {
            "ndcg_at_10": _rounded(scores.ndcg.mean()),
            "standard_error": _rounded(metrics.standard_error(scores.ndcg, seed)),
            "recall_at_10": _rounded(scores.recall.mean()),
            "hit_rate_at_10": _rounded(scores.hit.mean()),
            "mrr_at_10": _rounded(scores.reciprocal_rank.mean()),
            "coverage": _rounded(metrics.coverage(pages, n_items)),
            "novelty": _rounded(metrics.novelty(pages, meetings, n_users)),
            "variety": _rounded(metrics.variety(pages, shelf.attributes)),
            "against_popularity": _against(judge, outcome, comparison, scores.ndcg, seed),
            "fit_seconds": round(outcome.fit_seconds, 3),
            "peak_mb": round(outcome.peak_mb, 1),
            "questions": len(questions),
            "hits_on_new_items": _hits_on_new(pages, questions, train),
            "setting": {name: _plain(value) for name, value in outcome.setting.items()},
            "buckets": _by_bucket(questions, scores.ndcg),
        }
        if outcome.name == HYBRID:
            mixture = comparison.mixture
            report[HYBRID] |= {
                "spread": mixture.spread,
                "place_for_new": mixture.place_for_new,
                "alone": dict(mixture.alone),
            }
            report[HYBRID]["weights"] = {
                bucket: {name: round(weight, 3) for name, weight in weights.items() if weight > 0}
                for bucket, weights in mixture.weights.items()
            }
            report[HYBRID]["against_best_part"] = _against_best_part(scores.ndcg, comparison, seed)
    return report


def _against(
    judge: Outcome | None, outcome: Outcome, comparison: Comparison, ndcg: Floats, seed: int
) -> dict[str, float | None] | None:
    """Return the mean difference to popularity on the same questions, with its standard error."""
    if judge is None or judge.answers is None:
        return None
    row_of = {question: row for row, question in enumerate(judge.asked)}
    rows = [row_of[question] for question in outcome.asked]
    targets = [comparison.split.questions[question].targets for question in outcome.asked]
    difference = ndcg - metrics.score(judge.answers.page(PAGE)[rows], targets).ndcg
    return {
        "difference": _rounded(difference.mean()),
        "standard_error": _rounded(metrics.standard_error(difference, seed)),
    }


def _against_best_part(hybrid: Floats, comparison: Comparison, seed: int) -> dict[str, Any] | None:
    """Return the paired difference to the single model that answered all these questions best, found afterwards."""
    targets = [question.targets for question in comparison.split.questions]
    others = {
        outcome.name: metrics.score(outcome.answers.page(PAGE), targets).ndcg
        for outcome in comparison.outcomes
        if outcome.answers is not None and outcome.name != HYBRID and len(outcome.asked) == len(targets)
    }
    if not others:
        return None
    best = max(others, key=lambda name: others[name].mean())
    difference = hybrid - others[best]
    return {
        "part": best,
        "difference": _rounded(difference.mean()),
        "standard_error": _rounded(metrics.standard_error(difference, seed)),
    }


def _by_bucket(questions: Sequence[Question], ndcg: Floats) -> dict[str, dict[str, float | int | None]]:
    buckets = np.array([bucket_of(len(question.profile)) for question in questions])
    return {
        bucket: {
            "users": int((buckets == bucket).sum()),
            "ndcg_at_10": _rounded(ndcg[buckets == bucket].mean()) if (buckets == bucket).any() else None,
        }
        for bucket in BUCKETS
    }


def _hits_on_new(pages: npt.NDArray[np.int64], questions: Sequence[Question], train: Log) -> int:
    """Count the targets shown that training has not seen."""
    return sum(
        len(np.setdiff1d(np.intersect1d(page, question.targets), train.items))
        for page, question in zip(pages, questions, strict=True)
        if not np.isin(question.targets, train.items).all()
    )


def _rounded(value: float | np.floating[Any] | None) -> float | None:
    return None if value is None else round(float(value), 5)


def _plain(value: Any) -> Any:
    """Return a setting as JSON can say it: infinity has no number there."""
    return None if isinstance(value, float) and np.isinf(value) else value


def table(models: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the report's models as lines for people, the best first."""
    known = sorted(
        (name for name in models if not models[name].get("skipped")),
        key=lambda name: -models[name]["ndcg_at_10"],
    )
    lines = [f"  {'model':20} nDCG@10   ±      recall  hits   coverage  fit s    MB"]
    for name in known:
        model = models[name]
        lines.append(
            "  {:20} {ndcg_at_10:.4f} {standard_error:.4f}  {recall_at_10:.4f}  {hit_rate_at_10:.4f} {coverage:.3f}"
            "  {fit_seconds:8.2f} {peak_mb:6.0f}".format(name, **model)
        )
    lines += [f"  {name:20} skipped: {models[name]['skipped']}" for name in models if name not in known]
    return "\n".join(lines)
