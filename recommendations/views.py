"""The shopper's own say: not for me, what do you know about me, forget it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.shopper import Shopper, shopper_of
from catalog.models import Product
from recommendations import recording
from recommendations.experiments import forget_exposures
from recommendations.hydration import Found, hydrate
from recommendations.looks import SWAP, swapped_ids
from recommendations.models import Interaction
from recommendations.newcomers import popular
from recommendations.serving import look_of

SHOWN = 60
QUIZ_PICTURES = 12
DONE = {
    Interaction.Kind.VIEW: gettext_lazy("Looked at"),
    Interaction.Kind.CLICK: gettext_lazy("Chosen from a row"),
    Interaction.Kind.WISH: gettext_lazy("Saved"),
    Interaction.Kind.CART: gettext_lazy("Put into the bag"),
    Interaction.Kind.PURCHASE: gettext_lazy("Bought"),
    Interaction.Kind.DISMISS: gettext_lazy("Not for me"),
    Interaction.Kind.QUIZ: gettext_lazy("Tapped as liked"),
}


@require_POST
def dismiss(request: HttpRequest, product_id: int) -> HttpResponse:
    """Never recommend this product to this shopper again; posting ``undo`` takes it back."""
    product = get_object_or_404(Product.objects.visible(), pk=product_id)
    shopper = shopper_of(request, create=True)
    if request.accepts("application/json") and not request.accepts("text/html"):
        return _dismiss_in_place(request, shopper, product)
    if request.POST.get("undo"):
        recording.undismiss(shopper, product.pk)
        messages.success(request, _("%(name)s may be shown to you again.") % {"name": product.name})
    elif recording.record(shopper, product.pk, Interaction.Kind.DISMISS):
        messages.success(
            request,
            _("We will not show you %(name)s again.") % {"name": product.name},
            extra_tags=f"undo-dismiss-{product.pk}",
        )
    else:
        messages.info(request, _("Personal pages are switched off, so nothing was noted."))
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


def _dismiss_in_place(request: HttpRequest, shopper: Shopper, product: Product) -> JsonResponse:
    """The same for a script, which takes the card away or brings it back."""
    if request.POST.get("undo"):
        recording.undismiss(shopper, product.pk)
        return JsonResponse(
            {"dismissed": False, "message": _("%(name)s may be shown to you again.") % {"name": product.name}}
        )
    if recording.record(shopper, product.pk, Interaction.Kind.DISMISS):
        return JsonResponse(
            {
                "dismissed": True,
                "message": _("We will not show you %(name)s again, and less of its like.")
                % {"name": product.name},
            }
        )
    return JsonResponse(
        {"dismissed": False, "message": _("Personal pages are switched off, so nothing was noted.")}
    )


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """The products that the shopper did something with, newest first, each once with all that was done."""
    done: dict[int, list[dict[str, object]]] = {}
    for event in recording.recent_events(shopper_of(request), limit=500):
        words = DONE[Interaction.Kind(event.kind)]
        done.setdefault(event.product_id, []).append({"pk": event.pk, "words": words, "at": event.at})
    found = [Found(pk, 1.0, "recent") for pk in list(done)[:SHOWN]]
    answers = hydrate(found, in_stock_only=False)
    lines = [(answer, done[answer.product.pk]) for answer in answers]
    return render(request, "recommendations/history.html", {"lines": lines})


@require_POST
def forget_history(request: HttpRequest) -> HttpResponse:
    """Erase the whole history, one product of it (``product``), or one thing that was done (``event``)."""
    shopper = shopper_of(request)
    wanted = [request.POST[name] for name in ("product", "event") if request.POST.get(name)]
    if any(not (each.isascii() and each.isdigit() and len(each) < 18) for each in wanted):
        messages.error(request, _("That is not in your history. Look there for what is."))
    elif "event" in request.POST:
        recording.forget_event(shopper, int(request.POST["event"]))
        messages.success(request, _("Forgotten. It counts no more."))
    elif "product" in request.POST:
        recording.forget(shopper, [int(request.POST["product"])])
        messages.success(request, _("Forgotten. What you did with it counts no more."))
    else:
        recording.forget(shopper)
        forget_exposures(shopper)
        messages.success(request, _("Your history is erased."))
    return redirect(_back(request, "history"))


@require_http_methods(["GET", "HEAD", "POST"])
def taste_quiz(request: HttpRequest) -> HttpResponse:
    """A dozen varied pictures: tap what you like, and the home page turns to it. Works signed out; skipped any time."""
    if request.method != "POST":
        shown = [answer.product for answer in popular(2 * QUIZ_PICTURES) if answer.product.cover]
        return render(request, "recommendations/taste_quiz.html", {"products": shown[:QUIZ_PICTURES]})
    ids = [int(pk) for pk in request.POST.getlist("liked") if pk.isascii() and pk.isdigit() and len(pk) < 18]
    liked = list(Product.objects.visible().filter(pk__in=ids[:QUIZ_PICTURES]).values_list("pk", flat=True))
    shopper = shopper_of(request, create=bool(liked))
    if not liked:
        messages.info(
            request, _("Nothing was tapped, so nothing changes. The page learns from what you look at.")
        )
    elif all(recording.record(shopper, pk, Interaction.Kind.QUIZ) for pk in liked):
        messages.success(request, _("Thank you. This page has turned to what you like."))
    else:
        messages.info(request, _("Personal pages are switched off, so nothing was noted."))
    return redirect("home")


def _back(request: HttpRequest, otherwise: str = "home") -> str:
    """Where the shopper came from, when that is a page of this shop."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return reverse(otherwise)
