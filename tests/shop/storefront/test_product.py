"""The page of one product."""

import json
import re

import pytest
from django.test import Client

from catalog.models import Attribute, Product, ProductAttribute, ProductImage
from recommendations.models import Interaction
from shop.reviews.models import StyleSummary, style_of
from tests import factories


def test_a_product_page_says_what_a_buyer_wants_to_know(visitor, tops):
    product = factories.ProductFactory(
        name="Breton tee",
        category=tops,
        description="Heavy cotton.",
        variants=[("S", 4), ("M", 9)],
        variants__price="39.00",
    )
    season = Attribute.objects.create(name="Season", slug="season")
    ProductAttribute.objects.create(product=product, attribute=season, value="Summer")
    page = visitor.get(product.get_absolute_url()).content.decode()
    for words in (
        "Breton tee",
        "Fjord",
        "€\u00a039",
        "Heavy cotton.",
        "Summer",
        "Size guide",
        "Add to bag",
        "In stock",
    ):
        assert words in page


def test_a_draft_has_no_page(visitor):
    hidden = factories.ProductFactory(name="Secret coat", status=Product.Status.DRAFT)
    answer = visitor.get(hidden.get_absolute_url())
    assert answer.status_code == 404
    assert "Secret coat" not in answer.content.decode()


def test_an_unknown_product_is_not_found(visitor):
    assert visitor.get("/p/no-such-thing/").status_code == 404


def test_a_sold_out_size_is_struck_but_within_reach(visitor):
    product = factories.ProductFactory(variants=[("S", 0), ("M", 2)])
    page = visitor.get(product.get_absolute_url()).content.decode()
    small, medium = product.variants.order_by("position")
    assert re.search(
        rf'<label class="size sold-out"><input type="radio" name="variant" value="{small.pk}"[^>]*>', page
    )
    assert "disabled" not in re.search(rf'value="{small.pk}"[^>]*>', page).group()
    assert re.search(rf'<label class="size"><input type="radio" name="variant" value="{medium.pk}"', page)


def test_a_product_that_is_sold_out_cannot_be_added(visitor):
    product = factories.ProductFactory(variants=[("S", 0)])
    page = visitor.get(product.get_absolute_url()).content.decode()
    assert re.search(r'<button class="button buy-button"[^>]*disabled', page)


def test_colours_of_one_model_are_swatches_of_each_other(visitor):
    blue = factories.ProductFactory(style_code="tee-1", colour="Blue")
    red = factories.ProductFactory(style_code="tee-1", colour="Red", colour_hex="#aa2233")
    factories.ProductFactory(style_code="tee-1", colour="Green", status="draft")
    factories.ProductFactory(style_code="", colour="Pink")
    page = visitor.get(blue.get_absolute_url()).content.decode()
    swatches = re.findall(r'class="swatch" href="([^"]+)"', page)
    assert swatches == [blue.get_absolute_url(), red.get_absolute_url()]
    assert 'fill="#aa2233"' in page


def test_products_without_a_model_code_have_no_swatches(visitor):
    product = factories.ProductFactory(style_code="")
    factories.ProductFactory(style_code="")
    assert 'class="swatch"' not in visitor.get(product.get_absolute_url()).content.decode()


def test_the_former_price_is_struck(visitor):
    product = factories.reduced_from(factories.ProductFactory(variants__price="80.00"), "100.00")
    page = visitor.get(product.get_absolute_url()).content.decode()
    assert "<s>€\u00a0100</s>" in page
    assert "−20%" in page
    assert "€\u00a0100 was the lowest price in the 30 days before the reduction." in page
    assert offer_on(page)["priceSpecification"]["price"] == "100.00"


def test_a_price_that_was_never_asked_is_struck_nowhere(visitor):
    product = factories.ProductFactory(variants__price="80.00", variants__was_price="100.00")
    page = visitor.get(product.get_absolute_url()).content.decode()
    assert "<s>" not in page
    assert "priceSpecification" not in offer_on(page)


def offer_on(page: str) -> dict:
    text = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL).group(1)
    return next(item for item in json.loads(text)["@graph"] if item["@type"] == "Product")["offers"]


def test_structured_data_tells_the_same_as_the_page(visitor, tops):
    product = factories.ProductFactory(
        name='Tee "Été" </script><b>', category=tops, variants__price="39.50", pictures=2
    )
    page = visitor.get(product.get_absolute_url()).content.decode()
    text = re.search(
        r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', page, re.DOTALL
    ).group(1)
    graph = {item["@type"]: item for item in json.loads(text)["@graph"]}
    assert graph["Product"]["name"] == 'Tee "Été" </script><b>'
    assert graph["Product"]["offers"]["price"] == "39.50"
    assert graph["Product"]["offers"]["availability"] == "https://schema.org/InStock"
    assert len(graph["Product"]["image"]) == 2
    assert all(url.startswith("http://testserver/") for url in graph["Product"]["image"])
    assert [step["name"] for step in graph["BreadcrumbList"]["itemListElement"]] == ["Tops", product.name]
    assert "<b>" not in page


