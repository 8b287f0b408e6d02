"""How well each channel finds pictures of the same kind: queries against a gallery, in memory, by brute force."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from vision.blend import blend, kinds_seen
from vision.datasets import DatasetError, Picture, understand
from vision.evaluation.seeing import Seen
from vision.inference import Label
from vision.labels import meant_by
from vision.metrics import average_precision, bootstrap_interval, ndcg, precision_at_k
from vision.visual_words import VisualVocabulary

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
# Rows of queries -> how like each gallery picture is to each of them: (rows, gallery), higher is more like.
Channel = Callable[[Rows], Floats]

N = 10
FEWEST = 10  # gallery pictures with a query's label; with fewer, the first ten cannot be right
BLOCK = 256  # queries at a time
MOST_NONE = -np.inf


@dataclass(frozen=True)
class Task:
    """Which gallery pictures (columns) are right answers to which queries (rows), and which may not be answers at all.

    ``asked`` (k,) are the queries that are asked, ``left_out`` how many are not. ``itself`` and ``kin`` name, for each
    query, the gallery rows that show the same product, and those of the same model in any colour.
    """

    asked: Rows
    left_out: int
    itself: Sequence[Rows]
    kin: Sequence[Rows]
    _gallery: Mapping[str, npt.NDArray[np.int64]]
    _allowed: Mapping[str, Bools]

    def relevant(self, rows: Rows) -> Bools:
        """Right answers, without the product itself: bool (rows, gallery)."""
        right = np.logical_and.reduce(
            [self._allowed[kind][rows][:, numbers] for kind, numbers in self._gallery.items()]
        )
        for place, row in enumerate(rows):
            right[place, self.itself[row]] = False
        return np.asarray(right, bool)


def same_kind(
    queries: Seen, gallery: Seen, kinds: Sequence[str], label_map: Mapping[str, Sequence[str]] | None = None
) -> Task:
    """Right is what has the query's label of each of ``kinds`` (type, colour, category, family, gender, …).

    A query's word is looked up in ``label_map``; what is not there means what ``meant_by`` knows of everyday words.

    Raises:
        DatasetError: when no query can be asked.
    """
    vocabulary = {
        kind: frozenset(word for picture in gallery.pictures if (word := picture.words.get(kind)))
        for kind in ("type", "colour", *kinds)
    }
    mapped = {word.lower(): frozenset(labels) for word, labels in (label_map or {}).items()}
    theirs = [understand(picture.words, vocabulary) for picture in gallery.pictures]
    wanted = [_wanted(picture, vocabulary, mapped) for picture in queries.pictures]
    numbers, allowed = {}, {}
    for kind in kinds:
        names = sorted({name for labels in theirs for name in labels.get(kind, ())})
        number = {name: i for i, name in enumerate(names)}
        none = len(names)
        numbers[kind] = np.array([number[min(labels[kind])] if kind in labels else none for labels in theirs])
        allowed[kind] = np.zeros((len(wanted), none + 1), bool)
        for row, labels in enumerate(wanted):
            allowed[kind][row, [number[name] for name in labels.get(kind, ()) if name in number]] = True
    itself, kin = relatives(queries, gallery)
    everyone = np.arange(len(queries))
    task = Task(everyone, 0, [np.zeros(0, np.int64)] * len(queries), kin, numbers, allowed)
    counts = np.concatenate([task.relevant(rows).sum(axis=1) for rows in blocks(everyone)])
    asked = np.flatnonzero(counts >= FEWEST)
    if not len(asked):
        raise DatasetError(
            f"No query has a label of {','.join(kinds)} that is on {FEWEST} gallery pictures. Check --same, or say in "
            "--label-map which gallery labels a query's label means."
        )
    return Task(asked, len(queries) - len(asked), itself, kin, numbers, allowed)


def _wanted(
    picture: Picture, vocabulary: Mapping[str, frozenset[str]], mapped: Mapping[str, frozenset[str]]
) -> Mapping[str, frozenset[str]]:
    found = {kind: mapped[word.lower()] for kind, word in picture.words.items() if word.lower() in mapped}
    return {**understand(picture.words, vocabulary), **found}


def relatives(queries: Seen, gallery: Seen) -> tuple[list[Rows], list[Rows]]:
    """For each query the gallery rows of the same product, and of the same model in any colour (the product too).

    Pictures of CSV files are the same product when file name and name stem agree, whichever copy of the shop they lie
    in; other pictures when they are the same file.
    """
    own: dict[Any, list[int]] = {}
    models: dict[Any, list[int]] = {}
    for row, picture in enumerate(gallery.pictures):
        own.setdefault(_identity(picture, gallery.has_table), []).append(row)
        if picture.group is not None:
            models.setdefault(picture.group, []).append(row)
    itself = [np.array(own.get(_identity(p, queries.has_table), []), np.int64) for p in queries.pictures]
    kin = [
        np.union1d(rows, np.array(models.get(picture.group, []), np.int64))
        for rows, picture in zip(itself, queries.pictures, strict=True)
    ]
    return itself, kin


def _identity(picture: Picture, has_table: bool) -> tuple[str, ...]:
    return (PurePosixPath(picture.name).stem, picture.group or "") if has_table else (picture.name,)


def channels_of(queries: Seen, gallery: Seen, seed: int = 0) -> dict[str, Channel]:
    """Every way of searching: the simple ones, the network's embedding, and the shop's own blend of it with the
    garment's colour and the kinds that were seen. ``seed`` is that of the visual words, learned from the gallery."""
    words = VisualVocabulary(seed=seed).fit(gallery.descriptors)
    ours, theirs = words.histograms(queries.descriptors), words.histograms(gallery.descriptors)
    return {
        **{name: _cosine(queries.described[name], gallery.described[name]) for name in gallery.described},
        "visual_words": _nearness(ours, theirs),
        "embedding": by_embedding(queries, gallery),
        "blend": blended(queries, gallery),
    }


