import numpy as np
import pytest

from tests.vision.evaluation.seen_pictures import product, seen
from vision.evaluation.refusing import evidence_in, fit_refusal, refusal_figures
from vision.refusal import Evidence

RNG = np.random.default_rng(4)
KNOWN = [Evidence(3 + x, 0.9, 0.9, 0.8) for x in RNG.normal(0, 0.5, 40)]
OTHER = [Evidence(-3 + x, 0.4, 0.5, 0.3) for x in RNG.normal(0, 0.5, 10)]


def test_what_differs_is_told_apart() -> None:
    refusal = fit_refusal(KNOWN, OTHER)

    scores = refusal_figures(KNOWN, OTHER, refusal)

    assert scores["auroc"] == 1
    assert scores["wrongly_refused"] == scores["wrongly_accepted"] == 0


def test_more_of_any_evidence_never_speaks_against_a_picture_here() -> None:
    assert fit_refusal(KNOWN, OTHER).weights is not None
    assert all(weight >= 0 for weight in fit_refusal(KNOWN, OTHER).weights.values())


def test_no_more_known_pictures_are_refused_than_allowed() -> None:
    odd = [*KNOWN, *OTHER[:4]]  # four pictures of clothes that look like nothing

    for allowed in (0.0, 0.05, 0.1):
        refusal = fit_refusal(odd, OTHER, refused=allowed)
        assert refusal_figures(odd, OTHER, refusal)["wrongly_refused"] <= allowed


def test_both_sorts_are_needed() -> None:
    with pytest.raises(ValueError, match="both sorts"):
        fit_refusal(KNOWN, [])


def test_a_picture_of_the_gallery_is_not_near_to_itself() -> None:
    gallery = seen([product("a", "Shirts"), product("b", "Shirts")], [(0, 1), (1, 0)])

    near = evidence_in(gallery, gallery)
    alone = evidence_in(gallery, gallery, [np.array([0]), np.array([1])])

    assert near[0].nearness == pytest.approx(0.5)
    assert alone[0].nearness == pytest.approx(0.0)
