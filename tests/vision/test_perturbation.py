import numpy as np
import pytest

from vision.perturbation import HEAVY, MILD, STRENGTHS, perturb


def test_untouched_is_untouched(picture: np.ndarray) -> None:
    assert STRENGTHS["untouched"](picture, np.random.default_rng(0)) is picture


def test_a_mild_change_leaves_nearly_the_same_picture(picture: np.ndarray) -> None:
    changed = perturb(picture, MILD, np.random.default_rng(0))

    assert changed.shape == (97, 78, 3)
    assert abs(float(changed.mean()) / float(picture.mean()) - 1) < 0.12


def test_a_heavy_change_puts_white_paper_away(picture: np.ndarray) -> None:
    corners = [perturb(picture, HEAVY, np.random.default_rng(seed))[:4, :4].mean() for seed in range(20)]

    assert np.median(corners) < 220


def test_the_garment_stays_where_the_ground_is_new(picture: np.ndarray) -> None:
    middle = perturb(picture, HEAVY, np.random.default_rng(1))[40:48, 30:40].reshape(-1, 3).mean(axis=0)

    assert middle[0] > 2 * middle[2]  # still red


@pytest.mark.parametrize("strength", STRENGTHS)
def test_the_picture_itself_is_never_written_to(picture: np.ndarray, strength: str) -> None:
    before = picture.copy()

    STRENGTHS[strength](picture, np.random.default_rng(3))

    assert np.array_equal(picture, before)


@pytest.fixture
def picture() -> np.ndarray:
    """A red square on white paper."""
    rgb = np.full((100, 80, 3), 255, np.uint8)
    rgb[25:75, 20:60] = (200, 20, 20)
    return rgb
