"""What a curator does with the catalogue."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import PopularSearch, Product, ProductImage, Synonym, Variant
from tests import factories
from tests.forms_on_pages import filled_form

PRODUCTS = "/admin/catalog/product/"


@pytest.fixture
def desk(curator) -> Client:
    """The curator, signed in."""
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def tee(db) -> Product:
    return factories.ProductFactory(name="Breton tee", slug="breton-tee", variants=[("M", 5)])


def page_of(product: Product) -> str:
    return f"{PRODUCTS}{product.pk}/change/"


def act(desk: Client, action: str, *products: Product) -> str:
    """Tick the products in the list, choose the action, and return the page that follows."""
    ticked = {"action": action, "_selected_action": [product.pk for product in products]}
    return desk.post(PRODUCTS, ticked, follow=True).content.decode()


def staff_with(*codenames: str) -> Client:
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_picture_status_price_stock_and_category(desk, tee):
    page = desk.get(PRODUCTS).content.decode()
    for expected in ("Breton tee", "Active", "39.00 EUR", "Tops", tee.images.get().url_for(160)):
        assert expected in page


def test_the_list_asks_the_same_questions_however_many_products_there_are(desk):
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(PRODUCTS).status_code == 200
        return len(queries)

    factories.ProductFactory.create_batch(2)
    questions()  # fills the caches of content types
    few = questions()
    factories.ProductFactory.create_batch(20)
    assert questions() == few


@pytest.mark.parametrize("words", ["breton", "SKU-BRETON", "P-BRETON", "Fjord"])
def test_a_product_is_found_by_name_sku_id_and_brand(desk, words):
    product = factories.ProductFactory(name="Breton tee", external_id="P-BRETON", variants=[])
    factories.VariantFactory(product=product, sku="SKU-BRETON")
    factories.ProductFactory(name="Wool coat", brand=factories.BrandFactory(name="Loden"))
    page = desk.get(PRODUCTS, {"q": words}).content.decode()
    assert "Breton tee" in page
    assert "Wool coat" not in page


def test_broken_pictures_and_scarce_sizes_can_be_listed(desk, tee):
    broken = factories.ProductFactory(name="Torn photo", variants__stock=9)
    broken.images.update(state="broken", error="This file is not a picture.")
    tee.variants.update(stock=1)
    assert "Torn photo" in (page := desk.get(PRODUCTS, {"pictures": "broken"}).content.decode())
    assert "Breton tee" not in page
    assert "Breton tee" in (page := desk.get(PRODUCTS, {"stock": "low"}).content.decode())
    assert "Torn photo" not in page


# --- Shown and hidden -------------------------------------------------------------------------------------------------


def test_an_archived_product_is_gone_at_once(desk, client, tee):
    assert "Breton tee" in client.get("/all/").content.decode()
    assert "Archived 1 of 1" in act(desk, "archive", tee)
    assert "Breton tee" not in client.get("/all/").content.decode()
    assert "/p/breton-tee/" not in client.get("/search/", {"q": "breton"}).content.decode()
    assert client.get("/p/breton-tee/").status_code in {404, 410}


def test_archiving_by_the_products_own_page_works_the_same(desk, client, tee):
    desk.post(page_of(tee), filled_form(desk.get(page_of(tee)), "product_form", status="archived"))
    assert "Breton tee" not in client.get("/all/").content.decode()


def test_a_draft_is_shown_when_it_is_activated(desk, client):
    draft = factories.ProductFactory(name="Wool coat", status="draft")
    assert "Wool coat" not in client.get("/all/").content.decode()
    act(desk, "activate", draft)
    assert "Wool coat" in client.get("/all/").content.decode()


def test_activating_a_product_without_a_picture_or_size_says_so(desk):
    bare = factories.ProductFactory(name="Bare idea", status="draft", pictures=0, variants=[])
    page = act(desk, "activate", bare)
    assert "without a size: Bare idea" in page
    assert "without a picture: Bare idea" in page


def test_who_archived_it_stands_in_its_history(desk, tee):
    act(desk, "archive", tee)
    assert "Archived." in desk.get(f"{PRODUCTS}{tee.pk}/history/").content.decode()


def test_only_a_draft_can_be_deleted(desk, tee):
    draft = factories.ProductFactory(status="draft")
    assert desk.post(f"{PRODUCTS}{tee.pk}/delete/", {"post": "yes"}).status_code == 403
    desk.post(f"{PRODUCTS}{draft.pk}/delete/", {"post": "yes"})
    assert list(Product.objects.all()) == [tee]


# --- Words ------------------------------------------------------------------------------------------------------------


def test_a_renamed_product_is_found_by_its_new_words(desk, client, tee):
    shelf = factories.CategoryFactory(name="Knitwear")
    changes = {"name": "Marinière", "category": shelf.pk, "colour": "Ecru"}
    desk.post(page_of(tee), filled_form(desk.get(page_of(tee)), "product_form", **changes))
    for words in ("mariniere", "knitwear", "ecru"):
        assert "/p/breton-tee/" in client.get("/search/", {"q": words}).content.decode(), words


def test_a_renamed_brand_is_found_by_its_new_name(desk, client, tee):
    page = desk.get(f"/admin/catalog/brand/{tee.brand.pk}/change/")
    desk.post(f"/admin/catalog/brand/{tee.brand.pk}/change/", filled_form(page, "brand_form", name="Skagen"))
    assert "/p/breton-tee/" in client.get("/search/", {"q": "skagen"}).content.decode()


# --- Sizes ------------------------------------------------------------------------------------------------------------


def test_a_page_that_stood_open_brings_no_sold_piece_back(desk, tee):
    page = desk.get(page_of(tee))
    Variant.objects.update(stock=2)  # three were sold meanwhile
    desk.post(page_of(tee), filled_form(page, "product_form", variants__0__price="35.00"))
    assert tee.variants.get().price == Decimal("35.00")
    assert tee.variants.get().stock == 2


def test_pieces_that_a_curator_adds_are_added_to_what_is_left(desk, tee):
    page = desk.get(page_of(tee))
    Variant.objects.update(stock=2)
    desk.post(page_of(tee), filled_form(page, "product_form", variants__0__stock="15"))
    assert tee.variants.get().stock == 12


def test_a_new_price_shows_on_the_cards(desk, tee):
    desk.post(page_of(tee), filled_form(desk.get(page_of(tee)), "product_form", variants__0__price="12.50"))
    tee.refresh_from_db()
    assert tee.price == Decimal("12.50")


def test_stock_below_zero_is_refused_with_a_sentence(desk, tee):
    response = desk.post(
        page_of(tee), filled_form(desk.get(page_of(tee)), "product_form", variants__0__stock="-1")
    )
    assert "Stock cannot be below zero." in response.content.decode()
    assert tee.variants.get().stock == 5


# --- Pictures ---------------------------------------------------------------------------------------------------------


def photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"bytes as they came", "image/jpeg")


def test_a_new_product_comes_with_several_pictures_that_wait_for_the_worker(desk):
    shelf = factories.CategoryFactory()
    form = filled_form(
        desk.get(f"{PRODUCTS}add/"),
        "product_form",
        name="Linen shirt",
        slug="linen-shirt",
        category=shelf.pk,
        variants__0__sku="LS-M",
        variants__0__size="M",
        variants__0__price="59.00",
        variants__0__stock="4",
        new_pictures=[photo("front.jpg"), photo("back.jpg")],
    )
    desk.post(f"{PRODUCTS}add/", form)
    product = Product.objects.get(slug="linen-shirt")
    assert (product.price, product.in_stock) == (Decimal("59.00"), True)
    pictures = list(product.images.all())
    assert [(p.position, p.state) for p in pictures] == [(0, "waiting"), (1, "waiting")]
    assert pictures[0].upload.read() == b"bytes as they came"
    page = desk.get(page_of(product)).content.decode()
    assert page.count("Waiting for the worker.") == 2
    assert pictures[0].upload.name not in page


def test_saving_pictures_tells_the_worker(desk, tee, monkeypatch, django_capture_on_commit_callbacks):
    queued = []
    monkeypatch.setattr("vision.tasks.analyse_images.delay", lambda ids: queued.append(ids))
    form = filled_form(desk.get(page_of(tee)), "product_form", new_pictures=[photo()])
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page_of(tee), form)
    assert queued == [[tee.images.last().pk]]


def test_a_file_that_is_too_large_is_refused_with_a_sentence(desk, tee, settings):
    settings.PICTURE_MAX_BYTES = 10
    response = desk.post(
        page_of(tee), filled_form(desk.get(page_of(tee)), "product_form", new_pictures=[photo("huge.jpg")])
    )
    assert "huge.jpg has" in response.content.decode()
    assert tee.images.count() == 1


def test_a_broken_picture_says_what_is_wrong_with_it(desk, tee):
    tee.images.update(state="broken", error="This file is not a picture. Send a JPEG.")
    assert "This file is not a picture. Send a JPEG." in desk.get(page_of(tee)).content.decode()


def test_a_replaced_picture_waits_again_and_the_file_before_goes(desk, django_capture_on_commit_callbacks):
    product = factories.ProductFactory(pictures=0)
    image = ProductImage.objects.create(product=product, upload=ContentFile(b"first", name="first.jpg"))
    before = image.upload.name
    ProductImage.objects.update(state="broken", error="Not a picture.")
    form = filled_form(desk.get(page_of(product)), "product_form", images__0__upload=photo("second.jpg"))
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page_of(product), form)
    image.refresh_from_db()
    assert (image.state, image.error, image.upload.read()) == ("waiting", "", b"bytes as they came")
    assert not image.upload.storage.exists(before)


def test_a_page_that_stood_open_does_not_undo_the_workers_work(desk, tee):
    ProductImage.objects.update(state="waiting", widths=[])
    page = desk.get(page_of(tee))
    ProductImage.objects.update(state="ready", widths=[160, 320])
    desk.post(page_of(tee), filled_form(page, "product_form", images__0__alt="Blue stripes"))
    image = tee.images.get()
    assert (image.alt, image.state, image.widths) == ("Blue stripes", "ready", [160, 320])


# --- Shelves and brands -----------------------------------------------------------------------------------------------


def test_categories_stand_as_a_tree_with_their_products_counted(desk, tee):
    top = factories.CategoryFactory(name="Apparel")
    tee.category.parent = top
    tee.category.save()
    page = re.sub(r"\s+", " ", desk.get("/admin/catalog/category/").content.decode())
    assert page.index('tree-depth-0">Apparel') < page.index('tree-depth-1">Tops')


def test_a_category_that_holds_products_is_not_deleted(desk, tee):
    page = desk.post(f"/admin/catalog/category/{tee.category.pk}/delete/", {"post": "yes"}, follow=True)
    assert "holds 1 product and 0 categories and was not deleted" in page.content.decode()
    tee.category.refresh_from_db()


def test_a_category_that_holds_categories_is_not_deleted(desk):
    top = factories.CategoryFactory(name="Apparel")
    factories.CategoryFactory(name="Socks", parent=top)
    page = desk.post(f"/admin/catalog/category/{top.pk}/delete/", {"post": "yes"}, follow=True)
    assert "holds 0 products and 1 category" in page.content.decode()
    top.refresh_from_db()


def test_an_empty_category_can_go(desk):
    empty = factories.CategoryFactory(name="Hats")
    desk.post(f"/admin/catalog/category/{empty.pk}/delete/", {"post": "yes"})
    assert not type(empty).objects.exists()


def test_a_hostile_logo_is_refused_and_an_honest_one_shown_as_an_image(desk, tee):
    address = f"/admin/catalog/brand/{tee.brand.pk}/change/"
    hostile = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    page = desk.post(address, filled_form(desk.get(address), "brand_form", logo_svg=hostile)).content.decode()
    assert "A logo may not hold &lt;script&gt;" in page
    honest = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>'
    desk.post(address, filled_form(desk.get(address), "brand_form", logo_svg=honest))
    page = desk.get("/admin/catalog/brand/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    assert "<path d=" not in page


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_a_member_of_staff_without_rights_sees_nothing(tee):
    nobody = staff_with()
    assert nobody.get(PRODUCTS).status_code == 403
    page = nobody.get("/admin/").content.decode()
    assert "Products" not in page
    assert "There is nothing here that you may look at." in page


def test_a_shopper_is_sent_to_the_sign_in(client, shopper):
    client.force_login(shopper)
    assert client.get(PRODUCTS).url.startswith("/admin/login/")


def test_who_may_only_look_changes_nothing(tee):
    viewer = staff_with("view_product", "view_variant", "view_productimage")
    page = viewer.get(page_of(tee)).content.decode()
    assert "Breton tee" in page
    assert "What the network saw" in page
    assert 'name="_save"' not in page
    assert viewer.post(page_of(tee), {"name": "Hacked"}).status_code == 403
    act(viewer, "archive", tee)
    tee.refresh_from_db()
    assert (tee.name, tee.status) == ("Breton tee", "active")


def test_actions_need_the_form_that_the_page_gave(tee, curator):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(curator)
    ticked = {"action": "archive", "_selected_action": [tee.pk]}
    assert strict.post(PRODUCTS, ticked).status_code == 403


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["tee bret", "ret", "sku-bre", "p-b"])
def test_a_product_is_found_by_pieces_of_its_words_and_beginnings_of_its_codes(desk, words):
    factories.ProductFactory(
        name="Breton tee", external_id="P-BRETON", variants=[("M", 1)], variants__sku="SKU-BRETON"
    )
    factories.ProductFactory(name="Canvas plimsolls", external_id="Q1")
    page = desk.get(PRODUCTS, {"q": words}).content.decode()
    assert "Breton tee" in page
    assert "Canvas plimsolls" not in page


@pytest.mark.parametrize("words", ["(", "\\", "%", "&|!:*()<->'", "[a"])
def test_no_signs_break_the_search_of_products(desk, words):
    assert desk.get(PRODUCTS, {"q": words}).status_code == 200


def test_a_synonym_is_written_down_in_small_letters_and_needs_words(desk):
    add = "/admin/catalog/synonym/add/"
    desk.post(add, {"word": " Jersey  Top ", "also": "Football shirt , Kit,,"})
    assert Synonym.objects.get(word="jersey top").also == "football shirt, kit"
    refused = desk.post(add, {"word": "?!", "also": " , "}).content.decode()
    assert "Write a word with letters" in refused
    assert "Write one word or several" in refused


def test_staff_see_what_several_shoppers_searched_for_in_vain(desk):
    PopularSearch.objects.create(words="umbrella", n_shoppers=7, n_found=0)
    PopularSearch.objects.create(words="blue tee", n_shoppers=9, n_found=40)
    page = desk.get("/admin/catalog/popularsearch/", {"found": "nothing"}).content.decode()
    assert "umbrella" in page
    assert "blue tee" not in page
