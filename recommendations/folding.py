"""Folds what a shopper did a moment ago into the lists of the last refresh. Plain values; no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recommendations.hydration import Answer
from recommendations.profiles import Profile

# How much each voice counts, by how many products the shopper has met. The lists of the refresh know the other
# shoppers; the neighbours know the last click. Few clicks say little about other shoppers' taste.
# By judgement, since no log holds both shoppers and pictures; where a log speaks (``leads``), it speaks loudest.
STORED_WEIGHT = {0: 1.0, 1: 0.35, 2: 0.6, 5: 0.9, 20: 1.0}
NEWCOMERS_WEIGHT = (
    0.2  # of the list that all newcomers get, for a shopper who has met something but has no own list
)
LEADS_WEIGHT = 1.0
RELATED_WEIGHT = 0.8
COMPLEMENTARY_WEIGHT = 0.45
STEP_BACK = 0.85  # a product looked at one step earlier counts so much less, by what is near to it
# And by where it leads: as hybrid.EASE_DECAY and ItemNeighbours' own, chosen on a clothing shop's clicks (e-shop).
LEADS_STEP_BACK = 0.5
UNLIKED = 0.7  # what is just like a product that is "not for me" loses so much of its score; by judgement
BECAUSE = {
    "quiz": "because_quiz",
    "wish": "because_wish",
    "cart": "because_cart",
    "purchase": "because_purchase",
}
SAME_KIND_LIMIT = 0.5  # of a row of answers, so many at the most may be of one category


@dataclass(frozen=True)
class Candidate:
    """A product with its blended score, and the voice that spoke loudest for it."""

    product_id: int
    score: float
    reason_code: str
    because: int = 0


@dataclass(frozen=True)
class Neighbours:
    """What stands around one product, as ids and scores in 0..1, best first: by the cluster network and the
    curators, and (``leads``) by where it led other shoppers."""

    related: Sequence[tuple[int, float]] = ()
    complementary: Sequence[tuple[int, float]] = ()
    leads: Sequence[tuple[int, float]] = ()


def fold(
    profile: Profile,
    neighbours: Mapping[int, Neighbours],
    stored: Sequence[Candidate],
    kinds: Mapping[int, str],
    *,
    own_list: bool = True,
) -> list[Candidate]:
    """Blend the stored list with what is around the products that the shopper likes; best first, deterministic.

    What is like a dismissed product falls back, and nothing is recommended because of one.

    ``kinds`` names the strongest thing done with each product of the profile, for the reason in words.
    ``own_list`` is False where ``stored`` is what every newcomer gets. Scores are relative to the best one: 1.0 down.
    """
    scores: dict[int, float] = {}
    loudest: dict[int, tuple[float, str, int]] = {}

    def add(product_id: int, score: float, code: str, because: int) -> None:
        scores[product_id] = scores.get(product_id, 0.0) + score
        if score > loudest.get(product_id, (0.0,))[0]:
            loudest[product_id] = (score, code, because)

    weight = STORED_WEIGHT[_bucket(len(profile))] if own_list or not len(profile) else NEWCOMERS_WEIGHT
    best = max((candidate.score for candidate in stored), default=0.0) or 1.0
    disliked = profile.disliked().item_ids.tolist()
    for candidate in stored:
        if candidate.because in disliked:
            continue
        code = candidate.reason_code
        if code == "because":  # the refresh does not know what exactly was done
            code = BECAUSE.get(kinds.get(candidate.because, ""), code)
        add(candidate.product_id, weight * candidate.score / best, code, candidate.because)
    near, led = (_shares(profile, decay) for decay in (STEP_BACK, LEADS_STEP_BACK))
    for product_id, share in near.items():
        around = neighbours.get(product_id)
        if around is None:
            continue
        because = BECAUSE.get(kinds.get(product_id, ""), "because")
        for other, score in around.leads:
            add(other, LEADS_WEIGHT * led[product_id] * score, because, product_id)
        for other, score in around.related:
            add(other, RELATED_WEIGHT * share * score, because, product_id)
        for other, score in around.complementary:
            add(other, COMPLEMENTARY_WEIGHT * share * score, "goes_with", product_id)
    for product_id in disliked:
        for other, score in neighbours.get(product_id, Neighbours()).related:
            if other in scores:
                scores[other] *= 1 - UNLIKED * score
    for product_id in profile.item_ids.tolist():
        scores.pop(product_id, None)
    highest = max(scores.values(), default=1.0) or 1.0
    ranked = sorted(scores, key=lambda pk: (-scores[pk], pk))
    return [Candidate(pk, scores[pk] / highest, *loudest[pk][1:]) for pk in ranked]


def _shares(profile: Profile, decay: float) -> dict[int, float]:
    """How much each liked product counts, the strongest 1, faded by steps back from the newest."""
    liked = profile.liked().faded(decay)
    strongest = float(liked.strengths.max()) if len(liked) else 1.0
    return dict(zip(liked.item_ids.tolist(), (liked.strengths / strongest).tolist(), strict=True))


def _bucket(n_items: int) -> int:
    return max(step for step in STORED_WEIGHT if step <= n_items)


def varied(answers: Iterable[Answer], n: int) -> list[Answer]:
    """The first ``n`` answers, such that neither one category nor one reason fills a row: what would be too much of
    one kind waits until there is nothing else."""
    chosen: list[Answer] = []
    waiting: list[Answer] = []
    of_category: dict[int, int] = {}
    limit = max(2, round(SAME_KIND_LIMIT * n))
    for answer in answers:
        category = answer.product.category_id
        if of_category.get(category, 0) < limit:
            of_category[category] = of_category.get(category, 0) + 1
            chosen.append(answer)
        else:
            waiting.append(answer)
        if len(chosen) == n:
            return chosen
    return (chosen + waiting)[:n]
