import numpy as np

from shop.benchmarks import many_shoppers


def test_made_up_events_are_distinct_and_some_products_are_loved():
    users, items = many_shoppers.made_up_events(300, 200, 3_000, seed=0)
    assert len(users) == len(items) == 3_000
    assert len(set(zip(users.tolist(), items.tolist(), strict=True))) == 3_000
    assert (users.max(), items.max()) < (300, 200)
    of_each = np.bincount(items, minlength=200)
    assert of_each[:20].sum() > 1.5 * of_each[-20:].sum()


def test_every_row_says_whether_it_holds(monkeypatch):
    small = {"RATERS": 60, "FILMS": 40, "RATINGS": 900, "SHOPPERS": 80, "PRODUCTS": 50, "EVENTS": 600}
    for name, value in small.items():
        monkeypatch.setattr(many_shoppers, name, value)
    rows = {row.name: row for row in many_shoppers.rows()}
    assert set(rows) == {
        "million_ratings_time", "million_ratings_memory", "hundred_thousand_shoppers_time",
        "hundred_thousand_shoppers_memory",
    }  # fmt: skip
    assert rows["hundred_thousand_shoppers_time"].holds
    assert "900 ratings" in rows["million_ratings_time"].what