def test_the_page_names_its_own_address(visitor):
    product = factories.ProductFactory()
    page = visitor.get(f"{product.get_absolute_url()}?from=home").content.decode()
    assert f'<link rel="canonical" href="http://testserver{product.get_absolute_url()}">' in page
    assert 'property="og:image" content="http://testserver/' in page


def test_a_look_is_a_view_and_a_step_from_a_row_of_ours_is_a_click(visitor):
    product = factories.ProductFactory()
    visitor.get(product.get_absolute_url())
    visitor.get(f"{product.get_absolute_url()}?from=related")
    visitor.get(f"{product.get_absolute_url()}?from=elsewhere")
    assert sorted(Interaction.objects.values_list("kind", flat=True)) == ["click", "view", "view"]


@pytest.mark.parametrize(
    "headers",
    [{"User-Agent": "Googlebot/2.1"}, {"User-Agent": "Mozilla/5.0", "Sec-Purpose": "prefetch;prerender"}],
)
def test_crawlers_and_prefetches_leave_no_trace(db, headers):
    product = factories.ProductFactory()
    assert Client(headers=headers).get(product.get_absolute_url()).status_code == 200
    assert not Interaction.objects.exists()


def test_asking_for_the_head_only_leaves_no_trace(visitor):
    product = factories.ProductFactory()
    assert visitor.head(product.get_absolute_url()).status_code == 200
    assert not Interaction.objects.exists()


def test_what_one_looked_at_follows_at_the_end_of_the_page(visitor):
    tote = factories.ProductFactory(name="Market tote", style_code="tote")
    tee = factories.ProductFactory(name="Breton tee", style_code="tee")
    first = visitor.get(tote.get_absolute_url()).content.decode()
    assert "You looked at" not in first
    page = visitor.get(tee.get_absolute_url()).content.decode()
    row = page[page.index("You looked at") :]
    assert f'href="{tote.get_absolute_url()}?from=recent' in row
    assert f'href="{tee.get_absolute_url()}?from=recent' not in row
    assert "You looked at" not in Client().get(tee.get_absolute_url()).content.decode()


# --- Sizes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def linen(db) -> Product:
    """S is sold out, M costs 39, XL costs more."""
    product = factories.ProductFactory(
        name="Linen shirt", variants=[("S", 0), ("M", 2)], variants__price="39.00"
    )
    factories.VariantFactory(product=product, size="XL", price="45.00", stock=9, position=2)
    product.refresh_from_db()
    return product


def price_on(page: str) -> str:
    """The price above the sizes, in words."""
    found = re.search(r'<p class="buy-price" data-price>(.*?)</p>', page, re.DOTALL).group(1)
    return " ".join(re.sub(r"<[^>]+>", "", found).split()).replace("\u00a0", " ")


def test_a_price_that_differs_by_size_is_told_from_its_lowest_on(visitor, linen):
    assert price_on(visitor.get(linen.get_absolute_url()).content.decode()) == "from € 39"


def test_the_size_in_the_address_is_picked_with_its_price_and_its_stock(visitor, linen):
    page = visitor.get(f"{linen.get_absolute_url()}?size=XL").content.decode()
    xl = linen.variants.get(size="XL")
    assert price_on(page) == "€ 45"
    assert re.search(rf'value="{xl.pk}"[^>]* checked', page)
    assert "XL is in stock" in re.search(r'<p class="small stock"[^>]*>([^<]*)', page).group(1)


@pytest.mark.parametrize("size", ["XXS", "", "<script>", "\x00"])
def test_a_size_that_is_none_picks_nothing(size, visitor, linen):
    page = visitor.get(linen.get_absolute_url(), {"size": size}).content.decode()
    assert price_on(page) == "from € 39"
    assert " checked>" not in page[page.index('class="sizes"') : page.index("buy-actions")]


def test_without_scripts_each_size_leads_to_its_price(visitor, linen):
    page = visitor.get(linen.get_absolute_url()).content.decode()
    assert '<a href="?size=XL">XL €\u00a045</a>' in page


def test_one_price_for_all_sizes_is_told_once(visitor):
    product = factories.ProductFactory(variants=[("S", 1), ("M", 2)], variants__price="39.00")
    page = visitor.get(product.get_absolute_url()).content.decode()
    assert price_on(page) == "€ 39"
    assert "Price by size:" not in page


