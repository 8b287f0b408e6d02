"""Builds a whole outfit around a product: one piece for each place on the body, all of which fit each other.

Pieces are chosen together: first for each place what goes best with all that is there, then each in turn once more in
view of the others, until nothing changes (coordinate ascent). Only what fits the product by the hard rules may be
offered here; ``ComplementFinder`` keeps them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommendations.outfits.harmony import Harmony

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

ROUNDS = 5
# What a whole outfit has beside a piece in each place; what the piece itself covers is taken out.
PLACES = ("top", "bottom", "feet", "bag")
COVERED: Mapping[str, Collection[str]] = {"full body": ("top", "bottom")}


@dataclass(frozen=True, eq=False)
class Candidates:
    """m products that may complete one: ids (m,), body slots, ``liking`` (m,), how well each goes with that product
    (``Neighbours.scores``), and ``places`` (m, k), where ``Harmony.place`` puts them."""

    product_ids: Ids
    slots: Sequence[str]
    liking: Floats
    places: Floats


def missing_slots(slot: str) -> list[str]:
    """The places on the body that an outfit around a piece of ``slot`` still needs."""
    covered = {slot, *COVERED.get(slot, ())}
    return [place for place in PLACES if place not in covered]


def complete_look(slot: str, place: Floats, candidates: Candidates, harmony: Harmony) -> dict[str, int]:
    """The look around a piece of ``slot`` at ``place`` (k,): product ids by slot, without the piece itself.

    A slot for which there is no candidate is left out.
    """
    slots = np.array(candidates.slots, np.str_)
    rows_of = {name: np.flatnonzero(slots == name) for name in missing_slots(slot)}
    wanted = [name for name, rows in rows_of.items() if len(rows)]
    chosen: dict[str, int] = {}
    for _ in range(ROUNDS):
        before = dict(chosen)
        for name in wanted:
            others = [row for slot_, row in chosen.items() if slot_ != name]
            chosen[name] = _best(rows_of[name], others, place, candidates, harmony)
        if chosen == before:
            break
    return {name: int(candidates.product_ids[chosen[name]]) for name in wanted}


def swap_piece(
    look: Mapping[str, int],
    slot: str,
    place: Floats,
    candidates: Candidates,
    harmony: Harmony,
    refused: Collection[int] = (),
) -> dict[str, int]:
    """The same look with another piece in ``slot``, chosen to fit the others, which stay; never one of ``refused``, nor
    the one that is there. Where nothing else is left the look stays as it is.

    Raises:
        KeyError: when the look has nothing in ``slot``.
    """
    unwanted = {look[slot], *refused}
    ids = candidates.product_ids.tolist()
    row_of = {pk: row for row, pk in enumerate(ids)}
    rows = np.array(
        [row for row, name in enumerate(candidates.slots) if name == slot and ids[row] not in unwanted],
        np.int64,
    )
    if not len(rows):
        return dict(look)
    others = [row_of[pk] for name, pk in look.items() if name != slot and pk in row_of]
    best = _best(rows, others, place, candidates, harmony)
    return {**look, slot: ids[best]}


def _best(rows: Ids, others: Sequence[int], place: Floats, candidates: Candidates, harmony: Harmony) -> int:
    """The row among ``rows`` that goes best with the product and with the pieces in ``others``."""
    pieces = np.concatenate([place[None], candidates.places[list(others)]])
    ratio = harmony.beside(pieces, candidates.places[rows])
    fits = 1 / (1 + np.exp(-np.clip(ratio, -30, 30)))
    return int(rows[np.argmax(candidates.liking[rows] + fits)])
