"""Asking to send pieces of an order back."""

import uuid

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shop.checkout import idempotency, returning
from shop.checkout.access import own_order, remember_order
from shop.checkout.models import Order
from shop.checkout.return_form import ReturnForm


class _NotFilledIn(Exception):
    """The form has to be shown again."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_return(request: HttpRequest, number: str) -> HttpResponse:
    """Which pieces, how many, and why. The account and the guest with the order's link may ask."""
    order = own_order(request, number)
    prefetch_related_objects([order], "lines", "events")
    if request.method != "POST":
        form = ReturnForm(order=order, initial={"token": uuid.uuid4().hex})
        return _page(request, order, form, returning.why_not(order), 200)
    remember_order(request, order)
    form = ReturnForm(request.POST, order=order)
    try:
        _ask_once(order, form)
    except _NotFilledIn:
        return _page(request, order, form, "", 422)
    except returning.NotReturnable as refusal:
        return _page(request, order, form, str(refusal), 409)
    messages.success(request, _("We have your return and write to you, usually within a working day."))
    return redirect("order", number)


def _ask_once(order: Order, form: ReturnForm) -> None:
    """Ask for the form's return; the second of two clicks asks for nothing more.

    Raises:
        _NotFilledIn, NotReturnable: nothing was asked for.
    """

    def write() -> tuple[int, dict[str, int]]:
        if sentence := returning.why_not(order):
            raise returning.NotReturnable(sentence)
        if not form.is_valid():
            raise _NotFilledIn
        asked = returning.ask(order, form.wanted(), form.cleaned_data["words"], by=order.user)
        return 201, {"return": asked.pk}

    token = form.data.get("token", "")[: idempotency.MAX_KEY_LENGTH]
    if not token:
        raise _NotFilledIn
    idempotency.answer_once(token, f"order:{order.pk}", "return", write, wait=True)


def _page(request: HttpRequest, order: Order, form: ReturnForm, refusal: str, status: int) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "key": request.POST.get("key") or request.GET.get("key") or "",
        "refusal": refusal,
        "until": returning.last_moment(order),
    }
    return render(request, "checkout/return.html", context, status=status)
