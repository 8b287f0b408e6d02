"""Whether a picture shows something of the shop's kind at all: a decision learned from what the network says and how
near the catalogue is.

Four pieces of evidence, each weak alone, are weighed by a logistic regression: the network's own answer "goods or
something else", how certain it is of the article type, whether its two heads for type and shelf agree, and how near the
nearest catalogue pictures are. The weights lie beside the model they belong to, in ``refusal.json``. A model without
that file is judged by its certainty and agreement alone.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vision.labels import shelf_of
from vision.model_files import REFUSAL, ModelError, read_manifest

if TYPE_CHECKING:
    from vision.inference import Label  # at run time it would bring the network's library along

NEAREST = 5  # catalogue pictures whose likeness counts
# For models without refusal.json. Chosen and measured on 341 held-out phone photos (4 % are refused) and 130 pictures
# of other things (31 % are not; area under the curve .935).
KNOWN_FROM = 0.33
_CLOSE_TO_CERTAIN = 1e-4  # chances are kept this far from 0 and 1, so that their logits stay finite


@dataclass(frozen=True)
class Evidence:
    """What speaks for a picture being of the shop's kind; the more the likelier.

    ``goods``: the logit of the network's answer. ``certainty`` of the article type, the root of the sum of squared
    probabilities. ``agreement`` of type and shelf, their Bhattacharyya coefficient; a model without both heads has 1
    for both. ``nearness``: the mean cosine to the nearest catalogue pictures.
    """

    goods: float
    certainty: float
    agreement: float
    nearness: float


def evidence_of(
    labels: Iterable["Label"], goods: float, looks: Sequence[float] | npt.NDArray[Any]
) -> Evidence:
    """The evidence in what was seen: labels, the probability of goods, cosines to catalogue pictures found (any order).

    Of nothing found the nearness is 0.
    """
    seen = list(labels)
    types = {x.label: x.probability for x in seen if x.kind == "type"}
    shelves = {x.label: x.probability for x in seen if x.kind == "category"}
    certainty = agreement = 1.0
    if types and shelves:
        by_shelf: dict[str | None, float] = {}
        for name, probability in types.items():
            by_shelf[shelf_of(name)] = by_shelf.get(shelf_of(name), 0.0) + probability
        agreement = sum(
            math.sqrt(p * shelves[shelf])
            for shelf, p in by_shelf.items()
            if shelf is not None and shelf in shelves
        )
        certainty = math.sqrt(sum(p * p for p in types.values()))
    chance = min(1 - _CLOSE_TO_CERTAIN, max(_CLOSE_TO_CERTAIN, goods))
    nearest = np.sort(np.asarray(looks, np.float64))[-NEAREST:]
    return Evidence(
        goods=math.log(chance / (1 - chance)),
        certainty=certainty,
        agreement=agreement,
        nearness=float(nearest.mean()) if len(nearest) else 0.0,
    )


@dataclass(frozen=True)
class Refusal:
    """The decision. ``weights`` (of an ``Evidence``'s fields) and ``bias`` give the chance that a picture is of the
    shop's kind; from ``threshold`` on it is known. Without weights certainty times agreement is the chance."""

    weights: Mapping[str, float] | None = None
    bias: float = 0.0
    threshold: float = KNOWN_FROM

    def chance(self, evidence: Evidence) -> float:
        """How likely the picture is of the shop's kind, 0..1."""
        if self.weights is None:
            return evidence.certainty * evidence.agreement
        logit = self.bias + sum(self.weights[name] * value for name, value in asdict(evidence).items())
        return 1 / (1 + math.exp(-min(60.0, max(-60.0, logit))))

    def knows(self, evidence: Evidence) -> bool:
        """Whether the shop may name what the picture shows."""
        return self.chance(evidence) >= self.threshold

    @classmethod
    def load(cls, folder: Path) -> "Refusal":
        """The decision that belongs to the model in ``folder``; the plain rule where it has none of its own.

        Raises:
            ModelError: when a file of the model is missing or has been changed.
        """
        if REFUSAL not in read_manifest(folder)["sha256"]:
            return cls()
        file = folder / REFUSAL
        try:
            content = json.loads(file.read_bytes())
            weights = {field.name: float(content["weights"][field.name]) for field in fields(Evidence)}
            return cls(weights, float(content["bias"]), float(content["threshold"]))
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{file} cannot be used ({error}). Run fit_refusal again.") from error

    def to_json(self) -> dict[str, Any]:
        """What ``load`` reads."""
        return {"weights": self.weights, "bias": self.bias, "threshold": self.threshold}
