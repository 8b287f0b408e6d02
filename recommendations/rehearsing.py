"""How much each voice of the shop's hybrid is believed, learned from the newest part of the shop's own log.

The voices are fitted on all that is older and asked what came next. What shoppers met since is the answer, so that
nothing is learned from what a voice has seen. Pure: arrays in, weights out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommendations.blending import BUCKETS, POOL, WEIGHTS, bucket_of
from recommendations.learning_blend import weights_by_bucket
from recommendations.profiles import Interactions, Profile
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
        before = Profile(profile.item_ids[:last], profile.strengths[:last])
        if len(before.liked()):
            profiles.append(before)
            targets.append(profile.item_ids[last : last + 1])
    return Rehearsal(past, profiles, targets)


def learn_weights(voices: Mapping[str, Recommender], rehearsal: Rehearsal) -> dict[str, dict[str, float]]:
    """Ask voices fitted on ``rehearsal.past``; return bucket -> voice -> weight.

    Those of a bucket add up to about 1. Buckets without questions keep the shipped weights: newcomers, of whom no voice
    but popularity can say anything.
    """
    answers = {name: _ask(voice, rehearsal.profiles) for name, voice in voices.items()}
    buckets = [bucket_of(len(profile.liked())) for profile in rehearsal.profiles]
    learned = weights_by_bucket(answers, rehearsal.targets, buckets)
    return {
        bucket: _shares(learned[bucket]) if bucket in learned else dict(WEIGHTS[bucket]) for bucket in BUCKETS
    }


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights that add up to about 1, in which new products have theirs."""
    total = sum(weights.values()) or 1.0
    shares = {name: round(weight / total, 4) for name, weight in weights.items()}
    if NEW_PRODUCTS in shares:
        shares[NEW_PRODUCTS] = max(FLOOR, shares[NEW_PRODUCTS])
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
