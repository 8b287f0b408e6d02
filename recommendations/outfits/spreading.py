"""Keeps offers varied: within a list by turns, over all lists by prices."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

SOFTNESS = 0.02  # of a score: how much worse a thing may be and still be taken now and then


def fair_prices(scores: Floats, softness: float = SOFTNESS, rounds: int = 20) -> Floats:
    """Prices (k,) at which q askers, who each take what scores most above its price, would take each of k things about
    equally often: scores (q, k), below 0 where a thing does not fit the asker. Their median is 0.

    One side of entropic optimal transport (Cuturi, "Sinkhorn Distances", 2013), without the other: no asker is made
    to take what does not suit.
    """
    fits = scores >= 0
    fits_somebody = fits.any(axis=0)
    prices = np.zeros(scores.shape[1])
    if not fits_somebody.any():
        return prices
    asks = scores[fits.any(axis=1)]
    for _ in range(rounds):
        wish = np.where(asks >= 0, (asks - prices) / softness, -np.inf)
        wish = np.exp(wish - wish.max(axis=1, keepdims=True))
        taken = (wish / wish.sum(axis=1, keepdims=True)).mean(axis=0)
        prices += np.where(fits_somebody, softness * np.log(np.maximum(taken * len(prices), 1e-3)), 0.0)
    fair: Floats = np.where(fits_somebody, prices - np.median(prices[fits_somebody]), 0.0)
    return fair


def varied_order(scores: Sequence[Floats], slots: Sequence[str]) -> Ids:
    """Order the columns of all kinds for variety, (q, all columns), best first and inadmissible (-1) ones
    last.

    ``scores`` holds one array (q, candidates) per kind, best first; ``slots`` the slot of each kind.
    """
    everyone = np.concatenate(scores, axis=1)
    turn_in_kind = np.concatenate([np.arange(part.shape[1]) for part in scores])
    slot_of_column = np.repeat(np.array(slots), [part.shape[1] for part in scores])
    # Scores are at most 1, so a whole turn outweighs any of them.
    by_kind = np.where(everyone < 0, np.inf, 2 * turn_in_kind - everyone)
    turn_in_slot = np.zeros_like(everyone)
    for slot in set(slots):
        columns = np.flatnonzero(slot_of_column == slot)
        turn_in_slot[:, columns] = by_kind[:, columns].argsort(axis=1, kind="stable").argsort(axis=1)
    by_slot = np.where(everyone < 0, np.inf, 2 * turn_in_slot - everyone)
    return by_slot.argsort(axis=1, kind="stable")
