"""The figures of the cluster network, on shelves whose answer can be seen."""

import re
from dataclasses import replace

import numpy as np

from recommendations.channels import Facts
from recommendations.choosing_k import choose_k
from recommendations.curves import curves_svg
from recommendations.evaluating_clusters import (
    Shelf,
    judge_categories,
    judge_extension,
    judge_mapper,
    judge_related,
    lessons_of,
)
from recommendations.learning_weights import learn_weights
from tests.recommendations.test_choosing_k import blobs


def silent(things, title):
    return things


def shelf() -> Shelf:
    """Thirty tops and thirty jeans that look like their kind; nobody has keypoints."""
    types = ["Tops"] * 30 + ["Jeans"] * 30
    looks = blobs(2)
    unknown = Facts.unknown(60)
    facts = replace(unknown, types=[{name: 1.0} for name in types])
    return Shelf(
        slug="clothes",
        ids=np.arange(100, 160),
        descriptors=[np.zeros((0, 128), np.uint8)] * 60,
        embeddings=looks / np.linalg.norm(looks, axis=1, keepdims=True),
        colours=np.ones((60, 2), np.float32),
        stated=facts,
        seen=unknown,
        types=types,
        judged=np.arange(60) % 2 == 0,
    )


def test_what_looks_and_is_called_alike_is_related_and_words_of_blank_pictures_tell_nothing() -> None:
    clothes = shelf()
    figures = judge_related([clothes], [clothes.build()], silent)
    assert figures["products"] == 30
    assert figures["ours"]["same_type"] == figures["pictures"]["same_type"] == 1
    assert figures["ours"]["models"] == 6
    assert 0.3 < figures["random"]["same_type"] < 0.7
    assert figures["report"]["same_type"] < 0.7


def test_the_kinds_are_the_clusters_in_any_way_of_clustering() -> None:
    clothes = shelf()
    figures = judge_categories([clothes], [clothes.build()])["clothes"]
    assert (figures["k"], figures["sizes"]) == (2, [30, 30])
    assert {way["agrees_with_types"] for way in figures["ways"].values()} == {1.0}


def test_the_mapper_says_what_the_whole_network_says() -> None:
    clothes = shelf()
    figures = judge_mapper([clothes], [clothes.build()], silent)
    assert figures["products"] == 6
    assert figures["overlap"] > 0.9
    assert figures["inside"] == 1


def test_a_category_that_was_extended_says_what_the_whole_says_and_one_that_was_not_does_not() -> None:
    clothes = shelf()
    figures = judge_extension([clothes], [clothes.build()], silent)
    assert figures["products"] == 6
    assert figures["newcomers"] > 0.8
    assert figures["stale"] < figures["others"]
    assert 0 < figures["touched"] < 1


def test_the_lessons_of_a_shelf_teach_what_its_types_follow() -> None:
    teaches = np.ones(160, bool)
    weights = learn_weights(lessons_of([shelf()], {}, teaches))
    assert weights.type > weights.colour
    assert weights.price == 0  # nobody stated any


def test_curves_are_drawn_with_the_choice_or_a_sentence_says_why_there_are_none() -> None:
    svg = curves_svg(choose_k(blobs(3)).as_json(), "Hats & caps")
    assert len(re.findall("<polyline", svg)) == 3
    assert "Hats &amp; caps: 3 clusters" in svg
    assert "1 cluster, by too few products" in curves_svg(choose_k(blobs(1, each=3)).as_json(), "Hats")
