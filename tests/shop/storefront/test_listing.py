"""Shelves, everything, and search."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Product, Search
from catalog.search import liked_first
from catalog.vocabulary import recount_words
from tests import factories
from tests.recommendations.seen import seen_product


def names_on(page: str) -> list[str]:
    return re.findall(r'<span class="card-name">([^<]+)</span>', page)


def link_after(page: str, marker: str) -> str | None:
    """The address of the link that carries ``marker``."""
    found = re.search(rf'{marker}[^>]*href="([^"]+)"', page)
    return found.group(1).replace("&amp;", "&") if found else None


def test_a_shelf_shows_its_own_products_and_those_below_it(visitor, tops, shoes):
    shirts = factories.CategoryFactory(name="Shirts", parent=tops)
    factories.ProductFactory(name="Tee", category=tops)
    factories.ProductFactory(name="Shirt", category=shirts)
    factories.ProductFactory(name="Boot", category=shoes)
    page = visitor.get("/c/tops/").content.decode()
    assert set(names_on(page)) == {"Tee", "Shirt"}
    assert "2 pieces" in page


def test_drafts_and_archived_products_are_on_no_shelf(visitor, tops):
    factories.ProductFactory(name="Draft", category=tops, status=Product.Status.DRAFT)
    factories.ProductFactory(name="Gone", category=tops, status=Product.Status.ARCHIVED)
    factories.ProductFactory(name="Seen", category=tops)
    for url in ("/c/tops/", "/all/", "/search/?q=tops"):
        assert names_on(visitor.get(url).content.decode()) == ["Seen"]


def test_an_unknown_shelf_is_not_found(visitor):
    answer = visitor.get("/c/no-such-shelf/")
    assert answer.status_code == 404
    assert "This page is not here." in answer.content.decode()


def test_values_of_one_filter_add_up_and_filters_narrow_each_other(visitor, tops):
    for name, colour, kind in [
        ("Red tee", "Red", "Tshirts"), ("Blue tee", "Blue", "Tshirts"), ("Blue shirt", "Blue", "Shirts"),
        ("Green tee", "Green", "Tshirts"),
    ]:  # fmt: skip
        factories.ProductFactory(name=name, colour=colour, article_type=kind, category=tops)
    either = visitor.get("/c/tops/?colour=Red&colour=Blue").content.decode()
    assert set(names_on(either)) == {"Red tee", "Blue tee", "Blue shirt"}
    both = visitor.get("/c/tops/?colour=Red&colour=Blue&type=Tshirts").content.decode()
    assert set(names_on(both)) == {"Red tee", "Blue tee"}


def test_each_filter_in_force_is_a_chip_that_takes_itself_away(visitor, tops):
    factories.ProductFactory(name="Red tee", colour="Red", category=tops)
    factories.ProductFactory(name="Blue tee", colour="Blue", category=tops)
    page = visitor.get("/c/tops/?colour=Red&max_price=50").content.decode()
    chips = re.findall(
        r'class="chip" data-swap href="([^"]+)"><span class="visually-hidden">Remove </span>([^<]+)', page
    )
    assert {text: href.replace("&amp;", "&") for href, text in chips} == {
        "Red": "/c/tops/?max_price=50",
        "up to €\u00a050": "/c/tops/?colour=Red",
    }
    assert 'data-swap href="/c/tops/">Clear all' in page


def test_paging_shows_everything_once_even_when_something_arrives_meanwhile(visitor, tops):
    for number in range(60):
        factories.ProductFactory(name=f"Piece {number:02}", category=tops)
    seen, url = [], "/c/tops/?sort=new"
    while url:
        page = visitor.get(url).content.decode()
        seen += names_on(page)
        url = link_after(page, "data-more")
        if len(seen) == 24:
            factories.ProductFactory(name="Newcomer", category=tops)
    assert sorted(seen) == [f"Piece {number:02}" for number in range(60)]


def test_the_page_before_is_the_page_one_came_from(visitor, tops):
    for number in range(30):
        factories.ProductFactory(name=f"Piece {number:02}", category=tops)
    first = visitor.get("/c/tops/?sort=new").content.decode()
    second = visitor.get(link_after(first, "data-more")).content.decode()
    back = re.search(r'data-swap href="([^"]+)">Show the ones before', second)
    assert names_on(visitor.get(back.group(1).replace("&amp;", "&")).content.decode()) == names_on(first)


def test_newest_come_first_and_prices_sort_both_ways(visitor, tops):
    now = timezone.now()
    for days, price in [(3, "30.00"), (2, "10.00"), (1, "20.00")]:
        product = factories.ProductFactory(name=f"At {price}", category=tops, variants__price=price)
        Product.objects.filter(pk=product.pk).update(created_at=now - timedelta(days=days))
    assert names_on(visitor.get("/c/tops/").content.decode()) == ["At 20.00", "At 10.00", "At 30.00"]
    assert names_on(visitor.get("/c/tops/?sort=price").content.decode()) == [
        "At 10.00",
        "At 20.00",
        "At 30.00",
    ]
    assert names_on(visitor.get("/c/tops/?sort=-price").content.decode()) == [
        "At 30.00",
        "At 20.00",
        "At 10.00",
    ]


def test_a_search_without_result_helps_on(visitor):
    factories.ProductFactory(name="Market tote")
    page = visitor.get("/search/?q=xylophone").content.decode()
    assert "We found nothing for “xylophone”." in page
    assert 'href="/photo/"' in page
    assert names_on(page) == ["Market tote"]  # popular this week


def test_filters_that_fit_nothing_can_be_cleared(visitor, tops):
    factories.ProductFactory(category=tops, colour="Red")
    page = visitor.get("/c/tops/?colour=Red&min_price=5000").content.decode()
    assert "Nothing fits all of these filters." in page
    assert '<a class="button" href="/c/tops/">Clear all filters</a>' in page


def test_words_of_the_search_are_shown_as_text(visitor):
    page = visitor.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_suggestions_complete_half_a_word(visitor, tops):
    factories.ProductFactory(name="Topaz blouse", category=tops)
    results = visitor.get("/search/suggest/?q=top").json()["results"]
    assert {"kind": "category", "text": "Tops", "url": "/c/tops/"} in results
    assert "Topaz blouse" in [result["text"] for result in results]


@pytest.mark.parametrize(
    "query",
    [
        "q=%00%00",
        "q=" + "a" * 5000,
        "q=%27%22%29%3B--",
        "q=%26%7C%21%28%3A*",
        "cursor=not-a-cursor",
        "cursor=WyJ4IiwxLDBd",
        "cursor=WyIxZTk5OTk5IiwxLDBd&sort=price",
        "cursor=" + "A" * 3000,
        "min_price=1e400&max_price=NaN",
        "min_price=-5&max_price=99999999999999999999",
        "colour=%00&type=%00&brand=%00",
        "&".join(f"colour=c{n}" for n in range(500)),
        "sort=secret&in_stock=perhaps",
        "sort=for-you",
        "category=" + "x" * 1000,
        "size=%F0%9F%91%97",
        "colour[]=Red&colour=Red&colour=Red",
    ],
)
def test_hostile_addresses_never_break_a_listing(visitor, tops, query):
    factories.ProductFactory(category=tops)
    for path in ("/c/tops/", "/all/", "/search/", "/search/suggest/"):
        assert visitor.get(f"{path}?{query}").status_code == 200


def test_listing_pages_need_at_most_eight_queries(signed_in, tops, django_assert_max_num_queries):
    products = [factories.ProductFactory(category=tops, variants=[("S", 3), ("M", 1)]) for _ in range(30)]
    signed_in.get(products[0].get_absolute_url())
    signed_in.get("/c/tops/")
    for url in ("/c/tops/?colour=Blue", "/all/", "/search/?q=breton"):
        with django_assert_max_num_queries(8):
            signed_in.get(url)


def test_filtered_pages_are_not_for_search_engines_but_shelves_are(visitor, tops):
    factories.ProductFactory(category=tops)
    assert 'rel="canonical" href="http://testserver/c/tops/"' in visitor.get("/c/tops/").content.decode()
    assert 'content="noindex, follow"' in visitor.get("/c/tops/?colour=Blue").content.decode()


def test_a_misspelt_search_says_what_it_searched_for_and_leads_back_to_what_was_written(visitor, tops):
    factories.ProductFactory(name="Linen shirt", category=tops)
    recount_words()
    page = visitor.get("/search/?q=linne+shrit").content.decode()
    assert names_on(page) == ["Linen shirt"]
    assert "searched for <strong>“linen shirt”</strong>" in page
    assert 'href="/search/?q=linne+shrit&amp;exact=1"' in page
    exact = visitor.get("/search/?q=linne+shrit&exact=1").content.decode()
    assert "We found nothing for “linne shrit”." in exact
    assert 'Did you mean <a class="link" href="/search/?q=linen+shirt">' in exact


def test_an_empty_search_shows_where_to_go_on(visitor, tops):
    factories.ProductFactory(category=tops)
    page = visitor.get("/search/?q=umbrella").content.decode()
    assert "We found nothing for “umbrella”." in page
    assert '<a class="chip" href="/c/tops/">Tops</a>' in page


def test_searches_of_several_shoppers_are_counted_but_not_of_those_who_want_nothing_recorded(tops):
    factories.ProductFactory(name="Linen shirt", category=tops)
    for number in range(4):
        client = Client()
        client.force_login(
            factories.UserFactory(personalised=number > 0),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        client.get("/search/?q=linen")
        client.get("/search/?q=Linen")
    assert Search.objects.filter(words="linen", n_found=1).count() == 3


def test_a_visitor_without_a_number_leaves_no_search_behind(visitor, tops):
    visitor.get("/search/?q=linen")
    assert not Search.objects.exists()


def test_what_matches_a_search_alike_is_sorted_for_whoever_is_known_and_says_so(visitor, tops):
    """Three shirts match alike; the taste of whoever looked at the green one puts what looks like it first."""
    shirts = {
        colour: seen_product(seed, name=f"{colour} shirt", category=tops, brand=None, colour="", gender="")
        for seed, colour in enumerate(("Red", "Green", "Blue"))
    }
    before = names_on(visitor.get("/search/?q=shirt").content.decode())
    assert before == ["Blue shirt", "Green shirt", "Red shirt"]  # of equal matches the newest first
    visitor.get(shirts["Green"].get_absolute_url())
    page = visitor.get("/search/?q=shirt").content.decode()
    assert names_on(page)[0] == "Green shirt"
    assert set(names_on(page)) == set(before)
    assert "What matches alike is sorted for you." in page
    visitor.post("/account/privacy/", {"personalised": "off"})
    assert names_on(visitor.get("/search/?q=red shirt").content.decode()) == ["Red shirt"]


def test_taste_never_puts_a_worse_match_before_a_better_one():
    class Found:
        def __init__(self, name: str, relevance: float, taste: float) -> None:
            self.name, self.relevance, self.taste = name, relevance, taste

    exact, better, liked, other = (
        Found("Linen shirt", 1.201, 0.1),
        Found("Fine linen shirt", 1.5, -1.0),
        Found("Long linen shirt", 1.204, 0.9),
        Found("A linen shirt", 1.202, 0.2),
    )
    found = liked_first([better, liked, other, exact], "linen Shirt")
    assert found == [better, exact, liked, other]
