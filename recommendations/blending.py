"""From several lists to one page: weigh by how well the shopper is known, vary, obey the shop's rules, fill up."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Self

import numpy as np
import numpy.typing as npt

from recommendations.profiles import BUCKETS, Interactions, Profile, bucket_of
from recommendations.proving_blend import spread_out
from recommendations.ranking import NOTHING, Ranking, Recommender

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Alike = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float64]]  # (m,) ids -> (m, m) in 0..1
Meetings = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float64]]  # (m,) ids -> (m,) shoppers

# What a shop begins with, until its own log has questions enough (recommendations.rehearsing). Learned from 961
# questions in the training part of a clothing shop's clicks (e-shop, new sessions) and rounded by hand, in a run that
# printed test figures, too; then lightly changed, and measured again as they are (docs/benchmarks.md). "content" and
# "ease" by judgement: that log has 216 items, all old, so it has no use for either. Voices: "taste" (UserNeighbours),
# "items" (ItemNeighbours), "next" (StagedRules), "ease" (Ease), "content" (ContentModel), "expansion" (Expansion of
# the taste list), "popular" (recent Popularity). One that a hybrid lacks is not missed.
_KNOWN = {
    "taste": 0.10,
    "items": 0.33,
    "next": 0.46,
    "ease": 0.03,
    "content": 0.05,
    "expansion": 0.01,
    "popular": 0.02,
}
WEIGHTS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {"0": {"popular": 1.0}, **dict.fromkeys(BUCKETS[1:], _KNOWN)}
)

POOL = 5  # candidates asked of each member per place on the page: room for rules and variety


def fuse(rankings: Mapping[str, Ranking], weights: Mapping[str, float]) -> Ranking:
    """Add several rankings up, each scaled so that its best line is 1, times its weight.

    Each line keeps the reason of the ranking that gave it most; ties in score fall to the smaller id. Scores are
    divided by the sum of the weights that had something to say: 0..1.
    """
    heard = [
        (ranking, weights.get(name, 0.0))
        for name, ranking in rankings.items()
        if len(ranking) and weights.get(name, 0.0) > 0
    ]
    if not heard:
        return NOTHING
    lines = join(*(ranking for ranking, _ in heard))
    parts = np.concatenate([weight * ranking.scores / ranking.scores[0] for ranking, weight in heard])
    ids, where = np.unique(lines.ids, return_inverse=True)
    scores = np.bincount(where, parts) / sum(weight for _, weight in heard)
    order = np.argsort(-scores, kind="stable")
    quiet_to_loud = np.argsort(parts, kind="stable")
    loudest = np.empty(len(ids), np.int64)
    loudest[where[quiet_to_loud]] = quiet_to_loud
    kept = lines.take(loudest[order])
    return Ranking(kept.ids, scores[order], kept.reasons, kept.because, kept.support)


def join(*rankings: Ranking) -> Ranking:
    """Write rankings one below the other."""
    return Ranking(
        np.concatenate([NOTHING.ids, *(ranking.ids for ranking in rankings)]),
        np.concatenate([NOTHING.scores, *(ranking.scores for ranking in rankings)]),
        tuple(reason for ranking in rankings for reason in ranking.reasons),
        np.concatenate([NOTHING.because, *(ranking.because for ranking in rankings)]),
        np.concatenate([NOTHING.support, *(ranking.support for ranking in rankings)]),
    )


def diversify(ranking: Ranking, alike: Alike, n: int, variety: float = 0.3) -> Ranking:
    """Choose ``n`` lines by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).

    Each next line has the largest (1 - variety) · score - variety · likeness to the most similar line chosen
    before; 0 keeps the order. Scores stay those of the ranking, so they may rise again down the page.
    """
    count = min(n, len(ranking))
    if variety <= 0 or count == 0:
        return ranking.take(np.arange(count))
    likeness = alike(ranking.ids)
    relevance = (1 - variety) * ranking.scores / max(float(ranking.scores[0]), 1e-12)
    nearest = np.zeros(len(ranking))
    chosen: list[int] = []
    for _ in range(count):
        value = relevance - variety * nearest
        value[chosen] = -np.inf
        chosen.append(int(value.argmax()))
        nearest = np.maximum(nearest, likeness[chosen[-1]])
    return ranking.take(chosen)


def recent_first(profile: Profile, n: int, *, hidden: Sequence[int] = ()) -> Ids:
    """Return the items the shopper met last and does not dislike, newest first."""
    newest = profile.liked().item_ids[::-1]
    return newest[~np.isin(newest, np.asarray(hidden, dtype=np.int64))][:n]


class Hybrid:
    """Several recommenders heard together, weighed by the shopper's cold-start bucket.

    Args:
        members: recommenders by name, e.g. ``{"taste": UserNeighbours(), "next": SequentialRules()}``.
        filler: completes a page that is too short, with lower scores than all above.
        weights: by bucket, then by member; what is missing is not heard.
        alike, variety: see ``diversify``; without ``alike`` the order stays that of the scores.
        meetings, spread: the blended scores are divided by this power of how many shoppers met the items; without
            ``meetings`` they are not.
    """

    def __init__(
        self,
        *,
        members: Mapping[str, Recommender],
        filler: Recommender,
        weights: Mapping[str, Mapping[str, float]] = WEIGHTS,
        alike: Alike | None = None,
        variety: float = 0.3,
        meetings: Meetings | None = None,
        spread: float = 0.0,
    ) -> None:
        self.members = members
        self.weights = weights
        self.filler = filler
        self.alike = alike
        self.variety = variety
        self.meetings = meetings
        self.spread = spread

    def fit(self, interactions: Interactions) -> Self:
        """Fit all members and the filler. Leave this out when they are fitted already."""
        for member in (*self.members.values(), self.filler):
            member.fit(interactions)
        return self

    def recommend_for(self, profile: Profile, n: int = 24, *, exclude: Sequence[int] = ()) -> Ranking:
        """Rank at most ``n`` items; shorter only when the filler, too, has no more.

        ``exclude`` carries the shop's rules: sold out, just bought, not for sale. What the shopper has met or
        dismissed is left out anyway.
        """
        weights = self.weights.get(bucket_of(len(profile.liked())), {})
        rankings = {
            name: member.recommend_for(profile, POOL * n, exclude=exclude)
            for name, member in self.members.items()
            if weights.get(name, 0.0) > 0
        }
        found = fuse(rankings, weights)
        if len(profile.liked()):  # popularity is all that a newcomer's list has to go by
            found = self.spread_over_catalogue(found)
        if self.alike is not None:
            page = diversify(found.take(np.arange(min(POOL * n, len(found)))), self.alike, n, self.variety)
        else:
            page = found.take(np.arange(min(n, len(found))))
        return self._filled(page, profile, n, exclude)

    def spread_over_catalogue(self, found: Ranking) -> Ranking:
        """Divide the scores by a power of how many met the items; the best is 1 again, ties fall to the smaller id."""
        if self.meetings is None or not self.spread or not len(found):
            return found
        scores = spread_out(found.scores, self.meetings(found.ids), self.spread)
        order = np.lexsort((found.ids, -scores))
        kept = found.take(order)
        return Ranking(kept.ids, scores[order] / scores[order[0]], kept.reasons, kept.because, kept.support)

    def _filled(self, page: Ranking, profile: Profile, n: int, exclude: Sequence[int]) -> Ranking:
        """Complete a short page from the filler, scaled to lie below it."""
        if len(page) >= n:
            return page
        more = self.filler.recommend_for(profile, n - len(page), exclude=[*exclude, *page.ids.tolist()])
        if not len(more):
            return page
        ceiling = 0.5 * float(page.scores.min()) if len(page) else 1.0
        lower = Ranking(
            more.ids, ceiling * more.scores / more.scores[0], more.reasons, more.because, more.support
        )
        return join(page, lower)
