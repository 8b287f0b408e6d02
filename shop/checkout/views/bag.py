"""The bag: look, add, change, take out, undo."""

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.redirects import back_to
from accounts.shopper import shopper_of
from catalog.models import Variant
from recommendations.models import Interaction
from recommendations.recording import record
from shop.checkout import carts
from shop.checkout.bags import look_into
from shop.checkout.destinations import usual_destination
from shop.checkout.forms import AddForm, QuantityForm
from shop.checkout.models import Cart, CartLine

MOST_PIECES = 12  # of a look; ours have five


@never_cache
@require_safe
def bag(request: HttpRequest) -> HttpResponse:
    cart = carts.cart_of(shopper_of(request))
    bag = look_into(cart, usual_destination(request))
    carts.remember_count(request, cart, bag.pieces)
    context = {"bag": bag, "undo": request.session.get(carts.UNDO_KEY)}
    return render(request, "checkout/bag.html", context)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put a piece into the bag. Answers scripts with JSON, everybody else with the page they came from."""
    form = AddForm(request.POST)
    if not form.is_valid():
        sentence = (
            form.errors["variant"][0]
            if "variant" in form.errors
            else _("Choose how many, as a number from 1.")
        )
        return _added(request, sentence, is_good=False)
    variant = get_object_or_404(
        Variant.objects.select_related("product").filter(product__status="active"),
        pk=form.cleaned_data["variant"],
    )
    shopper = shopper_of(request, create=True)
    cart = carts.cart_of(shopper, create=True)
    try:
        added = carts.add(cart, variant, form.cleaned_data["quantity"])
    except carts.SoldOut as error:
        return _added(request, str(error), is_good=False)
    carts.remember_count(request, cart)
    request.session.pop(carts.UNDO_KEY, None)
    record(shopper, variant.product_id, Interaction.Kind.CART)
    if added.is_all:
        return _added(request, _("%(piece)s is in your bag.") % {"piece": variant})
    return _added(
        request,
        _("We had only %(n)d more of %(piece)s: they are in your bag.")
        % {"n": added.pieces, "piece": variant},
    )


@require_POST
def add_look(request: HttpRequest) -> HttpResponse:
    """Put a whole look into the bag: ``variant`` once for each piece, empty where no size was chosen."""
    chosen = request.POST.getlist("variant")[:MOST_PIECES]
    ids = dict.fromkeys(int(pk) for pk in chosen if pk.isascii() and pk.isdigit() and len(pk) < 18)
    visible = Variant.objects.select_related("product").filter(product__status="active").in_bulk(list(ids))
    missing = []
    if "" in chosen:
        missing.append(
            _("Choose a size of every piece, then add the look again: the rest of it will not come twice.")
        )
    if len(visible) < len(ids):
        missing.append(_("One of the pieces is no longer sold. Swap it for another one."))
    shopper = shopper_of(request, create=True)
    cart = carts.cart_of(shopper, create=True)
    look = carts.add_look(cart, [visible[pk] for pk in ids if pk in visible])
    look.missing.extend(
        missing or ([] if ids else [_("There was no piece to add. Go back and choose the sizes.")])
    )
    carts.remember_count(request, cart)
    request.session.pop(carts.UNDO_KEY, None)
    for variant in look.came:
        record(shopper, variant.product_id, Interaction.Kind.CART)
    return _added(request, look.sentence, is_good=bool(look.came or look.were_there))


def _added(request: HttpRequest, sentence: str, *, is_good: bool = True) -> HttpResponse:
    if request.accepts("application/json") and not request.accepts("text/html"):
        body = {"added": is_good, "message": sentence, "count": carts.cart_count(request)}
        return JsonResponse(body, status=200 if is_good else 409)
    (messages.success if is_good else messages.error)(request, sentence)
    return back_to(request, "cart")


def _own_line(request: HttpRequest, line_id: int) -> CartLine:
    cart = carts.cart_of(shopper_of(request))
    lines = CartLine.objects.select_related("cart", "variant__product")
    return get_object_or_404(lines.filter(cart=cart) if cart else lines.none(), pk=line_id)


@require_POST
def change_line(request: HttpRequest, line_id: int) -> HttpResponse:
    """Set how many, save the line for later, bring it back, or take it out; taking out offers an undo."""
    line = _own_line(request, line_id)
    if "later" in request.POST:
        carts.save_for_later(line)
        return _moved(request, line, _("%(piece)s is saved for later.") % {"piece": line.variant})
    if "back" in request.POST:
        try:
            carts.bring_back(line)
        except carts.SoldOut as error:
            messages.error(request, str(error))
            return redirect("cart")
        return _moved(request, line, _("%(piece)s is in your bag.") % {"piece": line.variant})
    form = QuantityForm({"quantity": 0} if "remove" in request.POST else request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how many, as a number from 0 to 20."))
        return redirect("cart")
    wanted, before = form.cleaned_data["quantity"], line.quantity
    variant = line.variant
    now = carts.set_quantity(line, wanted)
    request.session.pop(carts.UNDO_KEY, None)
    if not now and line.is_saved:
        messages.success(request, _("%(piece)s is out of your bag.") % {"piece": variant})
    elif not now:
        carts.offer_undo(
            request, _("%(piece)s is out of your bag.") % {"piece": variant}, {variant.pk: before}
        )
    elif now < wanted:
        messages.warning(
            request,
            _("%(piece)s: %(n)d is the most we can put into your bag.") % {"piece": variant, "n": now},
        )
    carts.remember_count(request, line.cart)
    return redirect("cart")


def _moved(request: HttpRequest, line: CartLine, sentence: str) -> HttpResponse:
    request.session.pop(carts.UNDO_KEY, None)
    carts.remember_count(request, line.cart)
    messages.success(request, sentence)
    return redirect("cart")


@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Put a promotion code into the bag, or take it out."""
    cart = carts.cart_of(shopper_of(request))
    if cart is not None:
        tell_code(request, cart, "" if "remove" in request.POST else request.POST.get("code", ""))
    return redirect("cart")


def tell_code(request: HttpRequest, cart: Cart, text: str) -> None:
    """Set the bag's code, and say so where the code is not one of ours."""
    try:
        carts.set_code(cart, text, get_client_ip_address(request) or "")
    except carts.WrongCode as error:
        messages.error(request, str(error))


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last removal, or the merging at sign-in, back."""
    quantities = carts.take_undo(request)
    if quantities:
        cart = carts.cart_of(shopper_of(request, create=True), create=True)
        carts.put_back(cart, quantities)
        carts.remember_count(request, cart)
        messages.success(request, _("Your bag is as it was before."))
    return redirect("cart")
