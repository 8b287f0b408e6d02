"""Which channel tells what belongs together is learnt from what does."""

import numpy as np
import pytest

from recommendations.learning_weights import learn_weights, lesson


def test_the_channel_that_tells_gets_the_weight_and_noise_does_not() -> None:
    rng = np.random.default_rng(0)
    groups = np.arange(60) % 3
    channels = {
        "embedding": (np.eye(3)[groups] + rng.normal(scale=0.2, size=(60, 3))).astype(np.float32),
        "colour": rng.normal(size=(60, 3)).astype(np.float32),
    }
    worth = (groups[:, None] == groups).astype(float)
    weights = learn_weights([lesson(channels, np.arange(60), worth)])
    assert weights.embedding > 5 * weights.colour
    assert weights.type == 0  # a channel that the lessons lack counts nothing


def test_a_product_is_no_neighbour_of_itself() -> None:
    channels = {"colour": np.eye(3, dtype=np.float32)}
    alone = lesson(channels, np.arange(3), np.eye(3))
    assert len(alone.worth) == 0
    with pytest.raises(ValueError, match="no product has a worthy neighbour"):
        learn_weights([alone])
