"""How looks, colour and kind of thing are weighed against each other: one formula, for arrays.

The search writes the same sum in SQL with the weights from here (``vision.search``); evaluations rank a gallery in
memory with it. Both give the same order (``tests/vision/test_search.py``).
"""

from collections.abc import Iterable
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from vision.vocabulary import SHELVES

Floats = NDArray[np.float32]

# Chosen on 200 phone photos of ten types that no network was trained on, and measured on the same: the first answer was
# of the right kind for .51 by looks and colour alone and for .83 with the kinds. The colour channel costs nothing there
# and turns the shade right.
COLOUR_WEIGHT = 0.3
TYPE_WEIGHT = 0.5
SHELF_WEIGHT = 0.2
MOST_WORTH = TYPE_WEIGHT + SHELF_WEIGHT  # of a kind that was seen with certainty

# Cosines of two pictures. In shape (the network's embedding) they are near from LOOKS_CLOSE on; in colour (the
# garment's histogram) near from COLOUR_CLOSE on and visibly apart below COLOUR_APART; between those nothing is said of
# the colour. Chosen on ../shared/data/products: of the 24 nearest by looks to 307 pictures that the network had not
# learnt from, those from .75 on were of the same article type for .85; of 900 pictures, those with colours from .85 on
# were of the same colour family for .55, those below .7 for .11.
LOOKS_CLOSE = 0.75
COLOUR_CLOSE = 0.85
COLOUR_APART = 0.7

# What a picture is matched by: as it is; the same shape in another colour; the same colour in another shape.
MatchBy = Literal["both", "shape", "colour"]
MATCHES: tuple[MatchBy, ...] = get_args(MatchBy)


class SeenLabel(Protocol):
    """A label with its kind and how likely it is, as ``vision.inference.Label`` has them."""

    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def probability(self) -> float: ...


def colour_share(match: MatchBy, colour_weight: float = COLOUR_WEIGHT) -> float:
    """The weight of the colour channel, 0..1: none where the colour shall differ, all where it alone shall agree."""
    return {"both": colour_weight, "shape": 0.0, "colour": 1.0}[match]


def blend(
    looks: Floats,
    colour: Floats,
    kind_worth: Floats | None = None,
    *,
    colour_weight: float = COLOUR_WEIGHT,
    match: MatchBy = "both",
) -> Floats:
    """Scores (n,), higher is better, of n pictures; ``-inf`` for those that ``match`` rules out.

    ``looks`` and ``colour`` (n,) are cosines with what is searched for, ``kind_worth`` (n,) what each one's article
    type is worth (``kinds_seen``). ``colour_weight`` is the colour channel's share where both count. All arrays may
    have leading dimensions, one for each query.
    """
    share = np.float32(colour_share(match, colour_weight))
    scores = (1 - share) * looks + share * colour
    if kind_worth is not None:
        scores = scores + kind_worth
    if match == "shape":
        scores = np.where(colour < COLOUR_APART, scores, -np.inf)
    elif match == "colour":
        scores = np.where((looks < LOOKS_CLOSE) & (colour >= COLOUR_APART), scores, -np.inf)
    return np.asarray(scores, np.float32)


def kinds_seen(labels: Iterable[SeenLabel]) -> dict[str, float]:
    """What it is worth to a product to be of an article type, given what was seen: its probability, and that of its
    shelf, by their weights. Types that were not seen, on shelves that were not seen, are left out."""
    seen = list(labels)
    shelves = {x.label: SHELF_WEIGHT * x.probability for x in seen if x.kind == "category"}
    worth = {name: shelves[shelf] for shelf in shelves.keys() & SHELVES.keys() for name in SHELVES[shelf]}
    for label in seen:
        if label.kind == "type":
            worth[label.label] = worth.get(label.label, 0.0) + TYPE_WEIGHT * label.probability
    return worth