def test_few_left_are_told_for_each_size(visitor, linen):
    page = visitor.get(linen.get_absolute_url()).content.decode()
    assert 'data-stock-words="Only 2 left in M."' in page
    assert 'data-stock-words="S is sold out at the moment."' in page


def test_a_sold_out_size_offers_in_place_to_tell_when_it_is_back(signed_in, linen):
    small = linen.variants.get(size="S")
    page = signed_in.get(f"{linen.get_absolute_url()}?size=S").content.decode()
    button = re.search(r"<button[^>]*data-tell-me[^>]*>([^<]*)</button>", page)
    assert button.group(1) == "Tell me when S is back"
    assert f'name="variant" value="{small.pk}"' in button.group()
    assert "data-chosen" in button.group()
    address = re.search(r'<form class="tell-me" method="post" action="([^"]+)"', page).group(1)
    answer = signed_in.post(address, {"variant": small.pk, "next": linen.get_absolute_url()}, follow=True)
    assert "We write to you as soon as" in answer.content.decode()


def test_what_is_in_stock_waits_for_nothing(visitor):
    product = factories.ProductFactory(variants=[("S", 1), ("M", 2)])
    assert "data-tell-me" not in visitor.get(product.get_absolute_url()).content.decode()


def test_most_buyers_tell_how_it_fits_beside_the_sizes(visitor):
    product = factories.ProductFactory(variants=[("S", 1), ("M", 2)])
    StyleSummary.objects.create(style=style_of(product), stars=[0, 0, 0, 0, 3], fits=[3, 0, 0])
    page = visitor.get(product.get_absolute_url()).content.decode()
    assert page.index("Size guide") < page.index("Most buyers say: runs small.") < page.index('class="sizes"')


def test_a_page_can_be_passed_on_by_its_plain_link(visitor, linen):
    page = visitor.get(f"{linen.get_absolute_url()}?from=home").content.decode()
    assert f'href="http://testserver{linen.get_absolute_url()}" data-share' in page


def test_a_picture_without_words_is_told_by_colour_and_number(visitor):
    product = factories.ProductFactory(name="Linen shirt", colour="Red", pictures=2)
    ProductImage.objects.update(alt="")
    page = visitor.get(product.get_absolute_url()).content.decode()
    assert 'alt="Linen shirt, Red, picture 2"' in page


@pytest.mark.parametrize("who", ["visitor", "signed_in"])
def test_a_product_page_needs_at_most_eight_queries(who, request, tops, django_assert_max_num_queries):
    client = request.getfixturevalue(who)
    product = factories.ProductFactory(
        category=tops, style_code="a", variants=[("S", 3), ("M", 1)], pictures=3
    )
    for number in range(12):
        factories.ProductFactory(category=tops, style_code=f"b{number}")
        if number < 3:
            client.get(Product.objects.get(style_code=f"b{number}").get_absolute_url())
    client.get(product.get_absolute_url())  # the shelves and hearts are in the cache from now on
    with django_assert_max_num_queries(8):
        client.get(product.get_absolute_url())


def test_a_saved_product_shows_a_full_heart(signed_in, shopper):
    product = factories.ProductFactory()
    factories.WishlistItemFactory(user=shopper, product=product)
    page = signed_in.get(product.get_absolute_url()).content.decode()
    assert f'data-wish="{product.pk}" aria-pressed="true"' in page


def test_a_heart_pressed_is_full_on_the_next_page_and_empty_again_after_that(signed_in):
    product = factories.ProductFactory()
    url = product.get_absolute_url()
    for pressed in ("false", "true", "false"):
        assert f'data-wish="{product.pk}" aria-pressed="{pressed}"' in signed_in.get(url).content.decode()
        signed_in.post(f"/wishlist/{product.pk}/", {"next": url})


def test_history_shows_what_was_looked_at_and_forgets_it_on_demand(visitor):
    tote = factories.ProductFactory(name="Market tote")
    tee = factories.ProductFactory(name="Breton tee")
    assert "Nothing here yet." in visitor.get("/account/history/").content.decode()
    for product in (tote, tee):
        visitor.get(product.get_absolute_url())
    page = visitor.get("/account/history/").content.decode()
    assert page.index("Breton tee") < page.index("Market tote")
    page = visitor.post("/account/history/forget/", {"product": tee.pk}, follow=True).content.decode()
    assert f'href="{tee.get_absolute_url()}' not in page
    assert f'href="{tote.get_absolute_url()}' in page
    page = visitor.post("/account/history/forget/", follow=True).content.decode()
    assert "Nothing here yet." in page
