"""Two pictures are one, or they are not: the pixels decide."""

import numpy as np

from tests.eyes import patchwork
from vision.proof import (
    Alignment,
    align,
    likeliest,
    may_be_same,
    moved_agreement,
    same_picture,
    whole_agreement,
)
from vision.visual_words import find_keypoints


def same(photo: np.ndarray, picture: np.ndarray) -> bool:
    return same_picture(photo, picture, laid_over(photo, picture))


def laid_over(photo: np.ndarray, picture: np.ndarray) -> Alignment | None:
    return align(find_keypoints(photo), find_keypoints(picture))


def agreeing(n: int) -> Alignment:
    return Alignment(np.eye(2, 3, dtype=np.float32), n)


def test_a_picture_agrees_with_itself():
    picture = patchwork(1)
    assert whole_agreement(picture, picture) == (0, 0)
    assert same(picture, picture)


def test_a_plain_picture_without_keypoints_is_still_recognised():
    plain = np.full((200, 150, 3), (40, 60, 120), np.uint8)
    assert len(find_keypoints(plain).points) == 0
    assert same(plain, plain)
    assert not same(plain, np.full((200, 150, 3), (120, 60, 40), np.uint8))


def test_one_patch_that_differs_is_enough_to_tell_two_pictures_apart():
    picture = patchwork(1)
    other = picture.copy()
    other[200:240, 100:140] = 255 - other[200:240, 100:140]
    assert whole_agreement(picture, other).mean < 3
    assert not same(other, picture)


def test_a_darker_picture_is_the_same_only_once_it_is_laid_over():
    picture = patchwork(1)
    darker = (picture * 0.8).astype(np.uint8)
    assert not whole_agreement(darker, picture).is_same
    alignment = laid_over(darker, picture)
    assert alignment is not None
    moved = moved_agreement(darker, picture, alignment.move)
    assert moved is not None
    assert moved.is_same


def test_pictures_with_nothing_in_common_cannot_be_laid_over_each_other():
    assert laid_over(patchwork(1), patchwork(2)) is None


def test_keypoints_agree_on_another_ground_where_pixels_cannot():
    picture = patchwork(1)
    photo = np.full((420, 340, 3), (90, 120, 80), np.uint8)
    photo[60 : 60 + picture.shape[0] // 2, 40 : 40 + picture.shape[1] // 2] = picture[::2, ::2]
    assert not same(photo, picture)
    alignment = laid_over(photo, picture)
    assert alignment is not None
    assert np.hypot(*alignment.move[:, 0]) > 1.2  # it is smaller in the photo


def test_a_picture_is_opened_when_its_hash_or_its_keypoints_may_be_the_photos():
    theirs, own = find_keypoints(patchwork(1)), find_keypoints(patchwork(2))
    assert may_be_same(theirs, own, None, bits=3, looks=0.1)
    assert may_be_same(theirs, own, agreeing(9), bits=30, looks=0.6)
    assert not may_be_same(theirs, own, agreeing(9), bits=30, looks=0.1)
    assert not may_be_same(theirs, own, None, bits=30, looks=0.99)


def test_plain_pictures_have_nothing_to_agree_by_and_are_opened_when_they_look_alike():
    plain = find_keypoints(np.full((200, 150, 3), 90, np.uint8))
    assert may_be_same(plain, find_keypoints(patchwork(1)), None, bits=30, looks=0.9)
    assert not may_be_same(plain, find_keypoints(patchwork(1)), None, bits=30, looks=0.2)


def test_the_candidate_that_agrees_is_likelier_than_the_one_that_looks_a_little_more_alike():
    assert likeliest([0.80, 0.78], [agreeing(9), agreeing(60)]) == 1
    assert likeliest([0.90, 0.50], [agreeing(9), agreeing(60)]) == 0


def test_without_agreement_no_candidate_is_likely():
    assert likeliest([0.9, 0.8], [None, None]) is None
    assert likeliest([], []) is None
