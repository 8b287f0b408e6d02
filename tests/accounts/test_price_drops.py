"""Mails about lower prices of what was saved, where the shopper wants them."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import WishList, WishlistItem
from accounts.price_drops import send_price_drops, stop_path
from accounts.wishing import mail_price_drops
from catalog.models import Variant
from tests.factories import ProductFactory, WishlistItemFactory


@pytest.fixture
def tee(db):
    return ProductFactory(name="Breton tee", variants=[("S", 2), ("M", 2)], variants__price=Decimal("39.00"))


@pytest.fixture
def wish(shopper, tee) -> WishlistItem:
    """A tee that was saved, on a list whose owner wants to hear of lower prices."""
    item = WishlistItemFactory(user=shopper, product=tee)
    mail_price_drops(item.list, wanted=True)
    return item


def costs(product, price: str, **which) -> None:
    Variant.objects.filter(product=product, **which).update(price=Decimal(price))


def test_a_lower_price_is_mailed_once(wish, tee, shopper):
    assert send_price_drops() == 0
    costs(tee, "29.00")
    assert send_price_drops() == 1
    assert send_price_drops() == 0
    (message,) = mail.outbox
    assert message.to == [shopper.email]
    assert message.subject == "Something you saved costs less"
    assert "€\u00a029, before €\u00a039" in message.body
    assert tee.get_absolute_url() in message.body


def test_nothing_is_mailed_where_nobody_asked_for_it(wish, tee):
    mail_price_drops(wish.list, wanted=False)
    costs(tee, "29.00")
    assert send_price_drops() == 0


def test_what_fell_before_the_shopper_asked_is_no_news(shopper, tee):
    item = WishlistItemFactory(user=shopper, product=tee)
    costs(tee, "29.00")
    mail_price_drops(item.list, wanted=True)
    assert send_price_drops() == 0


@pytest.mark.parametrize("prices", [["45.00"], ["29.00", "39.00"], ["55.00", "45.00"]])
def test_a_price_that_is_not_below_the_one_when_saved_is_no_news(wish, tee, prices):
    for price in prices:
        costs(tee, price)
    assert send_price_drops() == 0


def test_a_product_is_mailed_about_once_a_day_at_the_most(wish, tee):
    costs(tee, "29.00")
    send_price_drops()
    costs(tee, "25.00")
    assert send_price_drops() == 0
    assert send_price_drops(timezone.now() + timedelta(days=1, minutes=1)) == 1
    assert "before €\u00a029" in mail.outbox[1].body


def test_all_that_fell_on_a_list_is_one_mail(wish, tee, shopper):
    hat = ProductFactory(name="Straw hat", variants__price=Decimal("20.00"))
    WishlistItemFactory(user=shopper, product=hat)
    costs(tee, "29.00")
    costs(hat, "15.00")
    assert send_price_drops() == 1
    assert mail.outbox[0].subject == "2 things you saved cost less"
    assert "Straw hat" in mail.outbox[0].body


def test_the_wanted_size_is_the_one_that_counts(wish, tee):
    wish.variant = tee.variants.get(size="M")
    wish.save()
    costs(tee, "29.00", size="S")
    assert send_price_drops() == 0
    costs(tee, "29.00", size="M")
    assert send_price_drops() == 1


@pytest.mark.parametrize("change", [{"stock": 0}, {"currency": "USD"}])
def test_what_cannot_be_bought_or_compared_is_no_news(wish, tee, change):
    Variant.objects.filter(product=tee).update(price=Decimal("29.00"), **change)
    assert send_price_drops() == 0


def test_a_product_that_comes_back_for_less_is_news(wish, tee):
    tee.status = "archived"
    tee.save()
    costs(tee, "29.00")
    assert send_price_drops() == 0
    tee.status = "active"
    tee.save()
    assert send_price_drops() == 1


def test_a_mail_that_could_not_be_sent_is_sent_later(wish, tee, settings):
    costs(tee, "29.00")
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.accounts.test_back_in_stock.Broken"
    with pytest.raises(OSError, match="away"):
        send_price_drops()
    settings.EMAIL_BACKEND = working
    assert send_price_drops() == 1


def test_the_link_in_the_mail_ends_them(wish, tee):
    costs(tee, "29.00")
    send_price_drops()
    link = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
    assert link == stop_path(wish.list)
    assert "No mails about lower prices?" in Client().get(link).content.decode()
    assert WishList.objects.get().mails_price_drops  # looking ends nothing
    Client().post(link)
    assert not WishList.objects.get().mails_price_drops


def test_a_link_that_was_made_up_ends_nothing(wish):
    answer = Client().post("/price-drops/nonsense/stop/")
    assert answer.status_code == 404
    assert "This link does not work." in answer.content.decode()
    assert WishList.objects.get().mails_price_drops


def test_the_switch_is_on_the_lists_own_page(client, shopper, wish):
    client.force_login(shopper)
    WishList.objects.update(mails_price_drops=False)
    address = f"/wishlist/lists/{wish.list_id}/change/"
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        client.post(address, {"name": "Wish list", "mails_price_drops": "on"})
    changed = WishlistItem.objects.get()
    assert changed.list.mails_price_drops
    assert changed.told_at > wish.told_at + timedelta(minutes=59)
    client.post(address, {"name": "Wish list"})
    assert not WishList.objects.get().mails_price_drops
