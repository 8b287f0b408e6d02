"""The account pages: name, addresses, privacy. Signing in and out are django-allauth's."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts import privacy
from accounts.forms import AddressForm, EraseForm, NameForm
from accounts.models import Address
from accounts.redirects import back_to
from accounts.shopper import shopper_of

MOST_ADDRESSES = 20
DELETED_KEY = "deleted_address"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who I am, and the way to everything else."""
    form = NameForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your name is saved."))
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form})


# --- Addresses ----------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    can_undo = DELETED_KEY in request.session and "deleted" in request.GET
    context = {"addresses": request.user.addresses.all(), "can_undo": can_undo}
    return render(request, "accounts/addresses.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_address(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add an address, or change one of the shopper's own."""
    address = get_object_or_404(request.user.addresses, pk=pk) if pk else Address(user=request.user)
    if pk is None and request.user.addresses.count() >= MOST_ADDRESSES:
        messages.error(
            request,
            _("An address book holds %(n)d addresses. Delete one to add another.") % {"n": MOST_ADDRESSES},
        )
        return redirect("account_addresses")
    form = AddressForm(request.POST if request.method == "POST" else None, instance=address)
    if form.is_valid():
        form.instance.save_as_chosen()
        messages.success(request, _("The address is saved."))
        return redirect("account_addresses")
    return render(request, "accounts/address_form.html", {"form": form, "address": address})


@login_required
@require_POST
def delete_address(request: HttpRequest, pk: int) -> HttpResponse:
    address = get_object_or_404(request.user.addresses, pk=pk)
    request.session[DELETED_KEY] = model_to_dict(address, fields=AddressForm.Meta.fields)
    address.delete()
    return redirect(f"{reverse('account_addresses')}?deleted=1")


@login_required
@require_POST
def bring_address_back(request: HttpRequest) -> HttpResponse:
    """Undo the last deletion of an address in this session."""
    fields = request.session.pop(DELETED_KEY, None)
    if fields:
        Address(user=request.user, **fields).save_as_chosen()
        messages.success(request, _("The address is back."))
    return redirect("account_addresses")


@login_required
@require_POST
def make_default_address(request: HttpRequest, pk: int) -> HttpResponse:
    address = get_object_or_404(request.user.addresses, pk=pk)
    address.is_default = True
    address.save_as_chosen()
    sentence = _("Your orders go to %(street)s, %(city)s unless you say otherwise.")
    messages.success(request, sentence % {"street": address.street, "city": address.city})
    return redirect("account_addresses")


# --- Privacy ------------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def privacy_page(request: HttpRequest) -> HttpResponse:
    """Consent for everybody; export and erasure for those with an account."""
    form = EraseForm(user=request.user) if request.user.is_authenticated else None
    return render(request, "accounts/privacy.html", _privacy_context(request, form))


def _privacy_context(request: HttpRequest, form: EraseForm | None) -> dict[str, Any]:
    under_way = privacy.still_under_way(request.user) if request.user.is_authenticated else []
    return {"shopper": shopper_of(request), "form": form, "under_way": under_way}


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("personalised") == "on"
    privacy.set_consent(request, personalised=wanted)
    messages.success(
        request,
        _("Your pages are personal again: what you look at shapes what you see.")
        if wanted
        else _("Nothing you do is recorded any more, and pages show what is popular."),
    )
    return back_to(request, "account_privacy")


@login_required
@never_cache
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Everything the shop knows about the shopper, as a JSON file."""
    response = JsonResponse(
        privacy.export(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    name = f"my-data-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Delete the account after the password was given once more."""
    form = EraseForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            privacy.erase(request.user)
        except privacy.CannotErase as reason:
            form.add_error(None, str(reason))
    if not form.is_valid():
        return render(request, "accounts/privacy.html", _privacy_context(request, form), status=422)
    logout(request)
    messages.success(
        request, _("Your account and everything about you is erased. Thank you for having been here.")
    )
    return redirect("home")
