"""The shopper's own say: not for me, what do you know about me, forget it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.shopper import shopper_of
from catalog.models import Product
from recommendations import recording
from recommendations.hydration import Found, hydrate
from recommendations.looks import SWAP, swapped_ids
from recommendations.models import Interaction
from recommendations.serving import look_of

SHOWN = 60


@require_POST
def dismiss(request: HttpRequest, product_id: int) -> HttpResponse:
    """Never show this product to this shopper again; posting ``undo`` takes it back."""
    product = get_object_or_404(Product.objects.visible(), pk=product_id)
    shopper = shopper_of(request, create=True)
    if request.POST.get("undo"):
        recording.undismiss(shopper, product.pk)
        messages.success(request, f"{product.name} may be shown to you again.")
    elif recording.record(shopper, product.pk, Interaction.Kind.DISMISS):
        messages.success(
            request, f"We will not show you {product.name} again.", extra_tags=f"undo-dismiss-{product.pk}"
        )
    else:
        messages.info(request, "Personal pages are switched off, so nothing was noted.")
    return redirect(_back(request))


@require_safe
@cache_control(private=True, no_cache=True)
def look(request: HttpRequest, product_id: int) -> HttpResponse:
    """The whole look around a product, for the place where the product's page shows it: without what was swapped away.

    Scripts ask for it; without them the product's own page does the same.
    """
    product = get_object_or_404(Product.objects.visible().with_card_data().with_sizes(), pk=product_id)
    found = look_of(product, swapped_ids(request.GET.getlist(SWAP)))
    return render(request, "recommendations/_look.html", {"product": product, "look": found})


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What the shopper looked at, newest first, each once."""
    events = recording.recent_events(shopper_of(request), limit=500)
    seen = list(dict.fromkeys(event.product_id for event in events if event.kind != Interaction.Kind.DISMISS))
    answers = hydrate([Found(pk, 1.0, "recent") for pk in seen[:SHOWN]], in_stock_only=False)
    return render(request, "recommendations/history.html", {"answers": answers})


@require_POST
def forget_history(request: HttpRequest) -> HttpResponse:
    """Erase the whole history, or one product of it."""
    product_id = request.POST.get("product", "")
    ids = [int(product_id)] if product_id.isdigit() and len(product_id) < 18 else None
    if product_id and ids is None:
        messages.error(request, "That product is not in your history.")
        return redirect("history")
    recording.forget(shopper_of(request), ids)
    messages.success(request, "Forgotten." if ids else "Your history is erased.")
    return redirect("history")


def _back(request: HttpRequest) -> str:
    """Where the shopper came from, when that is a page of this shop."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return reverse("home")
