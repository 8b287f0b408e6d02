"""A curator looks after what the network saw: lists, a page for each picture, corrections."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.eyes import write_model
from tests.factories import UserFactory
from tests.recommendations.seen import seen_product
from vision import registry
from vision.models import ImageAnalysis, LabelCorrection, ModelVersion

LISTS = "/admin/vision/imageanalysis/"
LABELS = [
    {"label": "Shirts", "kind": "type", "probability": 0.55},
    {"label": "Blue", "kind": "colour", "probability": 0.95},
    {"label": "Tshirts", "kind": "type", "probability": 0.25},
]


@pytest.fixture
def desk(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def image(tmp_path, db):
    """The picture of a tee, of which the model in use thinks that it may be a shirt."""
    product = seen_product(1, name="Harbour tee", article_type="Tshirts", colour="Red")
    version = registry.register(
        write_model(tmp_path / "model", kinds={"type": ["Shirts", "Tshirts"], "colour": ["Blue", "Red"]})
    )
    image = product.images.get()
    ImageAnalysis.objects.update(
        labels=LABELS,
        model=version,
        source_hash=image.source_hash,
        goods=0.987,
        colours=[["#24406b", 0.61]],
    )
    registry.activate(version)
    return image


def may(*rights: str) -> Client:
    """A member of staff with these rights and no others."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200
    return page.content.decode()


def picture(image) -> str:
    return f"{LISTS}picture/{image.pk}/"


# --- One picture ------------------------------------------------------------------------------------------------------


def test_a_pictures_page_tells_all_that_was_seen(desk, image):
    page = read(desk, picture(image))
    for expected in (
        "Harbour tee",
        "shirt",
        "55 %",
        "T-shirt",
        "25 %",
        "#24406b",
        "61 %",
        "99 % sure",
        "Seen by lite 1",
    ):
        assert expected in page


def test_the_products_page_leads_to_it(desk, image):
    assert picture(image) in read(desk, f"/admin/catalog/product/{image.product_id}/change/")


def test_a_picture_that_nobody_has_looked_at_says_so(desk, image):
    ImageAnalysis.objects.all().delete()
    assert "has not looked at this picture yet" in read(desk, picture(image))


def test_a_label_is_put_right_shown_and_taken_back(desk, image, curator):
    page = desk.post(
        f"{picture(image)}correct/", {"kind": "type", "label": "Tshirts"}, follow=True
    ).content.decode()
    assert "its type is T-shirt" in page
    assert "says curator@example.com" in page
    assert LabelCorrection.objects.get().by == curator
    assert "T-shirt 100%" in read(desk, "/admin/catalog/product/")
    assert "corrected by a curator" in read(desk, f"/admin/catalog/product/{image.product_id}/change/")

    page = desk.post(f"{picture(image)}undo/", {"kind": "type"}, follow=True).content.decode()
    assert "counts again" in page
    assert not LabelCorrection.objects.exists()
    history = read(desk, f"/admin/catalog/product/{image.product_id}/history/")
    assert f"Said of picture {image.pk}: its type is T-shirt." in history
    assert f"Took back of picture {image.pk}: type T-shirt." in history


def test_taking_back_twice_says_so(desk, image):
    page = desk.post(f"{picture(image)}undo/", {"kind": "type"}, follow=True).content.decode()
    assert "taken back already" in page


def test_a_label_that_the_model_does_not_know_is_refused(desk, image):
    page = desk.post(
        f"{picture(image)}correct/", {"kind": "type", "label": "Sofas"}, follow=True
    ).content.decode()
    assert "Choose one from the list" in page
    assert not LabelCorrection.objects.exists()


def test_a_picture_of_nothing_we_sell_is_marked(desk, image):
    page = desk.post(
        f"{picture(image)}correct/", {"kind": "subject", "label": "other"}, follow=True
    ).content.decode()
    assert "Shows nothing we sell" in page
    assert "Nothing we sell" in read(desk, "/admin/catalog/product/")


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_the_least_certain_are_listed_with_buttons_for_what_they_may_be(desk, image):
    page = read(desk, LISTS)
    assert "Harbour tee" in page
    assert '<button class="tool small" name="label" value="Shirts">' in page


def test_a_button_on_a_list_leads_back_to_the_list_without_the_picture(desk, image):
    here = f"{LISTS}?list=uncertain&kind=type"
    answer = {"kind": "type", "label": "Tshirts", "next": here}
    page = desk.post(f"{picture(image)}correct/", answer, follow=True)
    assert page.redirect_chain == [(here, 302)]
    assert "Nothing here. All that belongs on this list has been dealt with." in page.content.decode()


