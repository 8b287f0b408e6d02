"""The pages of charts and pictures that the evaluations write."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vision.charts import bars_chart, confusion_chart, confusion_matrix, reliability_chart
from vision.datasets import Picture
from vision.evaluation.classifying import Answered, Evaluation
from vision.evaluation.searching import Rows, hits_of
from vision.evaluation.visual_search import SearchEvaluation
from vision.labels import colour_family, display_name, shelf_of
from vision.metrics import expected_calibration_error
from vision.reporting import Page, Tile
from vision.vocabulary import COLOUR_FAMILIES, SHELVES

MOST_NAMES = 45  # in one matrix; rarer ones are left out of it and named in its caption
WORST_PAIRS = 8
PICTURES_EACH = 10
QUERIES_SHOWN = 8
NAMES = {
    "pixels": "raw pixels",
    "histogram": "colour histogram",
    "visual_words": "SIFT, 20 words",
    "frozen_lite0": "frozen Lite0",
    "embedding": "embedding",
    "blend": "the shop's blend",
}
FIGURES = {
    "precision_at_1": "P@1",
    "precision_at_10": "P@10",
    "map_at_10": "MAP@10",
    "ndcg_at_10": "nDCG@10",
}


def classifier_page(evaluation: Evaluation, title: str) -> Page:
    """What a classifier gets right and what it takes for what, kind by kind."""
    report = evaluation.report
    page = Page(
        title, f"{report['images']} pictures, {report['unknown_labels']} labels that the model does not know."
    )
    if "subset_accuracy" in report:
        page.facts(
            [
                (
                    "every label right",
                    f"{report['subset_accuracy']:.1%}",
                    _span(report["subset_accuracy_interval"]),
                ),
                ("single answers right", f"{report['binary_accuracy']:.1%}", ""),
                ("macro F1", f"{report['macro_f1']:.3f}", ""),
                ("calibration error", f"{report['ece']:.3f}", ""),
            ]
        )
    for answered in evaluation.answered:
        _kind(page, answered, report.get("attributes", {}).get(answered.kind, {}))
    return page


def _kind(page: Page, answered: Answered, figures: Mapping[str, Any]) -> None:
    right = answered.right
    ece = expected_calibration_error(answered.confidence, right)
    page.heading(answered.kind.capitalize())
    facts = [
        (
            "right",
            f"{right.mean():.1%}",
            _span(figures["accuracy_interval"]) if figures else f"{len(right)} pictures",
        ),
        ("calibration error", f"{ece:.3f}", ""),
    ]
    if figures:
        facts.insert(1, ("macro F1", f"{figures['macro_f1']:.3f}", _span(figures["macro_f1_interval"])))
    if "family_accuracy" in figures:
        facts.append(
            ("family right", f"{figures['family_accuracy']:.1%}", _span(figures["family_accuracy_interval"]))
        )
    page.facts(facts)
    counts = Counter(answered.truth)
    frequent = {name for name, _ in counts.most_common(MOST_NAMES)}
    order = sorted(frequent, key=lambda name: (_place(_group(name)), _group(name), -counts[name], name))
    shares = confusion_matrix(answered.truth, answered.guesses, order)
    rest = f" The {len(counts) - len(order)} rarest names are left out." if len(counts) > len(order) else ""
    page.charts(
        (
            confusion_chart(shares, order, [_group(name) for name in order]),
            f"What is taken for what, in per cent of each row; what a row lacks was taken for other names.{rest}",
        ),
        (
            reliability_chart(answered.confidence, right),
            f"Calibration: expected error {ece:.3f}. Rust is the gap between what was promised "
            "and what came true.",
        ),
    )
    _worst_pairs(page, answered)


def _worst_pairs(page: Page, answered: Answered) -> None:
    """The pairs that are mixed up most, each way, with the pictures of which the network was surest."""
    mixed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in np.flatnonzero(~answered.right).tolist():
        mixed[answered.truth[row], answered.guesses[row]].append(row)
    worst = sorted(mixed.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:WORST_PAIRS]
    for (truth, guess), rows in worst:
        surest = sorted(rows, key=lambda row: -answered.confidence[row])[:PICTURES_EACH]
        page.text(f"{truth} taken for {guess}: {len(rows)} of {answered.truth.count(truth)}")
        page.sheet(
            [[Tile(answered.pictures[row].read(), f"{answered.confidence[row]:.0%}") for row in surest]]
        )


def _group(name: str) -> str:
    return shelf_of(name) or (name if name in SHELVES else "") or colour_family(name) or ""


def _place(group: str) -> int:
    order = [*SHELVES, *COLOUR_FAMILIES]
    return order.index(group) if group in order else len(order)


def search_page(evaluation: SearchEvaluation, title: str) -> Page:
    """How well each channel searches, and what the shop's blend finds for its best and its worst queries."""
    report = evaluation.report
    page = Page(
        title,
        f"{report['queries']} queries in {report['gallery']} pictures; {report['left_out']} queries are left out, "
        f"whose label is on fewer than ten. Right is the same {report['same'].replace(',', ' and ')}.",
    )
    _channels(page, report["channels"])
    if report["other_models"]:
        page.heading("Among other models", "Not even another colour of the query's own model may be found.")
        _channels(page, report["other_models"])
    _rest(page, report)
    hits = hits_of(evaluation.task, evaluation.ranked["blend"])
    kind = report["same"].split(",")[0]
    page.heading(f"By {kind}", "How often the first answer is right, and how many of the first ten.")
    _by_label(page, evaluation, hits, kind)
    rng = np.random.default_rng(0)
    shuffled = rng.permutation(len(hits))
    by_hits = shuffled[np.argsort(hits[shuffled].sum(axis=1), kind="stable")]
    page.heading(
        "Bad queries",
        "Those with the fewest right answers. Left the query, then ten answers; green is right.",
    )
    _answers(page, evaluation, by_hits[:QUERIES_SHOWN], hits)
    page.heading("Good queries", "Some of those with the most right answers.")
    _answers(page, evaluation, by_hits[::-1][:QUERIES_SHOWN], hits)
    _lost(page, evaluation)
    return page


