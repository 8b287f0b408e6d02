"""Which body a size is made for."""

import pytest
from django.core.cache import cache
from django.test import Client

from shop.sizing.choosing import guide_for
from shop.sizing.measures import in_inches
from shop.sizing.models import SizeRow, SizeTable
from tests import factories


def table(name: str, *sizes: str, **made_for) -> SizeTable:
    made = SizeTable.objects.create(name=name, columns=["Chest"], **made_for)
    for size in sizes:
        SizeRow.objects.create(table=made, size=size, measures=["80–84"])
    return made


@pytest.fixture
def tee(db):
    return factories.ProductFactory(gender="Women", variants=[("S", 1), ("M", 1)])


@pytest.mark.parametrize(
    ("sizes", "name"),
    [
        (["S", "M"], "Clothing"),
        (["30", "32", "34"], "Trousers by waist"),
        (["36", "37", "38", "39"], "Shoes"),
        (["36–39"], "Socks"),
        (["80", "85"], "Belts"),
    ],
)
def test_a_shop_begins_with_tables_that_know_their_sizes(sizes, name, tee):
    assert guide_for(tee, [tee.category_id], sizes).name == name


def test_no_table_is_better_than_a_wrong_one(tee):
    assert guide_for(tee, [tee.category_id], ["One"]) is None
    assert guide_for(tee, [tee.category_id], []) is None


def test_a_brands_own_table_wins_then_the_nearest_shelf_then_the_gender(tee):
    tops = factories.CategoryFactory(name="All tops")
    shelves = [tops.pk, tee.category_id]

    def chosen() -> str:
        return guide_for(tee, shelves, ["S", "M"]).name

    table("For women", "S", gender="Women")
    assert chosen() == "For women"
    table("For tops", "S", category=tops)
    assert chosen() == "For tops"
    table("For this shelf", "S", category=tee.category)
    assert chosen() == "For this shelf"
    table("Of the brand", "S", brand=tee.brand)
    assert chosen() == "Of the brand"


def test_what_was_made_for_others_is_out(tee):
    table("For men", "S", "M", gender="Men")
    table("Of another brand", "S", "M", brand=factories.BrandFactory(name="Other"))
    table("For shoes", "S", "M", category=factories.CategoryFactory(name="Shoes"))
    assert guide_for(tee, [tee.category_id], ["S", "M"]).name == "Clothing"


def test_the_tables_are_read_once_and_again_when_one_changes(tee, django_assert_num_queries):
    cache.clear()
    guide_for(tee, [], ["S"])
    with django_assert_num_queries(0):
        guide_for(tee, [], ["S"])
    SizeTable.objects.get(name="Clothing").delete()
    assert guide_for(tee, [], ["S"]) is None


def test_sizes_that_are_not_offered_are_told_apart(tee):
    rows = guide_for(tee, [], ["S", "M"]).rows
    assert [row.size for row in rows if row.is_offered] == ["S", "M"]


@pytest.mark.parametrize(
    ("centimetres", "inches"),
    [("80–84", "31.5–33.1"), ("25.4", "10"), ("up to 90", "up to 35.4"), ("–", "–")],
)
def test_centimetres_are_inches_too(centimetres, inches):
    assert in_inches(centimetres) == inches


def test_the_page_shows_both_and_a_switch_without_scripts(tee, client):
    for address in (tee.get_absolute_url(), f"/p/{tee.slug}/sizes/"):
        page = client.get(address).content.decode()
        assert '<span class="cm">80–84</span><span class="inch">31.5–33.1</span>' in page
        assert 'type="radio" name="unit" value="inch"' in page
    assert (
        f'href="/p/{tee.slug}/sizes/" data-dialog="size-guide"'
        in client.get(tee.get_absolute_url()).content.decode()
    )


def test_a_product_without_a_table_has_a_page_that_leads_on(client, db):
    bag = factories.ProductFactory(variants=[("", 2)])
    assert 'id="size-guide"' not in client.get(bag.get_absolute_url()).content.decode()
    assert "measure the piece for you" in client.get(f"/p/{bag.slug}/sizes/").content.decode()


def test_owners_change_a_table_and_give_a_measure_for_each_column(curator, tee):
    owner = Client()
    owner.force_login(curator)
    made = table("Mine", "S", brand=tee.brand)
    form = {
        "name": "Mine", "columns": "Chest, Waist", "gender": "", "other_sizes": "", "advice": "", "brand": tee.brand_id,
        "rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 1, "rows-0-id": made.rows.get().pk, "rows-0-table": made.pk,
        "rows-0-size": "S", "rows-0-other_size": "", "rows-0-position": 0, "rows-0-measures": "90–94",
    }  # fmt: skip
    url = f"/admin/sizing/sizetable/{made.pk}/change/"
    assert "Give 2 measures, one for each of: Chest, Waist." in owner.post(url, form).content.decode()
    assert owner.post(url, {**form, "rows-0-measures": "90–94, 70–74"}).status_code == 302
    assert guide_for(tee, [], ["S"]).rows[0].measures == ["90–94", "70–74"]
