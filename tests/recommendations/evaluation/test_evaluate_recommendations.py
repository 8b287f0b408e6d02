"""The command as scripts see it, on a made-up shop in which two groups of shoppers walk two rows of shelves."""

import io
import json

import numpy as np
import pytest
from django.core.management import call_command

from catalog.command_line import UsageError
from recommendations.evaluation.candidates import NAMES

PROMISED = (
    "popularity", "recent_popularity", "surprise_user_user", "user_user", "item_item", "recent_item_item", "sequential",
    "content", "hybrid",
)  # fmt: skip


@pytest.fixture
def shop(tmp_path):
    """Sixty shoppers who each walk six neighbouring shelves of one of two rows of twelve; one thing nobody has met."""
    random = np.random.default_rng(0)
    lines = ["user,item,kind,timestamp,value"]
    for user in range(60):
        start, row = int(random.integers(0, 12)), "ab"[user % 2]
        lines += [
            f"u{user},{row}{(start + step) % 12},view,{86_400 * (user + step) + step}," for step in range(6)
        ]
    events = tmp_path / "events.csv"
    events.write_text("\n".join(lines) + "\n")
    items = tmp_path / "items.csv"
    items.write_text(
        "item,category\n"
        + "".join(f"{row}{shelf},row {row}\n" for row in "ab" for shelf in range(12))
        + "unmet,row a\n"
    )
    return events, items


def report_of(*arguments) -> dict:
    out = io.StringIO()
    call_command(
        "evaluate_recommendations", *map(str, arguments), "--json", "-", stdout=out, stderr=io.StringIO()
    )
    return json.loads(out.getvalue().strip().splitlines()[-1])


def test_every_model_is_measured_and_the_hybrid_beats_what_is_popular(shop):
    events, items = shop
    report = report_of("--interactions", events, "--items", items, "--split", "newuser")
    assert (report["users"], report["items"], report["split"]) == (60, 25, "newuser")
    assert set(report["models"]) == set(NAMES)
    for name in PROMISED:
        model = report["models"][name]
        assert 0 <= model["ndcg_at_10"] <= 1
        assert sum(bucket["users"] for bucket in model["buckets"].values()) == model["questions"]
    hybrid, popular = report["models"]["hybrid"], report["models"]["popularity"]
    assert hybrid["ndcg_at_10"] > 2 * popular["ndcg_at_10"]
    difference = hybrid["against_popularity"]["difference"]
    assert difference == pytest.approx(hybrid["ndcg_at_10"] - popular["ndcg_at_10"], abs=2e-5)
    assert popular["against_popularity"]["difference"] == 0


@pytest.mark.parametrize("split", ["time", "last"])
def test_who_walks_from_shelf_to_shelf_is_foreseen_by_the_order_of_others(shop, split):
    report = report_of("--interactions", shop[0], "--split", split, "--only", "sequential")
    models = report["models"]
    assert models["sequential"]["ndcg_at_10"] > 1.5 * models["popularity"]["ndcg_at_10"]


def test_what_cannot_be_fitted_says_why(shop):
    report = report_of("--interactions", shop[0], "--split", "last", "--only", "content", "bought_together")
    assert "--items" in report["models"]["content"]["skipped"]
    assert "baskets" in report["models"]["bought_together"]["skipped"]
    assert report["models"]["content"]["ndcg_at_10"] is None


def test_the_same_seed_gives_the_same_figures(shop):
    arguments = (
        "--interactions",
        shop[0],
        "--split",
        "last",
        "--only",
        "sequential",
        "user_user",
        "--seed",
        "3",
    )
    first, again = report_of(*arguments), report_of(*arguments)
    for report in (first, again):
        for model in report["models"].values():
            del model["fit_seconds"], model["peak_mb"]
    assert first == again


def test_fewer_questions_can_be_asked(shop):
    report = report_of("--interactions", shop[0], "--split", "last", "--only", "popularity", "--at-most", "7")
    assert report["questions"] == 7


def test_a_file_that_is_no_log_is_wrong_usage(tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("who,what\n1,2\n")
    with pytest.raises(UsageError, match="user, item, kind, timestamp"):
        report_of("--interactions", wrong)


def test_a_log_without_times_names_the_split_that_works(tmp_path):
    timeless = tmp_path / "timeless.csv"
    timeless.write_text("user,item,kind,timestamp,value\n1,2,rating,,5\n1,3,rating,,4\n")
    with pytest.raises(UsageError, match="--split ratio"):
        report_of("--interactions", timeless, "--split", "last")
