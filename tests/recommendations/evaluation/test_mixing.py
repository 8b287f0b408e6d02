import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommendations.blending import fuse
from recommendations.evaluation.answering import Answers
from recommendations.evaluation.metrics import PAGE
from recommendations.evaluation.mixing import blend
from recommendations.evaluation.splits import Question
from recommendations.profiles import NEWCOMER, bucket_of
from recommendations.proving_blend import Mixture
from recommendations.ranking import NO_ITEM, POPULAR, Ranking

VOICES = ("taste", "items", "next")
WHOLE = st.integers(1, 9)  # so that sums are exact and a tie is a tie


@given(
    heard=st.lists(
        st.dictionaries(st.integers(1, PAGE), WHOLE, min_size=1, max_size=PAGE), min_size=3, max_size=3
    ),
    weights=st.lists(WHOLE, min_size=3, max_size=3),
)
def test_what_is_measured_is_ranked_as_what_is_served(heard, weights):
    by_voice = dict(zip(VOICES, weights, strict=True))
    rankings, answers = {}, {}
    for name, scores in zip(VOICES, heard, strict=True):
        order = sorted(scores, key=lambda item: (-scores[item], item))
        best = max(scores.values())
        row = np.zeros((2, 1, PAGE))
        row[:, 0, : len(order)] = order, [scores[item] / best for item in order]
        answers[name] = Answers(row[0].astype(np.int32), row[1])
        rankings[name] = Ranking(
            np.array(order), np.array([scores[item] / best for item in order]),
            (POPULAR,) * len(order), np.full(len(order), NO_ITEM), np.full(len(order), 3),
        )  # fmt: skip
    question = Question(1, NEWCOMER, np.array([1]), 0.0)

    page = blend(answers, [question], Mixture({bucket_of(0): by_voice}), np.zeros(PAGE + 1)).ids[0]

    served = fuse(rankings, by_voice).ids[:PAGE].tolist()
    assert page[page > 0].tolist() == served
