"""Promotions and codes: what they take off, when, for whom, and how often."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from catalog.models import Category
from shop.checkout.admin.promotions import in_words
from shop.checkout.models import Cart, Order, Promotion, PromotionCode, Redemption
from shop.checkout.placing import cancel_order
from shop.checkout.promotions import WRONG_CODES_PER_HOUR
from tests.factories import BrandFactory, CategoryFactory
from tests.shopping import checkout_form

pytestmark = pytest.mark.django_db


def promotion(**facts) -> Promotion:
    return Promotion.objects.create(**{"name": "Ten off", "kind": "percent", "percent": Decimal(10), **facts})


def code(text: str = "WELCOME", limit: int | None = None, **facts) -> Promotion:
    """A promotion that is there with the code ``text`` alone."""
    made = promotion(is_by_code=True, **facts)
    PromotionCode.objects.create(promotion=made, code=text, limit=limit)
    return made


def use(client, text: str = "WELCOME"):
    return client.post("/bag/code/", {"code": text}, follow=True)


def bag_of(client):
    return client.get("/bag/").context["bag"]


# --- What counts --------------------------------------------------------------------------------------------------


def test_an_automatic_promotion_counts_and_says_its_name(buyer):
    promotion()
    page = buyer.get("/bag/")
    assert page.context["bag"].totals.discount == Decimal("2.00")
    assert "Ten off" in page.content.decode()


def test_a_promotion_with_a_code_counts_with_the_code_alone(buyer):
    code()
    assert bag_of(buyer).totals.discount == 0
    use(buyer, " wel come ")  # as it is typed on a phone
    assert bag_of(buyer).totals.discount == Decimal("2.00")
    buyer.post("/bag/code/", {"remove": "1"})
    assert bag_of(buyer).totals.discount == 0


def test_a_shelf_counts_with_all_that_stand_below_it(buyer, tee):
    about_tops = promotion()
    tops = Category.objects.get()
    tops.parent = CategoryFactory(name="Apparel")
    tops.save()
    about_tops.categories.add(tops.parent)
    assert bag_of(buyer).totals.discount == Decimal("2.00")
    about_tops.brands.add(BrandFactory(name="Somebody else"))
    assert bag_of(buyer).totals.discount == 0


def test_what_is_off_or_over_or_not_yet_there_does_not_count(buyer):
    now = timezone.now()
    promotion(is_active=False)
    promotion(ends_at=now - timedelta(seconds=1))
    promotion(starts_at=now + timedelta(hours=1))
    assert bag_of(buyer).totals.discount == 0


def test_the_order_keeps_each_lines_share_and_who_gave_it(buyer, coat, place):
    buyer.post("/bag/add/", {"variant": coat.pk})
    code(kind="amount", percent=None, amount=Decimal("17.00"))
    use(buyer)
    order = place(buyer)
    assert (order.subtotal, order.discount, order.total) == (
        Decimal("170.00"),
        Decimal("17.00"),
        Decimal("153.00"),
    )
    assert [line.discount for line in order.lines.all()] == [Decimal("2.00"), Decimal("15.00")]
    redemption = Redemption.objects.get()
    assert (redemption.order, redemption.amount, redemption.code.code) == (order, Decimal("17.00"), "WELCOME")
    assert Cart.objects.get().code == ""


# --- A sentence for each ------------------------------------------------------------------------------------------


def test_an_unknown_code_gets_a_sentence_and_does_not_stay(buyer):
    assert "We do not know the code NOSUCH." in use(buyer, "nosuch").content.decode()
    assert Cart.objects.get().code == ""


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"ends_at": timezone.now() - timedelta(days=1)}, "The code WELCOME has expired."),
        ({"starts_at": timezone.now() + timedelta(days=40)}, "The code WELCOME counts from "),
        ({"minimum": Decimal("50.00")}, "counts from 50.00 EUR on: 30.00 EUR are missing."),
    ],
)
def test_a_code_that_does_not_count_says_why(buyer, facts, sentence):
    code(**facts)
    page = use(buyer).content.decode()
    assert sentence in page
    assert bag_of(buyer).totals.discount == 0


def test_a_code_about_other_pieces_says_so(buyer):
    code().categories.add(CategoryFactory(name="Shoes"))
    assert "is about other pieces than those in your bag" in use(buyer).content.decode()


def test_a_code_that_stands_alone_says_that_it_cannot_be_combined(buyer):
    promotion()
    code(is_exclusive=True, priority=5)
    assert "cannot be combined with another discount" in use(buyer).content.decode()


def test_a_code_that_is_used_up_says_so_and_a_cancelled_order_gives_it_back(buyer, tee, place):
    code(limit=1)
    use(buyer)
    order = place(buyer)
    buyer.post("/bag/add/", {"variant": tee.pk})
    assert "The code WELCOME is used up." in use(buyer).content.decode()
    cancel_order(order)
    assert bag_of(buyer).totals.discount == Decimal("2.00")


def test_once_per_shopper_counts_by_the_account(client, shopper, tee, place):
    code(limit_per_shopper=1)
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk})
    use(client)
    assert place(client).discount == Decimal("2.00")
    client.post("/bag/add/", {"variant": tee.pk})
    assert "You have used the code WELCOME already." in use(client).content.decode()


def test_a_guest_is_known_by_the_address_and_told_before_anything_is_ordered(buyer, tee, place):
    code(is_first_order=True)
    place(buyer)
    buyer.post("/bag/add/", {"variant": tee.pk})
    use(buyer)
    assert bag_of(buyer).totals.discount == Decimal("2.00")  # nobody knows yet who it is
    response = buyer.post("/checkout/", checkout_form(buyer, email="Guest@Example.com"))
    assert response.status_code == 409
    assert "The code WELCOME is for a first order." in response.content.decode()
    again = checkout_form(buyer) | {"seen": response.context["form"]["seen"].value()}
    assert buyer.post("/checkout/", again).status_code == 302  # without the discount, as was shown


def test_a_promotion_that_ended_between_page_and_click_is_told(buyer):
    ends = promotion()
    form = checkout_form(buyer)
    Promotion.objects.filter(pk=ends.pk).update(ends_at=timezone.now())
    response = buyer.post("/checkout/", form)
    assert response.status_code == 409
    assert "the total is now 24.90 EUR, not 22.90" in response.content.decode()
    assert not Order.objects.exists()


def test_codes_cannot_be_found_by_trying(buyer):
    code()
    for number in range(WRONG_CODES_PER_HOUR):
        use(buyer, f"TRY{number}")
    assert "Please try again in an hour." in use(buyer).content.decode()
    cache.clear()
    use(buyer)
    assert bag_of(buyer).totals.discount == Decimal("2.00")


# --- At the checkout, over REST -----------------------------------------------------------------------------------


def test_a_code_at_the_checkout_keeps_what_was_typed(buyer):
    code()
    response = buyer.post("/checkout/", checkout_form(buyer, code="welcome", reckon="code"))
    assert response.status_code == 200
    assert response.context["bag"].totals.total == Decimal("22.90")
    assert "Gwen Guest" in response.content.decode()
    gone = buyer.post("/checkout/", checkout_form(buyer, reckon="drop-code"))
    assert gone.context["bag"].totals.total == Decimal("24.90")


def test_a_code_that_is_typed_and_sent_with_the_order_is_shown_before_it_is_ordered(buyer):
    code()
    response = buyer.post("/checkout/", checkout_form(buyer, code="welcome"))
    assert response.context["bag"].totals.total == Decimal("22.90")
    assert not Order.objects.exists()


def test_a_code_over_rest(client, shopper, tee):
    code()
    client.force_login(shopper)
    client.post("/bag/add/", {"variant": tee.pk})
    answer = client.post("/api/v1/cart/code/", {"code": "welcome"}, content_type="application/json")
    bag = answer.json()
    assert (bag["code"], bag["code_problem"], bag["discount"]["amount"]) == ("WELCOME", "", "2.00")
    assert bag["items"][0]["discount"]["amount"] == "2.00"
    assert bag["promotions"][0]["name"] == "Ten off"
    wrong = client.post("/api/v1/cart/code/", {"code": "nosuch"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["detail"][:14]) == (409, "We do not know")
    assert client.delete("/api/v1/cart/code/").status_code == 204
    assert client.get("/api/v1/cart/").json()["discount"]["amount"] == "0.00"


# --- Behind the counter -------------------------------------------------------------------------------------------


def test_a_promotion_says_in_plain_words_what_it_gives():
    made = promotion(
        percent=Decimal(20),
        limit_per_shopper=1,
        ends_at=timezone.now().replace(2026, 12, 31, 12),
        is_by_code=True,
    )
    made.categories.add(CategoryFactory(name="Dresses"))
    assert in_words(made) == "20 % off Dresses, once per shopper, with a code, until 31 Dec 2026"
    three = promotion(kind="buy_x_get_y", percent=None, buy=2, get=1, minimum=Decimal("50.00"))
    assert in_words(three) == "3 for 2 of everything, from 50.00 EUR on"


def test_the_owner_makes_codes_by_the_hundred_and_takes_them_home_as_a_file(client, curator):
    client.force_login(curator)
    made = promotion(is_by_code=True)
    client.post(f"/admin/checkout/promotion/{made.pk}/codes/", {"n": "100"})
    rows = client.get(f"/admin/checkout/promotion/{made.pk}/codes.csv").content.decode().split()
    assert rows[0] == "code,limit,used"
    assert len(set(rows)) == 101
    assert rows[1].endswith(",1,0")


@pytest.mark.parametrize("n", ["0", "many", "5001", ""])
def test_a_number_of_codes_that_makes_no_sense_makes_none(client, curator, n):
    client.force_login(curator)
    made = promotion(is_by_code=True)
    page = client.post(f"/admin/checkout/promotion/{made.pk}/codes/", {"n": n}, follow=True).content.decode()
    assert "Nothing was made: write a number from 1 to 5000." in page
    assert not PromotionCode.objects.exists()


def test_a_kind_without_its_figure_is_refused_with_a_sentence(client, curator):
    client.force_login(curator)
    form = {"name": "Sale", "kind": "amount", "minimum": "0", "priority": "0"}
    form |= {"codes-TOTAL_FORMS": "0", "codes-INITIAL_FORMS": "0"}
    page = client.post("/admin/checkout/promotion/add/", form).content.decode()
    assert "Say how much this kind of promotion gives." in page
    assert client.post("/admin/checkout/promotion/add/", {**form, "amount": "5"}).status_code == 302


def test_a_promotion_that_was_used_is_switched_off_not_deleted(client, curator, buyer, place):
    made = promotion()
    place(buyer)
    client.force_login(curator)
    assert client.get("/admin/checkout/promotion/").status_code == 200
    assert client.post(f"/admin/checkout/promotion/{made.pk}/delete/", {"post": "yes"}).status_code == 403
