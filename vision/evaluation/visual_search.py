"""Hold the search by pictures against galleries: its channels, its speed, its refusals, the same picture again."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vision.datasets import Dataset, sample
from vision.detection import Detector
from vision.evaluation.classifying import Progress
from vision.evaluation.finding_again import FoundAgain, find_again
from vision.evaluation.refusing import evidence_in, refusal_figures
from vision.evaluation.searching import (
    Channel,
    Rows,
    Task,
    blended,
    channels_of,
    figures,
    rank,
    same_kind,
)
from vision.evaluation.seeing import SIMPLE, Describe, Seen, see
from vision.inference import Classifier
from vision.looking import look_at
from vision.perturbation import STRENGTHS, Strength
from vision.refusal import Refusal

TIMED = 100  # queries


@dataclass(frozen=True)
class SearchEvaluation:
    """The figures of ``report``, ready for JSON, and what they come from: the answers of every channel to the queries
    of ``task``, and the pictures that came back changed (by strength)."""

    report: dict[str, Any]
    queries: Seen
    gallery: Seen
    task: Task
    ranked: Mapping[str, Rows]
    again: Mapping[Strength, FoundAgain] = field(default_factory=dict)


def evaluate_visual_search(
    gallery: Dataset,
    queries: Dataset,
    classifier: Classifier,
    progress: Progress,
    *,
    same: Sequence[str] = ("type",),
    label_map: Mapping[str, Sequence[str]] | None = None,
    unknown: Dataset | None = None,
    refusal: Refusal | None = None,
    detector: Detector | None = None,
    perturbed: int = 0,
    among: Sequence[Dataset] = (),
    describers: Mapping[str, Describe] | None = None,
    seed: int = 1,
) -> SearchEvaluation:
    """Search for every query and say how often what is found has its labels of the kinds ``same``.

    A query never finds its own product; ``other_models`` in the report leaves out the other colours of its model too.
    ``detector`` is the shop's. ``unknown`` shows things of other kinds, for the figures of ``refusal``.
    ``perturbed`` gallery pictures come back changed and are searched for in the gallery and ``among`` further ones.

    Raises:
        DatasetError: when nothing can be read or no query can be asked.
    """
    describers = {**SIMPLE, **(describers or {})}
    seen = see(gallery, classifier, progress, describers, detector=detector)
    # The same pictures need not be looked at twice.
    asking = _part(seen, queries) or see(queries, classifier, progress, describers, detector=detector)
    task = same_kind(asking, seen, same, label_map)
    channels = channels_of(asking, seen, seed)
    ranked = {
        name: rank(channel, task.asked, task.itself)
        for name, channel in progress(channels.items(), "channels")
    }
    rejected = list(dict.fromkeys([*seen.rejected, *asking.rejected]))
    report: dict[str, Any] = {
        "gallery": len(seen),
        "queries": len(task.asked),
        "left_out": task.left_out,
        "same": ",".join(same),
        "channels": {name: figures(task, answers) for name, answers in ranked.items()},
        "other_models": _other_models(task, channels),
        "latency_ms": _latency(asking, seen, task.asked[:TIMED], classifier, detector),
        "refusal": None,
        "same_picture": None,
    }
    if unknown is not None:
        strange = see(unknown, classifier, progress, {}, detector=detector, keep_descriptors=False)
        rejected += strange.rejected
        report["refusal"] = refusal_figures(
            evidence_in(asking, seen, task.itself), evidence_in(strange, seen), refusal or Refusal()
        )
    again: dict[Strength, FoundAgain] = {}
    if perturbed:
        crowd = seen
        for dataset in among:
            others = see(dataset, classifier, progress, {}, detector=detector, keep_descriptors=False)
            rejected += others.rejected
            crowd = crowd.joined(others)
        chosen = sample(gallery, perturbed, seed)
        again = {
            strength: find_again(chosen, crowd, strength, classifier, progress, seed, detector)
            for strength in STRENGTHS
        }
        report["same_picture"] = {
            **{strength: found.shares["verified"] for strength, found in again.items()},
            "pictures": len(chosen.pictures),
            "among": len(crowd),
            "stages": {strength: found.figures() for strength, found in again.items()},
        }
    return SearchEvaluation({**report, "rejected": rejected}, asking, seen, task, ranked, again)


def _part(seen: Seen, dataset: Dataset) -> Seen | None:
    """The pictures of ``dataset`` from among those that were seen already, or None when one was not."""
    row_of = {picture.name: row for row, picture in enumerate(seen.pictures)}
    if dataset.exact != seen.has_table or not all(picture.name in row_of for picture in dataset.pictures):
        return None
    return seen.part([row_of[picture.name] for picture in dataset.pictures])


def _other_models(task: Task, channels: Mapping[str, Channel]) -> dict[str, Any] | None:
    """The figures when not even another colour of the query's model may be found; None where there are none."""
    if all(len(kin) == len(own) for kin, own in zip(task.kin, task.itself, strict=True)):
        return None
    return {
        name: figures(task, rank(channel, task.asked, task.kin), task.kin)
        for name, channel in channels.items()
    }


def _latency(
    queries: Seen, gallery: Seen, rows: Rows, classifier: Classifier, detector: Detector | None
) -> dict[str, float]:
    """Milliseconds from a decoded picture to ten answers by the blend: one look and one scan of the whole gallery."""
    search = blended(queries, gallery)
    nothing = [np.zeros(0, np.int64)] * len(queries)
    times = []
    for row in rows:
        image = queries.pictures[row].read()
        start = time.perf_counter()
        look_at([image], classifier, detector)
        rank(search, np.array([row]), nothing)
        times.append(1000 * (time.perf_counter() - start))
    p50, p95 = np.percentile(times, [50, 95])
    return {"p50": float(p50), "p95": float(p95)}
