"""What is learnt from outfits: kinds, harmony, and how both are judged."""

import json

import cv2
import numpy as np
import pytest

from recommendations.outfits.harmony import ENOUGH, Harmony, belonging, looks_of, ordinary_looks
from recommendations.outfits.judging import (
    LIGHTS,
    Learnt,
    Pieces,
    area_under_curve,
    ask,
    by_harmony,
    by_likeness,
    by_words,
    judge,
    judge_lists,
    parts_of,
    right_answers,
)
from recommendations.outfits.kinds_together import KindsByJaccard, KindsTogether, PopularKinds, hits
from recommendations.outfits.learnt import LearntError, OutfitKnowledge, shipped_knowledge
from recommendations.outfits.outfit_lists import OutfitsError, read_outfit_lists
from recommendations.outfits.street_outfits import (
    Garment,
    StreetOutfit,
    in_neutral_light,
    read_outfit,
    read_street_outfits,
)
from tests.vision.street_photos import street
from vision.detection_data import photo_pairs, read_label_names

SWIM, TOWN = ["bikini", "sandals", "hat"], ["suit", "shoes", "tie"]
LISTS = [*[SWIM] * 20, *[TOWN] * 20, *[["hat", "shoes"]] * 2]


def outfits(n: int, seed: int = 0) -> list[StreetOutfit]:
    """Outfits in which bag and shoes have one hue, any, and the shirt has another, any."""
    rng = np.random.default_rng(seed)

    def piece(tag: str, hue: int) -> Garment:
        colours = np.full(64, 0.02) + rng.uniform(0, 0.02, 64)
        colours[4 + hue] = 1
        colours = (colours / np.linalg.norm(colours)).astype(np.float32)
        return Garment(tag, colours, colours)

    found = []
    for number in range(n):
        leather, cloth = rng.integers(0, 12, 2).tolist()
        found.append(
            StreetOutfit(
                f"{number:04}", (piece("bag", leather), piece("shoes", leather), piece("shirt", cloth + 12))
            )
        )
    return found


def test_what_is_missing_at_the_beach_is_not_a_tie() -> None:
    known = KindsTogether().fit(LISTS)
    assert known.missing_from(["bikini", "sandals"], 1) == ["hat"]
    assert known.missing_from(["suit", "shoes"], 1) == ["tie"]
    assert set(known.missing_from(SWIM, 9)) == set(TOWN)


def test_a_kind_nobody_knows_says_nothing_and_beside_nothing_the_commonest_comes_first() -> None:
    known = KindsTogether().fit(LISTS)
    assert known.missing_from(["gramophone"], 2) == ["hat", "shoes"]
    assert known.missing_from(["gramophone", "bikini"], 1) == known.missing_from(["bikini"], 1)


def test_lift_is_about_one_for_what_meets_by_chance() -> None:
    known = KindsTogether().fit(
        [*[["a", "b"]] * 100, *[["a", "c"]] * 100, *[["d", "b"]] * 100, *[["d", "c"]] * 100]
    )
    assert known.lift(["a"], ["b"]) == pytest.approx(1)
    assert known.lift(["a"], ["gramophone"]) == 1
    assert KindsTogether().fit(LISTS).lift(["suit"], ["tie"]) > 1.4


def test_kinds_survive_json_and_a_broken_table_is_refused() -> None:
    known = KindsTogether().fit(LISTS)
    again = KindsTogether.from_json(json.loads(json.dumps(known.to_json())))
    assert again.missing_from(["suit"], 5) == known.missing_from(["suit"], 5)
    with pytest.raises(ValueError, match="as many rows"):
        KindsTogether.from_json({**known.to_json(), "kinds": ["tie"]})
    with pytest.raises(ValueError, match="no outfits"):
        KindsTogether().fit([])


def test_every_kind_of_every_outfit_is_hidden_once() -> None:
    known = KindsByJaccard().fit(LISTS)
    assert hits(known, [SWIM, ["alone"]], 2) == [(0, True)] * 3
    assert PopularKinds(known).missing_from(["hat"], 1) == ["shoes"]
    assert judge_lists(LISTS)["hit_at_5"]["ours"] == 1.0


