"""How the voices of the shop's hybrid are blended, and where one is heard alone, by the newest part of its own log.

The voices are fitted on all that is older and asked what came next. What shoppers met since is the answer, so that
nothing is learned from what a voice has seen; and a blend is kept only where it proves itself on questions that it has
not learned from (``proving_blend``). Pure: arrays in, a mixture out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommendations.blending import POOL, WEIGHTS
from recommendations.profiles import BUCKETS, Interactions, Profile, bucket_of
from recommendations.proving_blend import Mixture, prove
from recommendations.ranking import Recommender

Ids = npt.NDArray[np.int64]

SHARE = 0.1  # of what shoppers met, the newest part: what is asked for
MOST_QUESTIONS = 1_500
# On a clothing shop's clicks (e-shop, new sessions) weights of 200 questions are as good as those of 1,500.
FEWEST_QUESTIONS = 200
ANSWERS = 10 * POOL  # asked of each voice, as for a page of ten
NEW_PRODUCTS = "content"
# Of a bucket's weights, by judgement: no log has met what came in this minute, so that none teaches what it is for.
FLOOR = 0.05


@dataclass(frozen=True)
class Rehearsal:
    """What the voices learn from, and what they are asked: for each profile (q) the one item that came next."""

    past: Interactions
    profiles: Sequence[Profile]
    targets: Sequence[Ids]

    def __len__(self) -> int:
        return len(self.profiles)


def rehearse(interactions: Interactions, *, most: int = MOST_QUESTIONS, seed: int = 0) -> Rehearsal:
    """Cut the newest tenth off; ask each shopper who liked something in it for the last such item.

    The profile is all that this shopper met before, in the newest tenth as well: pages know the clicks of a minute
    ago, the fitted voices do not. Shoppers of a single item are not asked. At most ``most`` are, drawn by lot.
    """
    matrix = interactions.strengths
    if not matrix.nnz:
        return Rehearsal(interactions, [], [])
    cut = float(np.quantile(interactions.times, 1 - SHARE))
    rows = np.repeat(np.arange(interactions.n_users), np.diff(matrix.indptr))
    old = interactions.times < cut
    past = Interactions.from_pairs(
        interactions.user_ids[rows[old]],
        interactions.item_ids[matrix.indices[old]],
        matrix.data[old],
        interactions.times[old],
    )
    asked = np.unique(rows[~old & (matrix.data > 0)])
    drawn = np.sort(np.random.default_rng(seed).permutation(asked)[:most])
    profiles, targets = [], []
    for user_id in interactions.user_ids[drawn].tolist():
        profile = interactions.profile_of(user_id)
        last = int(np.flatnonzero(profile.strengths > 0)[-1])
        before = profile.where(np.arange(len(profile)) < last)
        if len(before.liked()):
            profiles.append(before)
            targets.append(profile.item_ids[last : last + 1])
    return Rehearsal(past, profiles, targets)


def learn_mixture(voices: Mapping[str, Recommender], rehearsal: Rehearsal, *, seed: int = 0) -> Mixture:
    """Ask voices fitted on ``rehearsal.past`` and keep of their blend what proves itself.

    The weights of a bucket add up to about 1. Buckets without questions keep the shipped ones: newcomers, of whom no
    voice but popularity can say anything. ``seed`` is that of how the questions are cut into parts.
    """
    answers = {name: _ask(voice, rehearsal.profiles) for name, voice in voices.items()}
    buckets = [bucket_of(len(profile.liked())) for profile in rehearsal.profiles]
    highest = max((int(ids.max(initial=0)) for ids, _ in answers.values()), default=0)
    meetings = rehearsal.past.meetings_of(np.arange(highest + 1))
    proven = prove(answers, rehearsal.targets, buckets, meetings, seed=seed)
    weights = {
        bucket: _shares(proven.weights[bucket], NEW_PRODUCTS in voices)
        if bucket in proven.weights
        else dict(WEIGHTS[bucket])
        for bucket in BUCKETS
    }
    return replace(proven, weights=weights)


def _shares(weights: Mapping[str, float], with_new: bool) -> dict[str, float]:
    """Return weights that add up to about 1, in which new products have theirs, beside a voice alone as well."""
    total = sum(weights.values()) or 1.0
    shares = {name: round(weight / total, 4) for name, weight in weights.items()}
    if with_new:
        shares[NEW_PRODUCTS] = max(FLOOR, shares.get(NEW_PRODUCTS, 0.0))
    return shares


def _ask(
    voice: Recommender, profiles: Sequence[Profile]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return ids and scores (q, n), the best of each row 1, filled up with 0."""
    ids = np.zeros((len(profiles), ANSWERS), np.int32)
    scores = np.zeros((len(profiles), ANSWERS), np.float32)
    for row, profile in enumerate(profiles):
        ranking = voice.recommend_for(profile, ANSWERS)
        ids[row, : len(ranking)] = ranking.ids
        if len(ranking):
            scores[row, : len(ranking)] = ranking.scores / ranking.scores[0]
    return ids, scores
