import numpy as np
from keras import layers

from vision.networks import palette, smaller_vggnet


def test_the_reports_network_has_the_reports_layers() -> None:
    network = smaller_vggnet(6)
    shape = [
        (type(layer).__name__, getattr(layer, "filters", None) or getattr(layer, "units", None))
        for layer in network.layers
        if isinstance(layer, layers.Conv2D | layers.Dense | layers.MaxPooling2D)
    ]

    assert shape == [
        ("Conv2D", 32), ("MaxPooling2D", None),
        ("Conv2D", 64), ("Conv2D", 64), ("MaxPooling2D", None),
        ("Conv2D", 128), ("Conv2D", 128), ("MaxPooling2D", None),
        ("Dense", 1024), ("Dense", 6),
    ]  # fmt: skip
    assert [x.pool_size for x in network.layers if isinstance(x, layers.MaxPooling2D)] == [
        (3, 3),
        (2, 2),
        (2, 2),
    ]
    assert [x.rate for x in network.layers if isinstance(x, layers.Dropout)] == [0.25, 0.25, 0.25, 0.5]
    assert sum(isinstance(x, layers.BatchNormalization) for x in network.layers) == 6


def test_each_label_of_the_reports_network_is_answered_on_its_own() -> None:
    network = smaller_vggnet(6, input_size=32)

    answers = network.predict(np.zeros((2, 32, 32, 3), np.float32), verbose=0)

    assert answers.shape == (2, 6)
    np.testing.assert_allclose(answers, 0.5)  # nothing is learnt yet, and black says nothing


def test_the_palette_of_a_red_picture_is_red() -> None:
    red, blue = np.zeros((2, 224, 224, 3), np.float32)
    red[..., 0] = blue[..., 2] = 255

    shares = np.asarray(palette(np.stack([red, blue]))) ** 2

    assert shares.shape == (2, 128)
    assert shares[0, :64].argmax() == 3 * 16  # red 3 of 0..3, green 0, blue 0
    assert shares[1, :64].argmax() == 3
    np.testing.assert_allclose(shares.sum(axis=1), 2, atol=1e-3)  # the whole picture, and its middle


def test_the_middle_of_a_picture_has_a_palette_of_its_own() -> None:
    framed = np.full((1, 224, 224, 3), 255, np.float32)
    framed[:, 56:-56, 56:-56] = 0

    shares = np.asarray(palette(framed))[0] ** 2

    assert shares[:64].argmax() == 63  # mostly white as a whole
    assert shares[64:].argmax() == 0  # black in the middle