def test_outfits_are_read_from_csv_and_other_files_are_refused(tmp_path) -> None:
    file = tmp_path / "outfits.csv"
    file.write_text("source,outfit,category\nx,1,Hats\nx,1,Coats\nx,1,Hats\nx,1,\nx,2,Hats\n")
    assert read_outfit_lists(file) == {"x": [["Hats", "Coats"]]}
    file.write_text("outfit,category\n1,Hats\n")
    with pytest.raises(OutfitsError, match="no column source"):
        read_outfit_lists(file)
    file.write_text("source,outfit,category\nx,1,Hats\n")
    with pytest.raises(OutfitsError, match="no outfit of two"):
        read_outfit_lists(file)
    with pytest.raises(OutfitsError, match="cannot be read"):
        read_outfit_lists(tmp_path / "missing.csv")


def test_harmony_learns_that_bag_and_shoes_share_a_hue() -> None:
    learnt = Learnt.from_outfits(outfits(150))
    pieces = Pieces.of(outfits(60, seed=1), "neutral_light")
    questions = ask(pieces, 4, np.random.default_rng(0))
    leather = [q for q in questions if pieces.tags[q.choices[0]] != "shirt"]
    shirts = [q for q in questions if pieces.tags[q.choices[0]] == "shirt"]
    score = by_harmony(pieces, learnt.harmony["neutral_light"])
    assert right_answers(leather, score).mean() > 0.8
    assert right_answers(shirts, score).mean() < 0.5  # nothing tells which shirt


def test_what_belongs_together_is_as_good_as_what_is_most_alike_and_a_clash_is_not() -> None:
    clash, unlikely, likely, most_alike = belonging(np.array([-3.0, -1.0, 0.1, 9.0]))
    assert 0 < clash < unlikely < likely < most_alike <= 1
    assert most_alike - likely < 0.02 < 0.2 < likely - unlikely
    assert belonging(np.array([-1e9, 0.0, 1e9])) == pytest.approx([0.0, ENOUGH, 1.0])


def test_by_visual_words_what_is_nearest_goes_together() -> None:
    words = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 0.0], [0.0, 4.0]])
    scores = by_words(words)(np.array([0]), np.array([1, 2, 3]))
    assert scores.tolist() == [-0.1, -5.0, -4.0]


def test_one_piece_beside_another_is_the_pair() -> None:
    learnt = Learnt.from_outfits(outfits(50)).harmony["neutral_light"]
    pieces = Pieces.of(outfits(5, seed=2), "neutral_light")
    places = learnt.place(pieces.looks, pieces.tags)
    assert learnt.pairs(places[:1], places)[0] == pytest.approx(learnt.beside(places[:1], places))
    assert learnt.pairs(places, places) == pytest.approx(learnt.pairs(places, places).T)


