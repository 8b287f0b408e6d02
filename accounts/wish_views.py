"""The pages of wish lists: the shopper's own, and what others see of a list that is shared."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import wishing
from accounts.forms import NewWishListForm, WishForm, WishListForm
from accounts.models import WishList
from accounts.redirects import back_to
from accounts.shopper import shopper_of
from catalog.models import Product


@never_cache
@require_safe
def wishlist(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One of the shopper's lists (``pk`` None: the default one) and the way to the others."""
    lists = list(wishing.lists_of(shopper_of(request)))
    shown = next((one for one in lists if (one.is_default if pk is None else one.pk == pk)), None)
    if shown is None and pk is not None:
        raise Http404
    removed = Product.objects.visible().filter(pk=_number(request.GET.get("removed"))).first()
    return render(request, "accounts/wishlist.html", _page(request, lists, shown) | {"removed": removed})


def _page(request: HttpRequest, lists: list[WishList], shown: WishList | None) -> dict[str, Any]:
    """What the page of ``shown`` draws; None: nothing was saved yet."""
    return {
        "lists": lists,
        "shown": shown,
        "items": list(wishing.visible_items(shown)) if shown else [],
        "form": WishListForm(instance=shown) if shown else None,
        "new_form": NewWishListForm(auto_id="new_%s"),
        "shared_url": request.build_absolute_uri(shown.shared_url) if shown and shown.is_shared else "",
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


@require_POST
def toggle_wish(request: HttpRequest, product_id: int) -> HttpResponse:
    """Save a product, or take it off the list that it is on."""
    product = get_object_or_404(Product.objects.visible(), pk=product_id)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    shopper = shopper_of(request, create=True)
    try:
        is_saved = wishing.toggle_wish(request, shopper, product)
    except wishing.CannotSave as error:
        if wants_json:
            return JsonResponse({"saved": False, "message": str(error)})
        messages.error(request, str(error))
        return back_to(request, product.get_absolute_url())
    if wants_json:
        return JsonResponse({"saved": is_saved, "count": wishing.items_of(shopper).count()})
    came_from = request.POST.get("next", "").partition("?")[0]
    if is_saved:
        messages.success(request, _("%(product)s is on your wish list.") % {"product": product})
    elif came_from == reverse("wishlist") or came_from.startswith(reverse("wishlist_begin")):
        return redirect(f"{came_from}?removed={product.pk}")  # where an undo waits
    else:
        messages.success(request, _("%(product)s is off your wish list.") % {"product": product})
    return back_to(request, product.get_absolute_url())


# --- Lists --------------------------------------------------------------------------------------------------------


@login_required
@require_POST
def begin_list(request: HttpRequest) -> HttpResponse:
    form = NewWishListForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the new list a name of up to 60 letters."))
        return redirect("wishlist")
    try:
        begun = wishing.begin_list(request.user, form.cleaned_data["name"])
    except wishing.CannotSave as error:
        messages.error(request, str(error))
        return redirect("wishlist")
    messages.success(request, _("The list “%(name)s” is there. Move pieces onto it.") % {"name": begun})
    return redirect(begun)


@login_required
@never_cache
@require_POST
def change_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a list, and say who sees the name and whether lower prices are mailed."""
    lists = list(wishing.lists_of(shopper_of(request)))
    shown = next((one for one in lists if one.pk == pk), None)
    if shown is None:
        raise Http404
    mailed_before = shown.mails_price_drops
    form = WishListForm(request.POST, instance=shown)
    if not form.is_valid():
        return render(
            request, "accounts/wishlist.html", _page(request, lists, shown) | {"form": form}, status=422
        )
    changed = form.save(commit=False)
    wanted, changed.mails_price_drops = changed.mails_price_drops, mailed_before
    changed.save(update_fields=["name", "shows_name"])
    wishing.mail_price_drops(changed, wanted=wanted)
    messages.success(request, _("The list is saved."))
    return redirect(changed)


@login_required
@require_POST
def delete_list(request: HttpRequest, pk: int) -> HttpResponse:
    gone = get_object_or_404(request.user.wish_lists, pk=pk)
    try:
        wishing.delete_list(gone)
    except wishing.CannotSave as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("The list “%(name)s” is deleted. What was on it is on your first list.") % {"name": gone.name},
        )
    return redirect("wishlist")


@login_required
@require_POST
def share_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a secret link, a new one, or (``off``) none."""
    wish_list = get_object_or_404(request.user.wish_lists, pk=pk)
    if request.POST.get("off"):
        wish_list.unshare()
        messages.success(request, _("Nobody but you sees the list any more."))
    else:
        was_shared = wish_list.is_shared
        wish_list.share()
        messages.success(
            request,
            _("The list has a new link. The old one leads nowhere any more.")
            if was_shared
            else _("Whoever has the link sees the list. Copy it below."),
        )
    return redirect(wish_list)


# --- Pieces -------------------------------------------------------------------------------------------------------


@require_POST
def change_wish(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the wanted size and a few words, and move a piece to another list."""
    shopper = shopper_of(request)
    item = get_object_or_404(wishing.items_of(shopper).select_related("product", "list"), pk=pk)
    before = item.list
    form = WishForm(request.POST, instance=item, lists=wishing.lists_of(shopper))
    if not form.is_valid():
        sentence = next(iter(form.errors.values()))[0]
        messages.error(request, f"{item.product}: {sentence}")
        return redirect(before)
    target = form.cleaned_data["list"]
    item.list = before
    item.save(update_fields=["variant", "note"])
    try:
        wishing.move_wish(item, target)
    except wishing.CannotSave as error:
        messages.error(request, str(error))
        return redirect(before)
    if target.pk != before.pk:
        sentence = _("%(product)s is on the list “%(name)s” now.") % {"product": item.product, "name": target}
        messages.success(request, sentence)
    else:
        messages.success(request, _("It is noted."))
    return redirect(before)


# --- For others ---------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """A list as those see it who were given its secret link: nothing to change, everything to buy."""
    wish_list = get_object_or_404(WishList.objects.select_related("user"), secret=secret)
    owner = wish_list.user.get_full_name() if wish_list.shows_name and wish_list.user else ""
    context = {"list": wish_list, "items": list(wishing.visible_items(wish_list)), "owner": owner}
    response = render(request, "accounts/shared_wishlist.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"  # the secret is in the address
    return response
