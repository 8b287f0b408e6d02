"""Whatever comes in, a whole picture or a sentence goes out."""

import io
import struct
import warnings
import zlib
from contextlib import suppress
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog.images import (
    ImageRejected,
    decode_image,
    encode_jpeg,
    inspect_header,
    resize_within,
)

RED, BLUE = (220, 20, 20), (20, 20, 220)


def two_halves(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (width // 2, 0, width, height))
    return picture


def saved(picture: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG header followed by almost nothing: what a decompression bomb looks like from outside."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def rejection(data: bytes, **limits: int) -> ImageRejected:
    with pytest.raises(ImageRejected) as caught:
        decode_image(data, **limits)
    assert caught.value.sentence == str(caught.value)
    assert caught.value.sentence.endswith(".")
    return caught.value


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_accepted_format_becomes_the_same_picture(file_format: str) -> None:
    data = saved(two_halves(), file_format, quality=95)
    rgb = decode_image(data)
    assert (rgb.shape, rgb.dtype, rgb.flags["C_CONTIGUOUS"]) == ((40, 60, 3), np.uint8, True)
    assert np.abs(rgb[20, 10].astype(int) - RED).max() < 30
    assert np.abs(rgb[20, 50].astype(int) - BLUE).max() < 30
    assert inspect_header(data) == (file_format, 60, 40)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_phone_photo_is_turned_upright(orientation: int) -> None:
    upright = two_halves()
    # How the phone stores the upright picture: the inverse of the turn it asks for.
    inverse = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(inverse[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    rgb = decode_image(saved(stored, "PNG", exif=exif))
    assert np.array_equal(rgb, np.asarray(upright))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_garbled_camera_notes_do_not_reject_a_good_picture() -> None:
    data = saved(two_halves(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff nonsense")
    assert decode_image(data).shape == (40, 60, 3)


def test_transparency_becomes_white_paper() -> None:
    picture = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    picture.putpixel((0, 0), (220, 20, 20, 255))
    rgb = decode_image(saved(picture, "PNG"))
    assert rgb[3, 3].tolist() == [255, 255, 255]
    assert rgb[0, 0].tolist() == list(RED)


def test_a_palette_picture_with_a_transparent_colour_lies_on_white() -> None:
    picture = Image.new("P", (4, 4), 0)
    picture.putpalette([0, 0, 0, 220, 20, 20])
    picture.putpixel((0, 0), 1)
    rgb = decode_image(saved(picture, "PNG", transparency=0))
    assert rgb[3, 3].tolist() == [255, 255, 255]
    assert rgb[0, 0].tolist() == list(RED)


@pytest.mark.parametrize("mode", ["L", "1", "LA", "P"])
def test_other_colour_modes_become_rgb(mode: str) -> None:
    assert decode_image(saved(Image.new("RGB", (8, 6), "white").convert(mode), "PNG")).mean() == 255


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    rgb = decode_image(saved(Image.new("RGB", (16, 16), RED).convert("CMYK"), "JPEG", quality=95))
    assert np.abs(rgb[8, 8].astype(int) - RED).max() < 30


def test_sixteen_bits_of_grey_are_scaled_not_clipped() -> None:
    half = Image.fromarray(np.full((8, 8), 32768, np.uint16))
    assert decode_image(saved(half, "PNG"))[0, 0].tolist() == [128, 128, 128]


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in (RED, BLUE)]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert decode_image(data)[8, 8].tolist() == list(RED)


def test_a_forty_megapixel_photo_is_decoded_small() -> None:
    data = saved(Image.new("RGB", (8000, 5000), RED), "JPEG")
    rgb = decode_image(data, target=256)
    assert rgb.shape == (160, 256, 3)
    assert np.abs(rgb[80, 128].astype(int) - RED).max() < 10


def test_a_target_never_enlarges() -> None:
    assert decode_image(saved(two_halves(), "PNG"), target=500).shape == (40, 60, 3)


def test_an_empty_file_is_told_so() -> None:
    assert rejection(b"").code == "empty"


@pytest.mark.parametrize(
    "data",
    [b"hello, this is a letter", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\0" * 500],
)
def test_what_is_not_a_picture_is_told_so(data: bytes) -> None:
    assert rejection(data).code == "not_a_picture"


def test_a_gif_is_not_among_the_accepted_formats() -> None:
    assert rejection(saved(two_halves(), "GIF")).code == "not_a_picture"


def test_a_file_that_is_too_heavy_is_rejected_unread() -> None:
    assert rejection(saved(two_halves(), "PNG"), max_bytes=50).code == "too_many_bytes"


@pytest.mark.parametrize("side", [7_200, 12_000, 20_000, 60_000])
def test_a_bomb_is_rejected_by_its_header(side: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        refused = rejection(png_that_claims(side, side))
    assert refused.code == "too_many_pixels"
    assert "50 megapixels" in refused.sentence


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_half_a_file_is_called_damaged(file_format: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    data = saved(noise, file_format)
    assert rejection(data[: len(data) // 2]).code == "damaged"


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 "]),
)
def test_random_bytes_never_raise_anything_else(body: bytes, start: bytes) -> None:
    with suppress(ImageRejected):
        decode_image(start + body, target=64)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP", "HEIF"]),
    st.floats(0, 1),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
)
def test_cut_and_spoilt_files_never_raise_anything_else(
    file_format: str, length: float, spoilt: list[tuple[float, int]]
) -> None:
    data = bytearray(saved(two_halves(), file_format))
    for where, value in spoilt:
        data[int(where * (len(data) - 1))] = value
    with suppress(ImageRejected):
        assert decode_image(bytes(data[: int(length * len(data))]), max_pixels=10_000).size <= 30_000


@pytest.mark.parametrize("encode", [encode_jpeg, partial(encode_jpeg, quick=True)])
def test_what_is_encoded_carries_no_metadata(encode: object) -> None:
    rgb = np.asarray(two_halves()).copy()
    data = encode(rgb)  # type: ignore[operator]
    with Image.open(io.BytesIO(data)) as picture:
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile"} & picture.info.keys()
    assert np.abs(decode_image(data)[20, 10].astype(int) - RED).max() < 30


def test_resizing_keeps_the_proportions_and_never_enlarges() -> None:
    rgb = np.zeros((100, 300, 3), np.uint8)
    assert resize_within(rgb, 150).shape == (50, 150, 3)
    assert resize_within(rgb, 400) is rgb
    assert resize_within(np.zeros((1, 3000, 3), np.uint8), 100).shape == (1, 100, 3)
