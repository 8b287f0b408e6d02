"""The pages about mails that shoppers asked for: a size that is back, and lower prices."""

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import price_drops, stock_alerts, wishing
from accounts.forms import BackInStockForm
from accounts.limits import may_again
from accounts.models import StockAlert
from accounts.redirects import back_to
from accounts.stock_alerts import Asked
from accounts.tasks import confirm_alert
from catalog.models import Variant

HOUR = 60 * 60
ASKED_PER_HOUR = 20  # by one sender
MAILS_PER_DAY = 5  # to one address that did not ask itself, perhaps


@never_cache
@require_POST
def back_in_stock(request: HttpRequest) -> HttpResponse:
    """Begin to wait for a size (``variant``). A guest is asked for an address (``email``) on a page of its own."""
    user = request.user if request.user.is_authenticated else None
    form = BackInStockForm(request.POST, user=user)
    is_whole = form.is_valid()
    variant = form.cleaned_data.get("variant")
    if variant is None:
        messages.error(request, form.errors["variant"][0])
        return back_to(request, "home")
    if variant.stock:
        return _answer(request, Asked.IN_STOCK, variant)
    if not is_whole:
        is_asked_first = "email" not in request.POST
        if is_asked_first:
            given = {"variant": variant.pk, "next": request.POST.get("next", "")}
            form = BackInStockForm(initial=given, user=None)
        context = {"form": form, "variant": variant}
        return render(request, "accounts/back_in_stock.html", context, status=200 if is_asked_first else 422)
    if form.cleaned_data["website"]:  # a program gets the answer that everybody gets, and nothing is kept
        return _answer(request, Asked.CONFIRM, variant)
    if not may_again("alerts", get_client_ip_address(request) or "", most=ASKED_PER_HOUR, seconds=HOUR):
        messages.error(request, _("That was a lot at once. Wait an hour and try again."))
        return back_to(request, variant.product.get_absolute_url())
    email = form.cleaned_data.get("email", "")
    asked, alert = stock_alerts.ask(variant, user, email)
    if not user and alert:
        # The same answer whether the address waits already or not: nobody learns by asking.
        if asked is Asked.CONFIRM and may_again("alert-mails", email, most=MAILS_PER_DAY, seconds=24 * HOUR):
            confirm_alert.delay_on_commit(alert.pk)
        asked = Asked.CONFIRM
    return _answer(request, asked, variant)


def _answer(request: HttpRequest, asked: Asked, variant: Variant) -> HttpResponse:
    sentences = {
        Asked.IN_STOCK: _("%(size)s is in stock: you can put it into your bag."),
        Asked.WAITING: _("We write to you as soon as %(size)s is back."),
        Asked.CONFIRM: _(
            "Look into your mail: open the link in it, and we write as soon as %(size)s is back."
        ),
    }
    messages.success(request, sentences[asked] % {"size": variant})
    return back_to(request, variant.product.get_absolute_url())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """A guest's link: looking confirms nothing, since mail programs look too."""
    alert = get_object_or_404(
        StockAlert.objects.select_related("variant__product"), secret=secret, sent_at=None
    )
    if request.method == "POST":
        product = alert.variant.product
        if stock_alerts.confirm(alert):
            messages.success(
                request, _("We write to you as soon as %(size)s is back.") % {"size": alert.variant}
            )
        else:
            messages.success(request, _("%(size)s is back already: here it is.") % {"size": alert.variant})
        return redirect(product)
    return render(request, "accounts/alert_confirm.html", {"alert": alert, "variant": alert.variant})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """The link that ends an alert."""
    alert = get_object_or_404(StockAlert.objects.select_related("variant__product"), secret=secret)
    if request.method == "POST":
        product = alert.variant.product
        alert.delete()
        messages.success(request, _("You get no mail about it."))
        return redirect(product)
    return render(request, "accounts/alert_stop.html", {"alert": alert, "variant": alert.variant})


@login_required
@never_cache
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """What the shopper waits for."""
    waiting = request.user.stock_alerts.filter(stock_alerts.waiting()).select_related("variant__product")
    return render(request, "accounts/alerts.html", {"alerts": waiting})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_price_drops(request: HttpRequest, token: str) -> HttpResponse:
    """The link that ends the mails about lower prices of one list."""
    wish_list = price_drops.list_of_stop_link(token)
    if wish_list is None:
        return render(request, "accounts/price_drops_stop.html", {"list": None}, status=404)
    if request.method == "POST":
        wishing.mail_price_drops(wish_list, wanted=False)
        messages.success(request, _("You get no more mails about lower prices of this list."))
        return redirect("wishlist")
    return render(request, "accounts/price_drops_stop.html", {"list": wish_list})
