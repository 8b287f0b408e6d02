"""The bag of one shopper: finding it and filling it. What it holds and costs, ``shop.checkout.bags`` says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.shopper import VISITOR_KEY, Shopper, shopper_of
from catalog.models import Variant
from shop.checkout import cart as arithmetic
from shop.checkout import promotions
from shop.checkout.bags import other_currency
from shop.checkout.models import Cart, CartLine
from shop.checkout.models.promotion import normal_code

COUNT_KEY = "cart_count"
UNDO_KEY = "cart_undo"


class SoldOut(Exception):
    """The piece cannot be put into the bag; ``str(error)`` is a sentence for the shopper."""


# --- Finding it ---------------------------------------------------------------------------------------------------


def cart_of(shopper: Shopper, *, create: bool = False) -> Cart | None:
    """The shopper's bag; None when there is none and ``create`` is off.

    Raises:
        ValueError: when a bag should be created for somebody without a number.
    """
    if not shopper.is_known:
        if create:
            raise ValueError("A bag belongs to a user or to a numbered visitor.")
        return None
    owner = {"user_id": shopper.user_id} if shopper.user_id else {"session_key": shopper.visitor}
    if create:
        return Cart.objects.get_or_create(**owner)[0]
    return Cart.objects.filter(**owner).first()


def cart_count(request: HttpRequest) -> int:
    """How many pieces the header shows; kept in the session, so that a page costs no query for it."""
    count = request.session.get(COUNT_KEY)
    if count is None:
        shopper = shopper_of(request)
        if not shopper.is_known:
            return 0
        count = remember_count(request, cart_of(shopper))
    return count


def remember_count(request: HttpRequest, cart: Cart | None, count: int | None = None) -> int:
    """Count the pieces in ``cart``, unless somebody has, and keep the number for the header."""
    if count is None:
        count = (cart.pieces.aggregate(pieces=Sum("quantity"))["pieces"] or 0) if cart else 0
    if request.session.get(COUNT_KEY, 0) != count or COUNT_KEY not in request.session:
        request.session[COUNT_KEY] = count
    return count


# --- Filling it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Added:
    """What became of a wish to add: the line, and how many pieces really came (stock may allow fewer)."""

    line: CartLine
    pieces: int
    is_all: bool


def add(cart: Cart, variant: Variant, quantity: int = 1) -> Added:
    """Put ``quantity`` more of ``variant`` into the bag, as many as are in stock.

    Raises:
        SoldOut: when not one more can come, with a sentence that says why.
    """
    with transaction.atomic():
        _lock(cart)
        if not variant.product.is_visible:
            raise SoldOut(_("%(piece)s is no longer sold.") % {"piece": variant.product})
        others = cart.pieces.exclude(variant__currency=variant.currency).values_list(
            "variant__currency", flat=True
        )
        if others:
            raise SoldOut(other_currency(variant, others[0]))
        line = cart.lines.filter(variant=variant).first()
        before = line.quantity if line and not line.is_saved else 0
        after = arithmetic.fit_to_stock(before + max(1, quantity), variant.stock)
        if after <= before:
            raise SoldOut(_why_no_more(variant, before))
        if line:
            line.quantity, line.is_saved = after, False
            line.save(update_fields=["quantity", "is_saved"])
        else:
            line = CartLine.objects.create(cart=cart, variant=variant, quantity=after)
    return Added(line, after - before, after - before >= quantity)


def _why_no_more(variant: Variant, before: int) -> str:
    if variant.stock == 0:
        return _("%(piece)s is sold out. Another size or colour may be there.") % {"piece": variant}
    if before >= arithmetic.MAX_PER_LINE:
        return _("%(n)d of one piece is the most a bag holds. Write to us for a larger order.") % {
            "n": arithmetic.MAX_PER_LINE
        }
    return _("All %(n)d of %(piece)s that we have are in your bag already.") % {
        "n": variant.stock,
        "piece": variant,
    }


def add_all(cart: Cart, pieces: Iterable[tuple[Variant | None, int, str]]) -> list[str]:
    """Add (variant, quantity, name) each, as far as they are there. Returns a sentence for each that is not."""
    missing = []
    for variant, quantity, name in pieces:
        try:
            if variant is None:
                raise SoldOut(_("%(piece)s is no longer sold.") % {"piece": name})
            add(cart, variant, quantity)
        except SoldOut as error:
            missing.append(str(error))
    return missing


@dataclass(frozen=True)
class AddedLook:
    """What became of the pieces of a look: those that came, those that were in the bag before, and a sentence for each
    that could not come."""

    came: list[Variant]
    were_there: list[Variant]
    missing: list[str]

    @property
    def sentence(self) -> str:
        """All of it in words."""
        words = []
        if self.came:
            n = len(self.came)
            words.append(
                _("%(piece)s is in your bag.") % {"piece": self.came[0]}
                if n == 1
                else ngettext(
                    "%(n)d piece of the look is in your bag.", "%(n)d pieces of the look are in your bag.", n
                )
                % {"n": n}
            )
        if self.were_there:
            n = len(self.were_there)
            words.append(
                _("%(piece)s was there already.") % {"piece": self.were_there[0]}
                if n == 1
                else ngettext("%(n)d of them was there already.", "%(n)d of them were there already.", n)
                % {"n": n}
            )
        return " ".join([*words, *self.missing])


def add_look(cart: Cart, variants: Iterable[Variant]) -> AddedLook:
    """Let the bag hold one of each, as far as they are there. What it holds already stays as it is, so that a look
    that is sent twice comes once."""
    look = AddedLook([], [], [])
    with transaction.atomic():
        _lock(cart)
        before = set(cart.pieces.values_list("variant_id", flat=True))
        for variant in variants:
            if variant.pk in before:
                look.were_there.append(variant)
                continue
            try:
                look.came.append(add(cart, variant).line.variant)
            except SoldOut as error:
                look.missing.append(str(error))
    return look


def set_quantity(line: CartLine, quantity: int) -> int:
    """Make the line hold ``quantity`` pieces, at most what is in stock; 0 takes it out. Returns what it holds now.

    A quantity the shop no longer has is lowered, but never to nothing: a sold-out line stays until it is taken out.
    """
    with transaction.atomic():
        _lock(line.cart)
        if quantity < 1:
            line.delete()
            return 0
        line.quantity = max(1, arithmetic.fit_to_stock(quantity, line.variant.stock))
        line.save(update_fields=["quantity"])
    return line.quantity


def put_back(cart: Cart, quantities: Mapping[int, int]) -> None:
    """Make the bag hold these quantities (variant id -> quantity, 0: none) again: the undo of a change."""
    with transaction.atomic():
        _lock(cart)
        there = set(Variant.objects.filter(pk__in=quantities).values_list("pk", flat=True))
        for variant_id, quantity in sorted(quantities.items()):
            if quantity < 1:
                cart.lines.filter(variant_id=variant_id).delete()
            elif variant_id in there:
                cart.lines.update_or_create(
                    variant_id=variant_id, defaults={"quantity": quantity, "is_saved": False}
                )


def save_for_later(line: CartLine) -> None:
    """Move a line aside: it stays with the bag, and is not ordered."""
    with transaction.atomic():
        _lock(line.cart)
        CartLine.objects.filter(pk=line.pk).update(is_saved=True)


def bring_back(line: CartLine) -> Added:
    """Move a line that was saved for later back into the bag, as many of it as are in stock.

    Raises:
        SoldOut: when none can come, with a sentence that says why. It stays saved.
    """
    return add(line.cart, line.variant, line.quantity)


def _lock(cart: Cart) -> None:
    """Let two tabs change one bag after another, and note that it is in use."""
    Cart.objects.filter(pk=cart.pk).update(updated_at=timezone.now())


def forget_visitors_carts() -> int:
    """Delete the bags of visitors whose session has run out. Returns how many."""
    last_used = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    forgotten = Cart.objects.filter(user=None, updated_at__lt=last_used)
    return forgotten.delete()[1].get(Cart._meta.label, 0)


# --- A promotion code ---------------------------------------------------------------------------------------------


class WrongCode(Exception):
    """The code is not one of ours; ``str(error)`` is a sentence for the shopper."""


def set_code(cart: Cart, text: str, address: str) -> None:
    """Put a promotion code into the bag, or with an empty text none. What it gives, and why it gives nothing, the bag
    tells each time that it is looked into.

    Raises:
        WrongCode: for a code that nobody knows, and after too many of those from one ``address``.
    """
    code = normal_code(text)[:40]
    if code and not promotions.may_try(address):
        raise WrongCode(_("That were many codes that we do not know. Please try again in an hour."))
    if code and not promotions.is_known(code):
        promotions.count_wrong(address)
        raise WrongCode(
            _("We do not know the code %(code)s. Look at the letters once more.") % {"code": code}
        )
    Cart.objects.filter(pk=cart.pk).update(code=code, updated_at=timezone.now())
    cart.code = code


# --- At sign-in ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Merge:
    """What merging did: pieces that came, whether stock allowed all, and the quantities as they were before."""

    pieces: int
    is_all: bool
    before: dict[int, int]


def merge_visitors_cart(visitor: str, user: User) -> Merge | None:
    """Pour the visitor's bag into the user's: quantities summed, held to what is in stock, the visitor's bag gone.

    Both bags are locked, in the order of their ids, so that two sign-ins at once pour once. None: there was
    nothing to pour.
    """
    if not visitor:
        return None
    with transaction.atomic():
        visitors = Cart.objects.filter(session_key=visitor, user=None).first()
        if visitors is None:
            return None
        mine, _is_new = Cart.objects.get_or_create(user=user)
        locked = {
            c.pk: c
            for c in Cart.objects.select_for_update().filter(pk__in=[mine.pk, visitors.pk]).order_by("pk")
        }
        if visitors.pk not in locked:  # another sign-in was faster
            return None
        coming = dict(visitors.pieces.values_list("variant_id", "quantity"))
        before = dict(mine.pieces.values_list("variant_id", "quantity"))
        stock = dict(Variant.objects.filter(pk__in=coming).values_list("pk", "stock"))
        after = arithmetic.merged(before, coming, stock)
        for variant_id in coming:
            if after.get(variant_id, 0) != before.get(variant_id, 0):
                mine.lines.update_or_create(
                    variant_id=variant_id, defaults={"quantity": after[variant_id], "is_saved": False}
                )
        there = mine.lines.values("variant_id")
        visitors.lines.filter(is_saved=True).exclude(variant_id__in=there).update(cart=mine)
        if visitors.code and not mine.code:
            Cart.objects.filter(pk=mine.pk).update(code=visitors.code)
        visitors.delete()
    pieces = sum(after.values()) - sum(before.values())
    if not coming:
        return None
    return Merge(pieces, pieces == sum(coming.values()), {v: before.get(v, 0) for v in coming})


def merge_at_sign_in(request: HttpRequest, user: User) -> Merge | None:
    """Merge the session's bag into the user's, and keep in the session what the undo needs."""
    merge = merge_visitors_cart(request.session.get(VISITOR_KEY, ""), user)
    remember_count(request, cart_of(Shopper(user_id=user.pk)))
    if merge and merge.pieces:
        offer_undo(request, _merge_sentence(merge), merge.before)
    return merge


def _merge_sentence(merge: Merge) -> str:
    sentence = ngettext(
        "%(n)d piece from your visit before you signed in joined your bag.",
        "%(n)d pieces from your visit before you signed in joined your bag.",
        merge.pieces,
    ) % {"n": merge.pieces}
    return sentence if merge.is_all else f"{sentence} " + _("We do not have more of the rest.")


def offer_undo(request: HttpRequest, sentence: str, quantities: Mapping[int, int]) -> None:
    """Keep, for the next look at the bag, what happened and the quantities that would undo it."""
    request.session[UNDO_KEY] = {
        "sentence": sentence,
        "quantities": {str(k): v for k, v in quantities.items()},
    }


def take_undo(request: HttpRequest) -> dict[int, int]:
    """The quantities that undo the last change, once."""
    offered = request.session.pop(UNDO_KEY, None) or {"quantities": {}}
    return {int(variant): quantity for variant, quantity in offered["quantities"].items()}
