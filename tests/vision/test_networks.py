import cv2
import numpy as np
import numpy.typing as npt
from keras import layers

from vision.networks import common_shades, garment_shades, palette, smaller_vggnet

RED, BLUE, WHITE = (200, 20, 30), (20, 40, 160), (255, 255, 255)


def lab(*colours: tuple[int, int, int]) -> npt.NDArray[np.float32]:
    return cv2.cvtColor(np.array([colours], np.float32) / 255, cv2.COLOR_RGB2LAB)[0]


def on_a_ground(garment: tuple[int, int, int], ground: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    picture = np.full((160, 160, 3), ground, np.uint8)
    picture[48:112, 48:112] = garment
    return picture


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


def test_the_shades_of_a_garment_are_not_those_of_its_ground() -> None:
    pictures = np.stack([on_a_ground(RED, WHITE), on_a_ground(RED, BLUE), on_a_ground(BLUE, RED)])

    garment, whole, middle = np.split(
        np.array(garment_shades(pictures.astype(np.float32), lab(RED, BLUE, WHITE))) ** 2, 3, axis=1
    )

    assert (garment.argmax(axis=1) == [0, 0, 1]).all()
    assert (garment.max(axis=1) > 0.95).all()
    assert (whole.argmax(axis=1) == [2, 1, 0]).all()  # most of a picture is ground
    assert (middle.argmax(axis=1) == [0, 0, 1]).all()


def test_a_white_shirt_on_white_paper_has_no_shade_but_white() -> None:
    blank = np.full((1, 160, 160, 3), 255, np.float32)

    shares = np.array(garment_shades(blank, lab(RED, BLUE, WHITE)))

    assert np.isfinite(shares).all()
    assert shares[0, 3:6].argmax() == 2


def test_shades_are_found_where_the_pictures_have_them() -> None:
    pictures = np.stack([on_a_ground(RED, WHITE), on_a_ground(BLUE, WHITE)])

    shades = common_shades(pictures, 3)

    for colour in lab(RED, BLUE, WHITE):
        assert np.linalg.norm(shades - colour, axis=1).min() < 1