def test_harmony_knows_no_more_than_what_it_was_shown() -> None:
    with pytest.raises(ValueError, match="no outfit of two"):
        Harmony().fit(np.eye(3), ["a", "b", "c"], [1, 2, 3])
    known = Harmony().fit(np.random.default_rng(0).normal(size=(40, 5)), ["a"] * 40, np.arange(40) // 2)
    again = Harmony.from_json(json.loads(json.dumps(known.to_json())))
    places = known.place(np.eye(5), ["a", "b", "a", "", "b"])
    assert again.place(np.eye(5), ["a", "b", "a", "", "b"]) == pytest.approx(places, abs=1e-3)
    with pytest.raises(ValueError, match="does not fit together"):
        Harmony.from_json({**known.to_json(), "ordinary": {"": [0.0]}})


def test_what_is_ordinary_leans_on_everything() -> None:
    looks = np.array([[0.0], [0.0], [4.0]])
    ordinary = ordinary_looks(looks, ["a", "a", "b"], smoothing=1.0)
    assert ordinary[""] == pytest.approx(4 / 3)
    assert ordinary["b"] == pytest.approx((4 + 4 / 3) / 2)
    assert looks_of(np.array([[0.6, 0.8]]))[0] == pytest.approx([0.6, 0.8, 0.27, 0.48])


def test_questions_offer_others_of_the_same_tag_and_ties_share() -> None:
    pieces = Pieces.of(outfits(8), "as_photographed")
    for question in ask(pieces, 4, np.random.default_rng(0), among=np.array([0, 1, 2, 3, 4])):
        assert len({pieces.tags[row] for row in question.choices}) == 1
        assert pieces.outfits[question.choices[0]] == question.outfit
        assert set(pieces.outfits[question.choices[1:]]) <= {0, 1, 2, 3, 4} - {question.outfit}
        assert question.choices[0] not in question.rest
    questions = ask(pieces, 4, np.random.default_rng(0))
    assert right_answers(questions, lambda rest, choices: np.zeros(4)).mean() == 0.25
    assert not ask(pieces, 4, np.random.default_rng(0), among=np.array([0, 1]))  # too few others
    assert right_answers(questions, by_likeness(pieces)).mean() > 0.4


def test_the_area_under_the_curve() -> None:
    assert area_under_curve(np.array([2.0, 3.0]), np.array([1.0, 0.0])) == 1
    assert area_under_curve(np.ones(3), np.ones(2)) == 0.5
    assert np.isnan(area_under_curve(np.ones(0), np.ones(2)))


def test_parts_are_judged_by_what_the_others_taught() -> None:
    worn = outfits(60)
    parts = parts_of(worn, 3, seed=0)
    assert sorted(number for _, numbers in parts for number in numbers) == list(range(60))
    figures = judge(worn, parts, seed=0)
    assert figures["tag_hit_at_3"]["ours"] == 1.0
    for light in LIGHTS:
        low, high = figures[light]["fill_in_the_blank_interval"]
        assert low <= figures[light]["fill_in_the_blank"]["ours"] <= high
        assert figures[light]["pair_auc"]["ours"] > 0.55


def test_a_photo_is_read_into_what_is_worn(tmp_path) -> None:
    root = street(tmp_path / "street", 2)
    names = read_label_names(root / "labels.txt")
    worn = read_street_outfits(photo_pairs(root / "photos", root / "masks"), names, lambda things, _: things)
    assert [outfit.tags for outfit in worn] == [
        ["blouse", "jeans", "bag"]
    ] * 2  # a ring is too small, skin is no garment
    blouse, jeans, _ = worn[0].garments
    assert np.linalg.norm(blouse.colours) == pytest.approx(1, abs=1e-5)
    assert blouse.colours @ jeans.colours < 0.2


def test_neutral_light_takes_a_cast_away() -> None:
    rgb = np.random.default_rng(0).integers(60, 180, (40, 30, 3), np.uint8)
    warm = np.clip(rgb * np.array([1.2, 1.0, 0.7]), 0, 255).astype(np.uint8)
    means = in_neutral_light(warm).reshape(-1, 3).mean(axis=0)
    assert np.ptp(means) < 1
    mask = np.full((40, 30), 2, np.uint8)
    labels = ["null", "skin", "shirt"]
    (warmly,) = read_outfit("a", warm, mask, labels).garments
    (plainly,) = read_outfit("b", rgb, mask, labels).garments
    assert warmly.neutral_colours @ plainly.neutral_colours > warmly.colours @ plainly.colours
    black = in_neutral_light(np.zeros((4, 4, 3), np.uint8))
    assert not black.any()
    assert cv2.countNonZero(black[..., 0]) == 0


def test_knowledge_is_stored_and_a_damaged_file_is_told(tmp_path) -> None:
    knowledge = OutfitKnowledge(
        Learnt.from_outfits(outfits(30)), frozenset({"0001"}), KindsTogether().fit(LISTS)
    )
    knowledge.save(tmp_path / "deep" / "outfits.json")
    again = OutfitKnowledge.load(tmp_path / "deep" / "outfits.json")
    assert again.learnt_from == {"0001"}
    assert again.kinds.kinds_ == knowledge.kinds.kinds_
    (tmp_path / "deep" / "outfits.json").write_text("{}")
    with pytest.raises(LearntError, match="fit_complements"):
        OutfitKnowledge.load(tmp_path / "deep" / "outfits.json")


def test_what_comes_with_the_shop_knows_what_people_wear() -> None:
    kinds = shipped_knowledge().kinds
    assert kinds.lift(["Shorts"], ["Sandals"]) > 1.1 > 0.9 > kinds.lift(["Shorts"], ["Coats"])
    assert kinds.missing_from(["Mascara", "Lipstick"], 5) != kinds.missing_from(["Shorts", "Sandals"], 5)
