"""Who may open which address of the shop: one rule for each, and how to make what it is about."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import StockAlert, User
from accounts.price_drops import stop_path
from accounts.shopper import Shopper
from accounts.wishing import add_wish, begin_list, default_list, items_of
from shop.checkout.access import MINE_KEY
from shop.checkout.carts import add, cart_of
from shop.checkout.fulfilling import advance
from shop.checkout.models import Order
from shop.checkout.payments import pay
from shop.checkout.placing import Delivery, place_order
from shop.reviews.models import Question, Review, style_of
from tests.factories import AddressFactory, CategoryFactory, ProductFactory, WishlistItemFactory
from vision.models import PhotoQuery

HOME = Delivery("ada@example.com", "Ada Example", "1 Loom Lane", "1010", "Vienna", "AT")


@dataclass
class Owner:
    """Somebody to whom things belong, with their browser: a user, or a visitor known by the session."""

    client: Client
    user: User | None = None

    @property
    def shopper(self) -> Shopper:
        return Shopper(user_id=self.user.pk) if self.user else Shopper(visitor="the-owner")

    def remember(self, key: str, value: Any) -> None:
        session = self.client.session
        session[key] = value
        session.save()


# --- What the addresses are about: each function makes it for an owner and returns the address's arguments --------


def nothing(owner: Owner) -> dict[str, Any]:
    return {}


def a_product(owner: Owner) -> dict[str, Any]:
    return {"slug": ProductFactory().slug}


def a_product_id(name: str) -> Callable[[Owner], dict[str, Any]]:
    return lambda owner: {name: ProductFactory().pk}


def a_shelf(owner: Owner) -> dict[str, Any]:
    return {"slug": CategoryFactory().slug}


def a_review(owner: Owner) -> dict[str, Any]:
    product = ProductFactory()
    review = Review.objects.create(
        product=product, style=style_of(product), author="Ada", stars=5, title="Lovely", words="So soft.",
        status=Review.Status.PUBLISHED, published_at=timezone.now(),
    )  # fmt: skip
    return {"pk": review.pk}


def a_question(owner: Owner) -> dict[str, Any]:
    product = ProductFactory()
    question = Question.objects.create(
        product=product, style=style_of(product), author="Ada", words="Is it soft?",
        status=Question.Status.PUBLISHED, published_at=timezone.now(),
    )  # fmt: skip
    return {"pk": question.pk}


def a_rendition(owner: Owner) -> dict[str, Any]:
    return {"name": ProductFactory().images.get().rendition_name(320)}


def an_address(owner: Owner) -> dict[str, Any]:
    return {"pk": AddressFactory(user=owner.user).pk}


def a_wish(owner: Owner) -> dict[str, Any]:
    return {"product": WishlistItemFactory(user=owner.user).product_id}


def a_saved_piece(owner: Owner) -> dict[str, Any]:
    add_wish(owner.shopper, ProductFactory())
    return {"pk": items_of(owner.shopper).get().pk}


def a_list(owner: Owner) -> dict[str, Any]:
    if owner.user is None:
        return {"pk": default_list(owner.shopper).pk}
    return {"pk": begin_list(owner.user, "Winter").pk}


def a_shared_list(owner: Owner) -> dict[str, Any]:
    shared = default_list(owner.shopper)
    shared.share()
    return {"secret": shared.secret}


def an_alert(owner: Owner) -> dict[str, Any]:
    size = ProductFactory(variants__stock=0).variants.get()
    return {"secret": StockAlert.objects.create(variant=size, email="guest@example.com").secret}


def a_passkey(owner: Owner) -> dict[str, Any]:
    key = Authenticator.objects.create(user=owner.user, type="webauthn", data={"name": "Phone"})
    return {"pk": key.pk}


def a_link_that_ends_mails(owner: Owner) -> dict[str, Any]:
    wish_list = default_list(owner.shopper)
    return {"token": stop_path(wish_list).split("/")[2]}


def a_line(name: str) -> Callable[[Owner], dict[str, Any]]:
    def line(owner: Owner) -> dict[str, Any]:
        cart = cart_of(owner.shopper, create=True)
        return {name: add(cart, ProductFactory().variants.get()).line.pk}

    return line


def an_order(owner: Owner) -> dict[str, Any]:
    cart = cart_of(owner.shopper, create=True)
    add(cart, ProductFactory().variants.get())
    order = place_order(cart, owner.shopper, HOME)
    owner.remember(MINE_KEY, [order.number])
    return {"number": order.number}


LINE = 4711
RETURN = {
    "token": "abc",
    f"pieces-{LINE}": 1,
    f"reason-{LINE}": "too_small",
    "lines": [{"line": LINE, "quantity": 1, "reason": "too_small"}],
}


def a_delivered_order(owner: Owner) -> dict[str, Any]:
    order = Order.objects.get(**an_order(owner))
    order.lines.update(id=LINE)  # so that a form can name it
    pay(order, "approve", "token")
    for status in ("packed", "shipped", "delivered"):
        advance(order, status)
    return {"number": order.number}


def an_invoice(owner: Owner) -> dict[str, Any]:
    order = Order.objects.get(**an_order(owner))
    pay(order, "approve", "token")
    return {"number": order.number, "label": order.invoices.get().label}


def a_bank_question(owner: Owner) -> dict[str, Any]:
    order = Order.objects.get(**an_order(owner))
    pay(order, "ask", "token")
    return {"number": order.number, "reference": order.payments.get().reference}


def a_photo(owner: Owner) -> dict[str, Any]:
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "#aa5533").save(picture, "WEBP")
    query = PhotoQuery.objects.create(
        user=owner.user,
        session_key="" if owner.user else owner.shopper.visitor,
        picture=picture.getvalue(),
        width=60,
        height=80,
        status="done",
    )
    return {"pk": query.pk}


# --- The rules ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """``access``: "public", "shopper" (sign in first, then it is about yourself) or "own" (what it is about belongs
    to somebody; ``guests`` says whether it may belong to a visitor). ``methods``: what it answers to; any other of
    GET and POST is refused. ``data`` goes with every write."""

    access: Literal["public", "shopper", "own"]
    about: Callable[[Owner], dict[str, Any]] = nothing
    methods: tuple[str, ...] = ("get",)
    data: dict[str, Any] = field(default_factory=dict)
    guests: bool = False
    status: int = 0  # what a public address answers, where that is an error by design


def public(about: Callable[[Owner], dict[str, Any]] = nothing, *methods: str, **options: Any) -> Rule:
    return Rule("public", about, methods or ("get",), **options)


def shopper(*methods: str, **options: Any) -> Rule:
    return Rule("shopper", nothing, methods or ("get",), **options)


def own(about: Callable[[Owner], dict[str, Any]], *methods: str, **options: Any) -> Rule:
    return Rule("own", about, methods or ("get",), **options)


RULES = {
    # the storefront
    "home": public(),
    "listing": public(a_shelf),
    "all": public(),
    "search": public(),
    "suggest": public(),
    "product": public(a_product),
    "size_guide": public(a_product),
    "contact": public(nothing, "get", "post", status=400),
    "delivery": public(),
    "returns": public(),
    "privacy": public(),
    "imprint": public(),
    "set_language": public(nothing, "post"),
    "robots": public(),
    "sitemap": public(nothing, "get", "post"),  # Django's own views mind no method, and change nothing
    "sitemap_section": public(lambda owner: {"section": "pages"}, "get", "post"),
    "rendition": public(a_rendition),
    "photo_search": public(nothing, "get", "post", status=400),
    "photo_answer": own(a_photo, guests=True),
    "photo_status": own(a_photo, guests=True),
    "photo_picture": own(a_photo, guests=True),
    "photo_box": own(a_photo, "post", guests=True),
    "reviews": public(a_product),
    "review_write": Rule("shopper", a_product, ("get", "post")),
    "review_delete": Rule("shopper", a_product, ("post",)),
    "review_helpful": public(a_review, "post"),
    "questions": public(a_product, "get", "post", status=400),
    "question_answer": Rule("shopper", a_question, ("get", "post")),
    "dismiss": public(a_product_id("product_id"), "post"),
    "look": public(a_product_id("product_id")),
    "taste_quiz": public(nothing, "get", "post"),
    "history": public(),
    "forget_history": public(nothing, "post"),
    # the till
    "cart": public(),
    "cart_add": public(nothing, "post"),
    "cart_add_look": public(nothing, "post"),
    "cart_code": public(nothing, "post"),
    "cart_undo": public(nothing, "post"),
    "cart_line": own(a_line("line_id"), "post", data={"quantity": 2}, guests=True),
    "checkout": public(nothing, "get", "post"),
    "payment": own(an_order, "get", "post", data={"choice": "approve", "token": "abc"}, guests=True),
    "payment_bank": own(a_bank_question, "get", "post", data={"answer": "yes"}, guests=True),
    "order_invoice": own(an_invoice, guests=True),
    "order_return": own(a_delivered_order, "get", "post", data=RETURN, guests=True),
    "payment_return": own(a_bank_question, guests=True),
    "payment_webhook": public(lambda owner: {"provider": "test"}, "post", status=400),
    "order_find": public(nothing, "get", "post", status=422),
    "order": own(an_order, guests=True),
    "order_cancel": own(an_order, "post", guests=True),
    "order_again": own(an_order, "post", guests=True),
    "orders": shopper(),
    # the account
    "wishlist": public(),
    "wishlist_toggle": public(a_product_id("product_id"), "post"),
    "wishlist_begin": shopper("post", data={"name": "Summer"}),
    "wishlist_list": own(a_list, guests=True),
    "wishlist_change": own(a_list, "post", data={"name": "Summer"}),
    "wishlist_delete": own(a_list, "post"),
    "wishlist_share": own(a_list, "post"),
    "wishlist_piece": own(a_saved_piece, "post", data={"note": "for Mum"}, guests=True),
    # whoever has the secret may come in: the links of a shared list and of mails
    "wishlist_shared": public(a_shared_list),
    "back_in_stock": public(nothing, "post"),
    "back_in_stock_confirm": public(an_alert, "get", "post"),
    "back_in_stock_stop": public(an_alert, "get", "post"),
    "price_drops_stop": public(a_link_that_ends_mails, "get", "post"),
    "account_alerts": shopper(),
    "account": shopper("get", "post", data={"first_name": "Ada"}),
    "account_addresses": shopper(),
    "account_address_add": shopper("get", "post"),
    "account_address_undo": shopper("post"),
    "account_address": own(an_address, "get", "post", data={"name": "Eve"}),
    "account_address_delete": own(an_address, "post"),
    "account_address_default": own(an_address, "post"),
    "account_privacy": public(),
    "account_consent": public(nothing, "post"),
    "account_export": shopper(),
    "account_erase": shopper("post", data={"password": "a guess"}),
    "account_email": shopper("get", "post"),
    "account_change_password": shopper("get", "post"),
    "account_set_password": shopper("get", "post"),
    "account_reauthenticate": shopper("get", "post"),
    "mfa_index": shopper(),
    "mfa_authenticate": public(nothing, "get", "post"),  # without a sign-in under way it leads to one
    "mfa_reauthenticate": shopper("get", "post"),
    "mfa_activate_totp": shopper("get", "post"),
    "mfa_deactivate_totp": shopper("get", "post"),
    "mfa_view_recovery_codes": shopper(),
    "mfa_generate_recovery_codes": shopper("get", "post"),
    "mfa_download_recovery_codes": shopper(),
    "mfa_list_webauthn": shopper(),
    "mfa_add_webauthn": shopper("get", "post"),
    "mfa_reauthenticate_webauthn": shopper("get", "post"),
    "mfa_login_webauthn": public(nothing, "get", "post"),
    # to everybody else the password's question comes first (tests/accounts/test_second_step.py)
    "mfa_edit_webauthn": Rule("shopper", a_passkey, ("get", "post"), data={"name": "My phone"}),
    "mfa_remove_webauthn": Rule("shopper", a_passkey, ("get", "post")),
    "usersessions_list": shopper("get", "post"),
    "account_login": public(nothing, "get", "post"),
    "account_logout": public(nothing, "get", "post"),
    "account_signup": public(nothing, "get", "post"),
    "account_inactive": public(),
    "account_email_verification_sent": public(),
    "account_confirm_email": public(lambda owner: {"key": "nonsense"}),
    "account_confirm_login_code": public(nothing, "get", "post"),
    "account_reset_password": public(nothing, "get", "post"),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(
        lambda owner: {"uidb36": "1", "key": "nonsense"}, "get", "post"
    ),
    "account_reset_password_from_key_done": public(),
    # for operators and programs
    "health_live": public(),
    "health_ready": public(),
    "metrics": public(),
    "api_schema": public(),
    "api_docs": public(),
    "api_nothing_here": public(status=404),
    "api_products": public(),
    "api_product": public(a_product_id("pk")),
    "api_related": public(a_product_id("pk")),
    "api_complementary": public(a_product_id("pk")),
    "api_reviews": public(a_product_id("pk"), "get", "post", status=401),
    "api_look": public(a_product_id("pk")),
    "api_categories": public(),
    "api_suggest": public(),
    "api_home": public(),
    "api_interactions": public(nothing, "post", status=400),
    "api_photo_search": public(nothing, "post", status=415),
    "api_photo_search_detail": own(a_photo, guests=True),
    "api_token": public(nothing, "post", status=400),
    "api_wishlist": shopper("get", "post"),
    "api_wish": own(a_wish, "patch", "delete", data={"note": "for Mum"}),
    "api_wishlists": shopper("get", "post", data={"name": "Summer"}),
    "api_one_wishlist": own(a_list, "get", "patch", "delete", data={"name": "Summer"}),
    "api_cart": shopper(),
    "api_cart_code": shopper("post", "delete"),
    "api_cart_items": shopper("get", "post"),
    "api_cart_item": own(a_line("pk"), "patch", "delete", data={"quantity": 2}),
    "api_orders": shopper("get", "post"),
    "api_order": own(an_order),
    "api_order_payments": own(an_order, "post", data={"choice": "approve"}),
    "api_order_invoices": own(an_order),
    "api_order_invoice": own(an_invoice),
    "api_order_returns": own(a_delivered_order, "get", "post", data=RETURN),
    "api_me": shopper("get", "patch"),
    "api_me_export": shopper(),
}
