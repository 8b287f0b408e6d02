"""Hold the cluster network against pictures whose article types are known: is what it calls related of the same type,
is it varied, does the mapper say what the refresh will say, and does k-means cluster better than its rivals?

Pure arrays; the command ``evaluate_clusters`` looks at the pictures.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import adjusted_mutual_info_score, silhouette_score

from recommendations.channels import LEARNT, PICTURES_ALONE, WORDS_ALONE, Facts, Weights
from recommendations.choosing_k import other_ways
from recommendations.clusters import NO_PRODUCT, CategoryClusters, Ids, build_category, similarity
from recommendations.extending import Newcomers, extend_category, touched_rows
from recommendations.learning_weights import Lesson, lesson
from recommendations.mapper import attach
from recommendations.outlines import FEWEST_TO_EXTEND
from recommendations.related import BIAS, related_rows, related_within
from vision.visual_words import Descriptors

FIRST = 6  # a page shows so many
FEWEST_OF_TYPE = 7  # of a rarer type there are no six others to find
NEWCOMERS = 0.1  # of each category, to try the mapper with
FEWEST_TO_TRY = 10
MOST_FOR_RIVALS = 2_000
SEED = 7

Progress = Callable[[Iterable[Any], str], Iterable[Any]]


@dataclass(frozen=True)
class Shelf:
    """m pictures of one category. ``stated`` are the facts as a catalogue would state them, ``seen`` as the network saw
    them; ``judged`` (m,) says which are asked for their related ones."""

    slug: str
    ids: Ids
    descriptors: Sequence[Descriptors]
    embeddings: npt.NDArray[np.float32]
    colours: npt.NDArray[np.float32]
    stated: Facts
    seen: Facts
    types: Sequence[str]
    judged: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)

    def newcomers(self, rows: Ids) -> Newcomers:
        """Some rows of the shelf, as they come into a shop."""
        return Newcomers(
            self.ids[rows],
            [self.descriptors[row] for row in rows],
            self.embeddings[rows],
            self.colours[rows],
            self.stated.chosen(rows),
        )

    def build(
        self, rows: Ids | None = None, *, facts: Facts | None = None, weights: Weights = LEARNT
    ) -> CategoryClusters:
        """Cluster the shelf, or some rows of it."""
        rows = np.arange(len(self)) if rows is None else rows
        return build_category(
            self.ids[rows],
            [self.descriptors[row] for row in rows],
            embeddings=self.embeddings[rows],
            colours=self.colours[rows],
            facts=(facts or self.stated).chosen(rows),
            weights=weights,
            seed=SEED,
        )


def judge_categories(shelves: Sequence[Shelf], built: Sequence[CategoryClusters]) -> dict[str, Any]:
    """For each category how many clusters it has, why, how good they are, and how its rivals do."""
    return {
        shelf.slug: _judge_category(shelf, clusters) for shelf, clusters in zip(shelves, built, strict=True)
    }


def _judge_category(shelf: Shelf, clusters: CategoryClusters) -> dict[str, Any]:

    k = len(clusters.centres)
    rows = np.arange(len(shelf))[:MOST_FOR_RIVALS]
    features, labels = clusters.features[rows], clusters.labels[rows]
    figures: dict[str, Any] = {
        "k": k,
        "by": clusters.choice["by"],
        "wanted": clusters.choice["wanted"],
        "silhouette": _silhouette(features, labels),
        "inertia": round(clusters.inertia, 3),
        "sizes": np.bincount(clusters.labels, minlength=k).tolist(),
        "products": len(shelf),
    }
    if k > 1:
        types = [shelf.types[row] for row in rows]
        ways = {"k_means": labels, **other_ways(features, k, seed=SEED)}
        figures["ways"] = {
            name: {
                "clusters": int(found.max()) + 1,
                "unplaced": round(float((found < 0).mean()), 3),
                "silhouette": _silhouette(features[found >= 0], found[found >= 0]),
                "agrees_with_types": round(float(adjusted_mutual_info_score(types, found)), 3),
            }
            for name, found in ways.items()
        }
    return figures


def _silhouette(features: npt.NDArray[np.float32], labels: Ids) -> float | None:
    if not 1 < len(set(labels.tolist())) < len(labels):
        return None
    return round(
        float(silhouette_score(features, labels, sample_size=min(1_000, len(labels)), random_state=SEED)), 4
    )


def judge_related(
    shelves: Sequence[Shelf], built: Sequence[CategoryClusters], progress: Progress
) -> dict[str, Any]:
    """The first six of every judged product, by each way: share of the same article type, how many models, and how many
    differ in model, tone or price from all before them.

    *Random* takes six of the category; *popularity* shows everybody the same six of the category's most frequent type;
    the *report's pipeline* knows words alone and puts the whole cluster first.
    """
    counts = Counter(name for shelf in shelves for name in shelf.types)
    ways: dict[str, list[dict[str, float]]] = {}
    for shelf, clusters in progress(list(zip(shelves, built, strict=True)), "related"):
        asked = [
            row for row in np.flatnonzero(shelf.judged).tolist() if counts[shelf.types[row]] >= FEWEST_OF_TYPE
        ]
        if not asked:
            continue
        found = {
            "random": _random(shelf),
            "popularity": _popular(shelf),
            "report": _first(
                shelf, shelf.build(facts=Facts.unknown(len(shelf)), weights=WORDS_ALONE), bias=1.0
            ),
            "pictures": _first(shelf, shelf.build(facts=shelf.seen, weights=PICTURES_ALONE), bias=BIAS),
            "seen": _first(shelf, shelf.build(facts=shelf.seen), bias=BIAS),
            "ours": _first(shelf, clusters, bias=BIAS),
        }
        for name, rows in found.items():
            ways.setdefault(name, []).extend(_figures_of(shelf, row, rows[row]) for row in asked)
    return {"products": len(next(iter(ways.values()), []))} | {
        name: {figure: round(float(np.mean([each[figure] for each in answers])), 4) for figure in answers[0]}
        | {
            "standard_error": round(
                float(np.std([each["same_type"] for each in answers]) / len(answers) ** 0.5), 4
            )
        }
        for name, answers in ways.items()
    }


def _figures_of(shelf: Shelf, row: int, others: Ids) -> dict[str, float]:
    there = [int(other) for other in others if other >= 0]
    facts = shelf.stated
    looks = {(facts.models[i] or i, facts.tones[i], facts.prices[i]) for i in there}
    return {
        "same_type": sum(shelf.types[i] == shelf.types[row] for i in there) / FIRST,
        "models": len({facts.models[i] or i for i in there}),
        "varied": len(looks),
    }


def _first(shelf: Shelf, clusters: CategoryClusters, *, bias: float) -> Ids:
    """Rows of the first six of every product, (m, 6); -1 where there are fewer."""
    number = {int(pk): row for row, pk in enumerate(shelf.ids)} | {NO_PRODUCT: -1}
    found = related_within(clusters, FIRST, bias=bias).product_ids
    return np.array([[number[int(pk)] for pk in line] for line in found], np.int64)


def _random(shelf: Shelf) -> Ids:
    rng = np.random.default_rng(SEED)
    m = len(shelf)
    rows = np.full((m, FIRST), -1, np.int64)
    for row in range(m):
        others = np.delete(np.arange(m), row)
        chosen = rng.choice(others, min(FIRST, len(others)), replace=False)
        rows[row, : len(chosen)] = chosen
    return rows


def _popular(shelf: Shelf) -> Ids:
    frequent = Counter(shelf.types)
    best = sorted(range(len(shelf)), key=lambda row: -frequent[shelf.types[row]])
    rows = np.full((len(shelf), FIRST), -1, np.int64)
    for row in range(len(shelf)):
        chosen = [other for other in best[: FIRST + 1] if other != row][:FIRST]
        rows[row, : len(chosen)] = chosen
    return rows


def judge_mapper(
    shelves: Sequence[Shelf], built: Sequence[CategoryClusters], progress: Progress
) -> dict[str, Any]:
    """Take a tenth of each category out, cluster the rest, attach the tenth, and compare with what the whole says.

    ``overlap``: of the first six, as a share, counted among the products both could name. ``error``: how far the
    approximate similarity to the cluster lies from the exact one. ``inside``: how often the exact one is within the
    bound.
    """
    rng = np.random.default_rng(SEED)
    overlaps, errors, inside = [], [], []
    for shelf, clusters in progress(list(zip(shelves, built, strict=True)), "mapper"):
        if len(shelf) < FEWEST_TO_TRY:
            continue
        new = np.sort(rng.choice(len(shelf), max(1, int(NEWCOMERS * len(shelf))), replace=False))
        old = np.setdiff1d(np.arange(len(shelf)), new)
        before = shelf.build(old)
        exact = related_within(clusters, 4 * FIRST)
        newcomers = set(shelf.ids[new].tolist())
        for row in new:
            found = attach(
                before,
                shelf.descriptors[row],
                embedding=shelf.embeddings[row],
                colour=shelf.colours[row],
                facts=shelf.stated.chosen([row]),
                n=FIRST,
            )
            # The other newcomers are strangers to the mapper; in the shop they come one at a time.
            true = [pk for pk in exact.product_ids[row].tolist() if pk not in newcomers and pk != NO_PRODUCT][
                :FIRST
            ]
            if not true:
                continue
            overlaps.append(len({*true} & {*found.related_ids.tolist()}) / len(true))
            away = clusters.features[row].astype(np.float64) - clusters.centres[clusters.labels[row]]
            score = float(similarity(np.array([away @ away]))[0])
            errors.append(abs(score - found.score))
            inside.append(errors[-1] <= found.error)
    if not overlaps:
        return {"products": 0, "overlap": None, "error": None, "inside": None}
    return {
        "products": len(overlaps),
        "overlap": round(float(np.mean(overlaps)), 4),
        "error": round(float(np.mean(errors)), 4),
        "inside": round(float(np.mean(inside)), 4),
    }


def judge_extension(
    shelves: Sequence[Shelf], built: Sequence[CategoryClusters], progress: Progress
) -> dict[str, Any]:
    """Take a tenth of each larger category out, cluster the rest, take the tenth in as a refresh does, and compare with
    what the whole says: which share of the first six are the same, for the newcomers and for the others.

    ``stale``: the same for the others when nobody tells them of the newcomers. ``touched``: which share of the others
    got a new list.
    """
    rng = np.random.default_rng(SEED)
    figures: dict[str, list[float]] = {"newcomers": [], "others": [], "stale": [], "touched": []}
    for shelf, clusters in progress(list(zip(shelves, built, strict=True)), "extension"):
        new = np.sort(rng.choice(len(shelf), max(1, int(NEWCOMERS * len(shelf))), replace=False))
        old = np.setdiff1d(np.arange(len(shelf)), new)
        if len(old) < FEWEST_TO_EXTEND:
            continue
        before = shelf.build(old)
        grown = extend_category(before, before.product_ids, shelf.newcomers(new))
        stale = related_within(before, FIRST)
        bars = np.zeros(len(shelf))
        bars[old] = stale.scores[:, -1]
        touched = touched_rows(grown, new, bars)
        exact = related_within(clusters, FIRST).product_ids
        now = exact.copy()
        now[old] = stale.product_ids
        figures["stale"] += _overlaps(now[old], exact[old])
        told = np.concatenate([new, touched])
        now[told] = related_rows(grown, told, FIRST).product_ids
        figures["newcomers"] += _overlaps(now[new], exact[new])
        figures["others"] += _overlaps(now[old], exact[old])
        figures["touched"] += np.isin(old, touched).astype(float).tolist()
    return {
        "products": len(figures["newcomers"]),
        **{name: round(float(np.mean(values)), 4) if values else None for name, values in figures.items()},
    }


def _overlaps(found: Ids, exact: Ids) -> list[float]:
    """Row by row which share of the exact ones was found."""
    return [
        len({*left} & {*right}) / len(right)
        for left, right in zip(found.tolist(), exact.tolist(), strict=True)
    ]


def lessons_of(shelves: Sequence[Shelf], groups: dict[int, str], half: npt.NDArray[np.bool_]) -> list[Lesson]:
    """What the judged products teach about the weights; ``half`` tells of each product id whether it may teach.

    A neighbour of the same type is worth 1, half as much more for the same gender and a quarter for the same colour
    family, and 2 more when it is the same model in another colour (``groups`` by id).
    """
    lessons = []
    for shelf in shelves:
        rows = np.flatnonzero(shelf.judged & half[shelf.ids])
        if not len(rows) or len(shelf) < 2:
            continue
        clusters = shelf.build()
        channels = {
            "words": clusters.histograms,
            "embedding": shelf.embeddings,
            "colour": shelf.colours,
            **{name: rows_ for name, rows_ in shelf.stated.channels().items() if rows_.any()},
        }
        same = [
            _same(values, rows)
            for values in (
                shelf.types,
                [next(iter(guess), "") for guess in shelf.stated.genders],
                shelf.stated.tones,
                [groups.get(int(pk), "") for pk in shelf.ids],
            )
        ]
        worth = same[0] * (1 + 0.5 * same[1] + 0.25 * same[2] + 2 * same[3])
        lessons.append(lesson(channels, rows, worth))
    return lessons


def _same(values: Sequence[str], rows: Ids) -> npt.NDArray[np.float64]:
    words = np.array(values, dtype=np.str_)
    return np.asarray((words[rows][:, None] == words) & (words != ""), np.float64)


def only(shelf: Shelf, judged: npt.NDArray[np.bool_]) -> Shelf:
    """The same shelf with other products asked."""
    return replace(shelf, judged=judged)