def _cosine(queries: Floats, gallery: Floats) -> Channel:
    return lambda rows: np.asarray(queries[rows] @ gallery.T, np.float32)


def _nearness(queries: Floats, gallery: Floats) -> Channel:
    """The negative squared distance, by the definition that k-means has."""
    lengths = (gallery**2).sum(axis=1)
    return lambda rows: np.asarray(2 * queries[rows] @ gallery.T - lengths, np.float32)


def by_embedding(queries: Seen, gallery: Seen) -> Channel:
    """Likeness by looks alone: the cosine of the network's embeddings."""
    return _cosine(queries.embeddings, gallery.embeddings)


def blended(queries: Seen, gallery: Seen) -> Channel:
    """The shop's own order: looks, the garment's colour, and what was seen against what the catalogue says."""
    types = sorted({picture.words.get("type", "") for picture in gallery.pictures})
    number = {name: i for i, name in enumerate(types)}
    of_type = np.array([number[picture.words.get("type", "")] for picture in gallery.pictures])

    def scores(rows: Rows) -> Floats:
        worth = np.array([_worth(queries.labels[row], types, gallery.has_table) for row in rows], np.float32)
        return blend(
            queries.embeddings[rows] @ gallery.embeddings.T,
            queries.colours[rows] @ gallery.colours.T,
            worth[:, of_type],
        )

    return scores


def _worth(labels: Sequence[Label], types: Sequence[str], exact: bool) -> list[float]:
    kinds = kinds_seen(labels)
    if exact:
        return [kinds.get(name, 0.0) for name in types]
    return [max((kinds[x] for x in meant_by(name, "type", kinds)), default=0.0) for name in types]


def blocks(rows: Rows) -> list[Rows]:
    """``rows`` in parts that are small enough to be compared with a large gallery at once."""
    return [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]


def rank(channel: Channel, rows: Rows, without: Sequence[Rows], n: int = N) -> Rows:
    """The ``n`` best gallery rows for each query of ``rows``, best first: (rows, n).

    ``without`` names, by query, the gallery rows that cannot be answers. Where a gallery is smaller, -1 fills up.
    """
    found = [_best(channel(part), [without[row] for row in part], n) for part in blocks(rows)]
    return np.concatenate(found) if found else np.zeros((0, n), np.int64)


def _best(scores: Floats, without: Sequence[Rows], n: int) -> Rows:
    scores = np.array(scores, np.float32)
    for place, forbidden in enumerate(without):
        scores[place, forbidden] = MOST_NONE
    n_kept = min(n, scores.shape[1])
    kept = np.sort(np.argpartition(-scores, n_kept - 1, axis=1)[:, :n_kept], axis=1)
    order = np.argsort(-np.take_along_axis(scores, kept, axis=1), axis=1, kind="stable")
    order = np.take_along_axis(kept, order, axis=1)
    order[np.take_along_axis(scores, order, axis=1) == MOST_NONE] = -1
    missing = n - order.shape[1]
    return np.pad(order, ((0, 0), (0, missing)), constant_values=-1) if missing > 0 else order


def figures(task: Task, ranked: Rows, without: Sequence[Rows] | None = None) -> dict[str, Any]:
    """Precision at 1 and 10, mean average precision and nDCG of the first ten, with 95 % intervals over the queries.

    ``ranked`` (asked, 10) are the answers to ``task.asked``. A picture in ``without`` was no possible answer.
    """
    hits = hits_of(task, ranked)
    findable = np.concatenate([_findable(task, rows, without) for rows in blocks(task.asked)])
    ideal = np.arange(N) < np.minimum(findable, N)[:, None]
    of_query = {
        "precision_at_1": precision_at_k(hits, 1),
        "precision_at_10": precision_at_k(hits, N),
        "map_at_10": average_precision(hits, N, n_relevant=findable),
        "ndcg_at_10": ndcg(hits, N, ideal=ideal),
    }
    return {name: float(values.mean()) for name, values in of_query.items()} | {
        f"{name}_interval": bootstrap_interval(values) for name, values in of_query.items()
    }


def hits_of(task: Task, ranked: Rows) -> Bools:
    """Which answers are right: bool (asked, n)."""
    found = []
    for start in range(0, len(task.asked), BLOCK):
        answers = ranked[start : start + BLOCK]
        relevant = task.relevant(task.asked[start : start + BLOCK])
        found.append(np.take_along_axis(relevant, answers, axis=1) & (answers >= 0))
    return np.concatenate(found)


def _findable(task: Task, rows: Rows, without: Sequence[Rows] | None) -> npt.NDArray[np.int64]:
    relevant = task.relevant(rows)
    if without is not None:
        for place, row in enumerate(rows):
            relevant[place, without[row]] = False
    return np.asarray(relevant.sum(axis=1), np.int64)