def _channels(page: Page, channels: Mapping[str, Mapping[str, Any]]) -> None:
    names = [NAMES.get(name, name) for name in channels]
    page.charts(
        (
            bars_chart(
                names,
                {
                    told: [figures[figure] for figures in channels.values()]
                    for figure, told in FIGURES.items()
                },
                {
                    told: [figures[f"{figure}_interval"] for figures in channels.values()]
                    for figure, told in FIGURES.items()
                },
            ),
            "Each channel, with 95 % intervals.",
        )
    )
    page.table(
        ["channel", *FIGURES.values()],
        [
            [name, *(f"{figures[figure]:.3f}" for figure in FIGURES)]
            for name, figures in zip(names, channels.values(), strict=True)
        ],
    )


def _rest(page: Page, report: Mapping[str, Any]) -> None:
    latency = report["latency_ms"]
    facts = [("a look and a search", f"{latency['p50']:.0f} ms", f"95 % within {latency['p95']:.0f} ms")]
    if refusal := report["refusal"]:
        facts += [
            (
                "refusal, area under the curve",
                f"{refusal['auroc']:.3f}",
                f"against {refusal['unknown']} other things",
            ),
            ("wrongly refused", f"{refusal['wrongly_refused']:.1%}", f"of {refusal['known']} photos"),
            (
                "wrongly accepted",
                f"{refusal['wrongly_accepted']:.1%}",
                f"of {refusal['unknown']} other things",
            ),
        ]
    page.heading("Speed and refusal" if refusal else "Speed")
    page.facts(facts)
    if again := report["same_picture"]:
        page.heading(
            "The same picture again",
            f"{again['pictures']} gallery pictures come back changed, among {again['among']}: right when their own "
            "product comes first.",
        )
        stages = {
            "embedding": "nearest by looks",
            "blend": "the shop's blend",
            "keypoints": "by keypoints before it",
            "verified": "proven before all",
            "proven": "proven",
            "wrongly_proven": "wrongly proven",
        }
        page.table(
            ["", *stages.values()],
            [
                [strength, *(f"{found[stage]:.1%}" for stage in stages)]
                for strength, found in again["stages"].items()
            ],
        )


def _by_label(page: Page, evaluation: SearchEvaluation, hits: Any, kind: str) -> None:
    rows_of: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(evaluation.task.asked):
        rows_of[evaluation.queries.pictures[row].words.get(kind, "?")].append(place)
    frequent = sorted(rows_of, key=lambda name: -len(rows_of[name]))[:MOST_NAMES]
    order = sorted(frequent, key=lambda name: hits[rows_of[name], 0].mean())
    page.charts(
        (
            bars_chart(
                [f"{name} ({len(rows_of[name])})" for name in order],
                {
                    "first answer": [hits[rows_of[name], 0].mean() for name in order],
                    "first ten": [hits[rows_of[name]].mean() for name in order],
                },
            ),
            "The worst first; in brackets how many queries.",
        )
    )


def _answers(page: Page, evaluation: SearchEvaluation, places: Sequence[int] | Rows, hits: Any) -> None:
    lines = []
    for place in places:
        query = evaluation.queries.pictures[evaluation.task.asked[place]]
        line = [Tile(query.read(), _caption(query), "asked")]
        for rank, row in enumerate(evaluation.ranked["blend"][place]):
            if row >= 0:
                answer = evaluation.gallery.pictures[row]
                line.append(Tile(answer.read(), _caption(answer), "good" if hits[place, rank] else "bad"))
        lines.append(line)
    page.sheet(lines)


def _lost(page: Page, evaluation: SearchEvaluation) -> None:
    """Pictures that came back and were not found: what came back, and what was taken for it."""
    for strength, found in evaluation.again.items():
        lost = np.flatnonzero(~found.right)[:QUERIES_SHOWN]
        if len(lost):
            page.heading(
                f"Not found again: {strength}", "The changed picture, and what came first in its place."
            )
            page.sheet(
                [
                    [
                        Tile(found.photos[row].read(), _caption(found.photos[row]), "asked"),
                        Tile(found.answers[row].read(), _caption(found.answers[row]), "bad"),
                    ]
                    for row in lost
                ]
            )


def _caption(picture: Picture) -> str:
    words = [picture.words[kind] for kind in ("colour", "type") if kind in picture.words]
    return " ".join(display_name(word) for word in words)


def _span(interval: Sequence[float]) -> str:
    low, high = interval
    return f"95 %: {low:.3f} to {high:.3f}"
