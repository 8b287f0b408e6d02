import numpy as np
import pytest

from tests.vision.evaluation.seen_pictures import product, seen
from vision.datasets import DatasetError
from vision.evaluation.searching import (
    blended,
    by_embedding,
    channels_of,
    figures,
    hits_of,
    rank,
    same_kind,
)
from vision.inference import Label

UP, RIGHT = (0.0, 1.0), (1.0, 0.0)
# Twelve shirts that look up, twelve shoes that look right, each slightly differently.
SHOP = [product(f"shirt {i}", "Shirts") for i in range(12)] + [
    product(f"shoe {i}", "Heels") for i in range(12)
]
LOOKS = [(0.01 * i, 1.0) for i in range(12)] + [(1.0, 0.01 * i) for i in range(12)]


def test_a_query_that_looks_like_its_kind_finds_only_its_kind() -> None:
    gallery = seen(SHOP, LOOKS)

    task = same_kind(gallery, gallery, ["type"])
    scores = figures(task, rank(by_embedding(gallery, gallery), task.asked, task.itself))

    assert [scores[name] for name in ("precision_at_1", "precision_at_10", "map_at_10", "ndcg_at_10")] == [
        1
    ] * 4
    assert scores["precision_at_10_interval"] == (1, 1)


def test_a_query_never_finds_itself() -> None:
    gallery = seen(SHOP, LOOKS)

    task = same_kind(gallery, gallery, ["type"])
    ranked = rank(by_embedding(gallery, gallery), task.asked, task.itself)

    assert all(row not in answers for row, answers in enumerate(ranked))


def test_the_same_product_in_another_copy_of_the_shop_is_no_answer_either() -> None:
    gallery = seen(SHOP, LOOKS)
    small_copy = product("shirt 3", "Shirts")

    task = same_kind(seen([small_copy], [UP]), gallery, ["type"])

    assert task.itself[0].tolist() == [3]


def test_another_colour_of_the_same_model_is_kin() -> None:
    shop = [product("red", "Shirts", group="model a"), product("blue", "Shirts", "Blue", group="model a")]
    gallery = seen([*shop, *SHOP], [UP, UP, *LOOKS])

    task = same_kind(gallery, gallery, ["type"])

    assert task.kin[0].tolist() == [0, 1]
    assert task.itself[0].tolist() == [0]


def test_what_has_too_few_of_its_kind_is_left_out_and_counted() -> None:
    gallery = seen([*SHOP, product("belt", "Belts")], [*LOOKS, UP])

    task = same_kind(gallery, gallery, ["type"])

    assert task.left_out == 1
    assert len(task.asked) == 24


def test_nothing_to_ask_is_said() -> None:
    gallery = seen([product("belt", "Belts")], [UP])

    with pytest.raises(DatasetError, match="--label-map"):
        same_kind(gallery, gallery, ["type"])


def test_two_kinds_must_both_agree() -> None:
    blue = [product(f"blue shirt {i}", "Shirts", "Blue") for i in range(12)]
    gallery = seen([*SHOP, *blue], [*LOOKS, *LOOKS[:12]])

    task = same_kind(gallery, gallery, ["type", "colour"])

    assert task.relevant(np.array([0])).sum() == 11


def test_navy_is_the_same_family_as_blue() -> None:
    shop = [product(f"shirt {i}", "Shirts", "Blue" if i % 2 else "Navy Blue") for i in range(12)]
    gallery = seen(shop, LOOKS[:12])

    assert same_kind(gallery, gallery, ["family"]).relevant(np.array([0])).sum() == 11


def test_a_label_map_says_what_a_word_means() -> None:
    gallery = seen(SHOP, LOOKS)
    query = seen([product("photo", "pumps")], [RIGHT])

    task = same_kind(query, gallery, ["type"], {"Pumps": ["Heels"]})
    hits = hits_of(task, rank(by_embedding(query, gallery), task.asked, task.itself))

    assert hits.all()


def test_everyday_words_need_no_map() -> None:
    gallery = seen(SHOP, LOOKS)

    task = same_kind(seen([product("photo", "shoes")], [RIGHT]), gallery, ["type"])

    assert task.relevant(np.array([0])).sum() == 12


def test_the_blend_prefers_the_kind_that_was_seen() -> None:
    gallery = seen(SHOP, LOOKS)
    photo = seen([product("photo", "shoes")], [(0.9, 1.0)], [(Label("Heels", "type", 0.9),)])

    by_looks = rank(by_embedding(photo, gallery), np.array([0]), [np.zeros(0, int)])
    by_blend = rank(blended(photo, gallery), np.array([0]), [np.zeros(0, int)])

    assert SHOP[by_looks[0, 0]].words["type"] == "Shirts"
    assert {SHOP[row].words["type"] for row in by_blend[0]} == {"Heels"}


def test_a_small_gallery_fills_up_with_nothing() -> None:
    gallery = seen(SHOP[:3], LOOKS[:3])

    ranked = rank(by_embedding(gallery, gallery), np.arange(3), [np.array([row]) for row in range(3)])

    assert ranked.shape == (3, 10)
    assert (ranked >= 0).sum(axis=1).tolist() == [2, 2, 2]


def test_all_channels_answer() -> None:
    gallery = seen(SHOP, LOOKS)

    channels = channels_of(gallery, gallery)

    assert channels.keys() == {"visual_words", "embedding", "blend"}
    assert all(channel(np.arange(2)).shape == (2, 24) for channel in channels.values())
