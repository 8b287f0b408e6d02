"""From the bag to a paid order: checkout, payment, the bank's question."""

import uuid
from decimal import Decimal
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.shopper import Shopper, shopper_of
from shop.checkout import carts, idempotency, payments
from shop.checkout.access import own_order, remember_order
from shop.checkout.bags import look_into
from shop.checkout.cart import Seen, read_seen
from shop.checkout.destinations import remember_destination, usual_destination
from shop.checkout.forms import CheckoutForm, PaymentForm
from shop.checkout.models import Cart, Order
from shop.checkout.models.promotion import normal_code
from shop.checkout.placing import NotPlaced, TooManyUnpaid, place_order
from shop.checkout.providers import till_provider
from shop.checkout.views.bag import tell_code


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """One page: e-mail, address, way of delivery, what it costs. Sending it places the order, unless its button only
    asks what another country or another way would cost."""
    shopper = shopper_of(request)
    cart = carts.cart_of(shopper)
    user = request.user if request.user.is_authenticated else None
    usual = usual_destination(request)
    only_asks = _asks_only(request, cart)
    if request.method != "POST":
        form = CheckoutForm(user=user, initial={"country": usual.country, "token": uuid.uuid4().hex})
    elif only_asks:
        form = CheckoutForm(user=user, initial={**request.POST.dict(), "keep": "keep" in request.POST})
    else:
        form = CheckoutForm(request.POST, user=user)
        if form.is_valid():
            try:
                order = _place_once(cart, shopper, form)
            except NotPlaced as refusal:
                return _refused(request, cart, form, refusal)
            remember_order(request, order)
            remember_destination(request, form.destination(usual))
            carts.remember_count(request, cart)
            return redirect("payment", order.number)
    bag = look_into(cart, form.destination(usual), form.email_so_far())
    if not bag.lines:
        messages.info(request, _("Your bag is empty: there is nothing to check out yet."))
        return redirect("cart")
    if only_asks:
        remember_destination(request, bag.quote.destination)
    if not form.is_bound:
        form.initial["seen"] = bag.seen
    status = 422 if form.is_bound else 200
    return render(request, "checkout/checkout.html", {"bag": bag, "form": form}, status=status)


def _asks_only(request: HttpRequest, cart: Cart | None) -> bool:
    """Whether the page was sent for its sums alone: by one of the buttons for that, or with a code that is typed and
    not yet in the bag. The code goes in, or out, right here."""
    wish = request.POST.get("reckon", "")
    typed = normal_code(request.POST.get("code", ""))
    is_new = bool(cart and typed and typed != cart.code)
    if cart and (wish == "drop-code" or (is_new and wish in ("", "code"))):
        tell_code(request, cart, "" if wish == "drop-code" else typed)
    return bool(wish) or is_new


def _place_once(cart: Cart | None, shopper: Shopper, form: CheckoutForm) -> Order:
    """Place the form's order; the second of two clicks gets the order of the first."""

    def write() -> tuple[int, dict[str, int]]:
        order = place_order(cart, shopper, form.delivery(), seen=_seen(form))
        form.keep_address()
        return 201, {"order": order.pk}

    caller = f"user:{shopper.user_id}" if shopper.user_id else f"visitor:{shopper.visitor}"
    answer = idempotency.answer_once(form.cleaned_data["token"], caller, "checkout", write, wait=True)
    return Order.objects.get(pk=answer.body["order"])


def _seen(form: CheckoutForm) -> Seen:
    try:
        return read_seen(form.cleaned_data["seen"])
    except ValueError:
        return Seen({}, Decimal(0))  # says nothing about any bag: the shopper is shown the bag again


def _refused(request: HttpRequest, cart: Cart | None, form: CheckoutForm, refusal: NotPlaced) -> HttpResponse:
    """Say why, on the same page with everything that was typed; what is shown now is what counts next time."""
    bag = look_into(cart, form.destination(usual_destination(request)), form.email_so_far())
    if not bag.lines:
        messages.error(request, str(refusal))
        return redirect("cart")
    form.data = form.data.copy()
    form.data["seen"] = bag.seen
    unpaid = refusal.orders if isinstance(refusal, TooManyUnpaid) else []
    context = {"bag": bag, "form": form, "refusals": refusal.sentences, "unpaid": unpaid}
    return render(request, "checkout/checkout.html", context, status=409)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """Choose a card and pay; a declined card leaves the order waiting for the next try."""
    order = own_order(request, number)
    if not order.awaits_payment:
        return _to_order(request, order)
    data = request.POST if request.method == "POST" else None
    form = PaymentForm(data, choices=till_provider().choices, initial={"token": payments.new_token()})
    if form.is_valid():
        remember_order(request, order)
        try:
            outcome = payments.pay(order, form.cleaned_data["choice"], form.cleaned_data["token"])
        except payments.NotPayable as refusal:
            messages.error(request, str(refusal))
            return _to_order(request, order)
        return _after(request, order, outcome)
    context = {"order": order, "form": form, "lines": order.lines.all(), "last": order.payments.first()}
    return render(request, "checkout/payment.html", context, status=422 if form.is_bound else 200)


def _after(request: HttpRequest, order: Order, outcome: payments.Outcome) -> HttpResponseRedirect:
    match outcome.state:
        case "redirect":
            return redirect(outcome.url)
        case "paid" | "waiting":
            return _to_order(request, order)
    return redirect("payment", order.number)  # the page tells why the last attempt was declined


def _to_order(request: HttpRequest, order: Order) -> HttpResponseRedirect:
    key = request.POST.get("key") or request.GET.get("key")
    url = order.get_absolute_url()
    return HttpResponseRedirect(f"{url}?{urlencode({'key': key})}" if key else url)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """The test provider's stand-in for the page on which a bank asks its customer."""
    order = own_order(request, number)
    asked = order.payments.filter(reference=reference, provider="test").first()
    if asked is None:
        raise Http404("No such payment.")
    if request.method != "POST":
        return render(request, "checkout/bank.html", {"order": order, "payment": asked})
    settled = payments.settle(
        reference,
        is_paid=request.POST.get("answer") == "yes",
        message=_("Your bank did not agree. Nothing was charged."),
    )
    if settled.status == settled.Status.REFUNDED:
        messages.warning(request, settled.message)
        return _to_order(request, order)
    return _after(request, order, payments.outcome_of(settled))