def test_nobody_is_led_to_another_site(desk, image):
    answer = {"kind": "type", "label": "Tshirts", "next": "https://elsewhere.example/"}
    page = desk.post(f"{picture(image)}correct/", answer)
    assert page["Location"] == picture(image)


def test_a_product_whose_colour_looks_wrong_is_changed_with_one_click(desk, image):
    assert "Change the product to blue" in read(desk, f"{LISTS}?list=wrong")
    page = desk.post(
        f"{picture(image)}catalogue/", {"kind": "colour", "label": "Blue"}, follow=True
    ).content.decode()
    assert "Harbour tee changed: its colour is blue." in page
    assert "0</strong> pictures" in read(desk, f"{LISTS}?list=wrong")


def test_types_that_are_mixed_up_stand_in_a_table_that_leads_to_the_pictures(desk, image):
    page = read(desk, f"{LISTS}?list=mixed")
    assert "T-shirt seen as shirt" in page
    pictures = f"{LISTS}?list=mixed&amp;stated=Tshirts&amp;seen=Shirts"
    assert pictures in page
    assert "Harbour tee" in read(desk, pictures.replace("&amp;", "&"))


def test_corrections_are_listed_with_who_made_them(desk, image):
    desk.post(f"{picture(image)}correct/", {"kind": "colour", "label": "Red"})
    page = read(desk, f"{LISTS}?list=corrected")
    assert "Colour: red" in page
    assert "curator@example.com" in page


def test_lists_have_pages_and_only_take_a_few_queries(desk, image, django_assert_max_num_queries):
    for seed in range(2, 28):
        seen_product(seed)
    ImageAnalysis.objects.update(labels=LABELS, model=registry.active_model())
    with django_assert_max_num_queries(
        8
    ):  # session, user, model, shelves, count, rows; two to spare for the side bar
        page = read(desk, LISTS)
    assert page.count('<li class="doubt">') == 24
    assert "Page 1 of 2" in page
    assert read(desk, f"{LISTS}?page=2").count('<li class="doubt">') == 3


def test_a_list_that_does_not_exist_is_not_found(desk, image):
    assert desk.get(f"{LISTS}?list=nonsense").status_code == 404
    assert desk.get(f"{LISTS}?kind=nonsense").status_code == 404


def test_without_a_model_in_use_the_page_says_what_to_do(desk, image):
    ModelVersion.objects.update(is_active=False)
    assert "Put one in use" in read(desk, LISTS)


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_staff_without_the_right_see_nothing(image):
    for address in (LISTS, picture(image)):
        assert may("view_product").get(address).status_code == 403


def test_who_may_look_may_not_correct(image):
    looker = may("view_imageanalysis")
    page = read(looker, picture(image))
    assert "Say so" not in page
    assert "Shirts" not in read(looker, LISTS) or '<button class="tool small"' not in read(looker, LISTS)
    for what in ("correct", "undo", "catalogue"):
        assert (
            looker.post(f"{picture(image)}{what}/", {"kind": "type", "label": "Tshirts"}).status_code == 403
        )
    assert not LabelCorrection.objects.exists()


def test_who_may_correct_may_not_change_the_catalogue(image):
    helper = may("view_imageanalysis", "add_labelcorrection")
    helper.post(f"{picture(image)}correct/", {"kind": "type", "label": "Tshirts"})
    assert LabelCorrection.objects.exists()
    assert helper.post(f"{picture(image)}undo/", {"kind": "type"}).status_code == 403
    assert helper.post(f"{picture(image)}catalogue/", {"kind": "colour", "label": "Blue"}).status_code == 403


def test_shoppers_are_sent_to_the_door(image, shopper, client):
    client.force_login(shopper)
    assert client.get(LISTS).status_code == 302


def test_a_link_corrects_nothing(desk, image):
    for what in ("correct", "undo", "catalogue"):
        assert desk.get(f"{picture(image)}{what}/").status_code == 405


def test_rows_are_neither_made_nor_deleted_here(desk, image):
    analysis = ImageAnalysis.objects.get()
    assert desk.get(f"{LISTS}add/").status_code == 403
    assert desk.post(f"{LISTS}{analysis.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get(f"{LISTS}{analysis.pk}/change/")["Location"] == picture(image)
