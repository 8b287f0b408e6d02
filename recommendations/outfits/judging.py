"""How well outfits are understood: questions whose answers people have given by what they wear.

Every question has wrong answers of the same tag, worn by somebody else, so that nobody wins by knowing that feet wear
shoes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata
from sklearn.covariance import LedoitWolf

from recommendations.outfits.harmony import Harmony, looks_of
from recommendations.outfits.kinds_together import KindsByJaccard, KindsTogether, PopularKinds, hits
from recommendations.outfits.street_outfits import StreetOutfit
from vision.metrics import bootstrap_interval
from vision.visual_words import DESCRIPTOR_SIZE, VisualVocabulary

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Light = Literal["as_photographed", "neutral_light"]
Score = Callable[
    [Ids, Ids], Floats
]  # rows of the rest of an outfit, rows of the choices -> a score for each choice

N_CHOICES = 4
N_TAGS = 3
N_KINDS = 5
N_WORDS = 20  # of the report's pipeline
LIGHTS: tuple[Light, ...] = ("as_photographed", "neutral_light")


@dataclass(frozen=True, eq=False)
class Pieces:
    """m garments of many outfits: looks (m, d), tags, and the outfit of each by number, (m,)."""

    looks: Floats
    tags: list[str]
    outfits: Ids

    @classmethod
    def of(cls, outfits: Sequence[StreetOutfit], light: Light) -> "Pieces":
        """The garments of ``outfits``, numbered by their place there."""
        pieces = [(number, piece) for number, outfit in enumerate(outfits) for piece in outfit.garments]
        colours = [piece.colours if light == LIGHTS[0] else piece.neutral_colours for _, piece in pieces]
        return cls(
            looks_of(np.array(colours, np.float32).reshape(len(colours), -1)),
            [piece.tag for _, piece in pieces],
            np.array([number for number, _ in pieces], np.int64),
        )


@dataclass(frozen=True, eq=False)
class Learnt:
    """What was learnt from outfits: which pieces go together in each light, and which tags."""

    harmony: dict[Light, Harmony]
    tags: KindsTogether

    @classmethod
    def from_outfits(cls, outfits: Sequence[StreetOutfit]) -> "Learnt":
        """Learn both."""
        harmony: dict[Light, Harmony] = {}
        for light in LIGHTS:
            pieces = Pieces.of(outfits, light)
            harmony[light] = Harmony().fit(pieces.looks, pieces.tags, pieces.outfits)
        return cls(harmony, KindsTogether().fit([outfit.tags for outfit in outfits]))


@dataclass(frozen=True, eq=False)
class Question:
    """One piece of an outfit is hidden: the rows of the rest, and of the choices, of which the first is right."""

    outfit: int
    rest: Ids
    choices: Ids


def ask(pieces: Pieces, n_choices: int, rng: np.random.Generator, among: Ids | None = None) -> list[Question]:
    """Hide every piece of the outfits in ``among`` (all) once; the other choices are their pieces of the same tag.

    Pieces of which too few others are there are not asked for.
    """
    tags = np.array(pieces.tags, np.str_)
    asked = np.flatnonzero(np.isin(pieces.outfits, np.unique(pieces.outfits) if among is None else among))
    questions = []
    for row in asked:
        own = pieces.outfits[asked] == pieces.outfits[row]
        others = asked[(tags[asked] == tags[row]) & ~own]
        rest = asked[own & (asked != row)]
        if len(rest) and len(others) >= n_choices - 1:
            strangers = rng.choice(others, n_choices - 1, replace=False)
            questions.append(Question(int(pieces.outfits[row]), rest, np.array([row, *strangers], np.int64)))
    return questions


def right_answers(questions: Sequence[Question], score: Score) -> Floats:
    """Of each question whether the right choice scores highest: 1, 0, or its share where several do."""
    right = np.zeros(len(questions))
    for place, question in enumerate(questions):
        scores = score(question.rest, question.choices)
        best = scores == scores.max()
        right[place] = best[0] / best.sum()
    return right


def pair_scores(questions: Sequence[Question], score: Score) -> tuple[Floats, Floats]:
    """Scores of pairs that are worn together and, for each, of the same piece with a stranger of the same tag."""
    together, apart = [], []
    for question in questions:
        for piece in question.rest:
            scores = score(np.array([piece]), question.choices[:2])
            together.append(scores[0])
            apart.append(scores[1])
    return np.array(together), np.array(apart)


def area_under_curve(higher: Floats, lower: Floats) -> float:
    """The chance that one of ``higher`` is above one of ``lower``; ties count half. NaN without either."""
    if not len(higher) or not len(lower):
        return float("nan")
    ranks = rankdata(np.concatenate([higher, lower]))
    n = len(higher)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * len(lower)))


def by_harmony(pieces: Pieces, harmony: Harmony) -> Score:
    """Score choices by what was learnt from outfits."""
    places = harmony.place(pieces.looks, pieces.tags)
    return lambda rest, choices: harmony.beside(places[rest], places[choices])


def by_likeness(pieces: Pieces) -> Score:
    """Score choices by how like the colours of the rest theirs are: without learning."""
    return lambda rest, choices: (
        (pieces.looks[choices] @ pieces.looks[rest].T).mean(axis=1).astype(np.float64)
    )


def words_of(outfits: Sequence[StreetOutfit]) -> Floats:
    """The report's pipeline: the SIFT descriptors of m pieces as ``N_WORDS`` visual words, (m, w), learnt from all of
    these pieces (nobody tells it the outfits), in a space where Euclid's distance is Mahalanobis'. A piece without
    keypoints stands in the middle."""
    nothing = np.zeros((0, DESCRIPTOR_SIZE), np.uint8)
    cloth = [
        nothing if piece.descriptors is None else piece.descriptors
        for outfit in outfits
        for piece in outfit.garments
    ]
    words = VisualVocabulary(n_words=N_WORDS).fit(cloth).histograms(cloth).astype(np.float64)
    told = words.any(axis=1)
    if told.any():
        words[~told] = words[told].mean(axis=0)
    covariance = LedoitWolf().fit(words).covariance_ + 1e-9 * np.eye(words.shape[1])
    return np.asarray(words @ np.linalg.cholesky(np.linalg.inv(covariance)), np.float64)


def by_words(words: Floats) -> Score:
    """Score choices by how near their visual words are to those of the rest: what is nearest goes with it."""

    def score(rest: Ids, choices: Ids) -> Floats:
        away = words[choices][:, None] - words[rest]
        return np.asarray(-np.linalg.norm(away, axis=2).mean(axis=1), np.float64)

    return score


def by_popularity(pieces: Pieces, harmony: Harmony) -> Score:
    """Score choices by how ordinary they are for their tag, whatever the rest."""
    means = np.array([harmony.ordinary_.get(tag, harmony.ordinary_[""]) for tag in pieces.tags])
    ordinary = -np.linalg.norm(pieces.looks - means, axis=1)
    return lambda _, choices: ordinary[choices]


def parts_of(outfits: Sequence[StreetOutfit], n_parts: int, seed: int) -> list[tuple[Learnt, Ids]]:
    """Deal outfits into parts, and learn for each from all the others."""
    order = np.random.default_rng(seed).permutation(len(outfits))
    dealt = [np.sort(order[start::n_parts]).astype(np.int64) for start in range(n_parts)]
    parts = []
    for numbers in dealt:
        hidden = set(numbers.tolist())
        parts.append(
            (Learnt.from_outfits([o for number, o in enumerate(outfits) if number not in hidden]), numbers)
        )
    return parts


def judge(
    outfits: Sequence[StreetOutfit], parts: Sequence[tuple[Learnt, Ids]], seed: int, repeats: int = 3
) -> dict[str, Any]:
    """All figures on outfits. ``parts`` are models, each with the numbers of the outfits it is judged on and has not
    learnt from; wrong answers come from the same part. Intervals are 95 %, over outfits."""
    figures: dict[str, Any] = {}
    words = words_of(outfits)
    for light in LIGHTS:
        pieces = Pieces.of(outfits, light)
        names = ["ours", "colour_likeness", "visual_words", "popularity"]
        rows: dict[str, list[tuple[int, float]]] = {name: [] for name in names}
        pairs: dict[str, list[tuple[Floats, Floats]]] = {name: [] for name in names}
        rng = np.random.default_rng(seed)
        for learnt, numbers in parts:
            ways = {
                "ours": by_harmony(pieces, learnt.harmony[light]),
                "colour_likeness": by_likeness(pieces),
                "visual_words": by_words(words),
                "popularity": by_popularity(pieces, learnt.harmony[light]),
            }
            for repeat in range(repeats):
                questions = ask(pieces, N_CHOICES, rng, numbers)
                for name, score in ways.items():
                    right = right_answers(questions, score)
                    rows[name] += [(q.outfit, value) for q, value in zip(questions, right, strict=True)]
                if repeat == 0:
                    couples = ask(pieces, 2, rng, numbers)
                    for name in pairs:
                        pairs[name].append(pair_scores(couples, ways[name]))
        blanks = {name: _mean_by_outfit(found) for name, found in rows.items()}
        curves = {name: [area_under_curve(*scores) for scores in found] for name, found in pairs.items()}
        figures[light] = {
            "fill_in_the_blank": {"random": 1 / N_CHOICES, **{k: v["mean"] for k, v in blanks.items()}},
            "fill_in_the_blank_interval": blanks["ours"]["interval"],
            "questions": len(rows["ours"]) // repeats,
            "pair_auc": {"random": 0.5, **{name: _rounded_mean(found) for name, found in curves.items()}},
            "pair_auc_by_part": [None if np.isnan(value) else round(value, 4) for value in curves["ours"]],
        }
    return {**figures, "tag_hit_at_3": _judge_tags(outfits, parts)}


def judge_lists(outfits: Sequence[Sequence[str]], n_parts: int = 5) -> dict[str, Any]:
    """Which of all kinds was hidden in an outfit: the share found among the first five, in parts that were not learnt
    from, by popularity, by the Jaccard index of pairs and by ``KindsTogether``."""
    found: dict[str, list[tuple[int, float]]] = {"popularity": [], "jaccard": [], "ours": []}
    for part in range(n_parts):
        numbers = range(part, len(outfits), n_parts)
        judged = [outfits[number] for number in numbers]
        rest = [outfit for number, outfit in enumerate(outfits) if number % n_parts != part]
        ours = KindsTogether().fit(rest)
        ways: dict[str, KindsTogether | PopularKinds] = {
            "popularity": PopularKinds(ours),
            "jaccard": KindsByJaccard().fit(rest),
            "ours": ours,
        }
        for name, known in ways.items():
            found[name] += [(numbers[place], float(hit)) for place, hit in hits(known, judged, N_KINDS)]
    figures = {name: _mean_by_outfit(rows) for name, rows in found.items()}
    return {
        "outfits": len(outfits),
        "kinds": len({kind for outfit in outfits for kind in outfit}),
        "hit_at_5": {name: figure["mean"] for name, figure in figures.items()},
        "hit_at_5_interval": figures["ours"]["interval"],
    }


def _judge_tags(outfits: Sequence[StreetOutfit], parts: Sequence[tuple[Learnt, Ids]]) -> dict[str, Any]:
    ours, popular = [], []
    for learnt, numbers in parts:
        worn = [outfits[number].tags for number in numbers]
        ours += [(int(numbers[place]), float(hit)) for place, hit in hits(learnt.tags, worn, N_TAGS)]
        plain = PopularKinds(learnt.tags)
        popular += [(int(numbers[place]), float(hit)) for place, hit in hits(plain, worn, N_TAGS)]
    found, base = _mean_by_outfit(ours), _mean_by_outfit(popular)
    return {
        "popularity": base["mean"],
        "ours": found["mean"],
        "ours_interval": found["interval"],
        "gain": round(found["mean"] / base["mean"] - 1, 4) if base["mean"] else None,
    }


def _mean_by_outfit(found: Sequence[tuple[int, float]]) -> dict[str, Any]:
    """The mean over all questions, and its interval when whole outfits are drawn anew."""
    if not found:
        return {"mean": None, "interval": None}
    numbers = np.array([number for number, _ in found])
    values = np.array([value for _, value in found])
    _, outfit_of = np.unique(numbers, return_inverse=True)
    means = np.bincount(outfit_of, values) / np.bincount(outfit_of)
    low, high = bootstrap_interval(means)
    return {"mean": round(float(values.mean()), 4), "interval": (round(low, 4), round(high, 4))}


def _rounded_mean(values: Sequence[float]) -> float | None:
    known = [value for value in values if not np.isnan(value)]
    return round(float(np.mean(known)), 4) if known else None
