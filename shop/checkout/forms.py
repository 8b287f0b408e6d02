"""The forms of the till."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.countries import COUNTRIES
from accounts.forms import AddressForm
from accounts.models import Address, User
from shop.checkout.placing import Delivery
from shop.checkout.terms import Destination

NEW_ADDRESS = "new"


class CheckoutForm(AddressForm):
    """Whom the order is for and where it goes: a saved address, or one that is written here.

    ``seen`` and ``token`` are hidden: what the shopper was shown, and the one-time name of this order. ``method`` is
    the way of delivery; which ones there are depends on the bag, so the page draws them.
    """

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For the confirmation and the way to your order."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    address = forms.ChoiceField(label=_("Where to"), required=False, widget=forms.RadioSelect)
    keep = forms.BooleanField(label=_("Keep this address for next time"), required=False, initial=True)
    method = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, max_length=100)

    class Meta(AddressForm.Meta):
        fields = ["name", "street", "extra", "postcode", "city", "country", "phone"]
        labels = {}

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.saved = {str(address.pk): address for address in user.addresses.all()} if user else {}
        self.user = user
        if user:
            self.fields["email"].initial = user.email
        else:
            del self.fields["keep"]
        if self.saved:
            self.fields["address"].choices = [*self.saved.items(), (NEW_ADDRESS, _("Another address"))]
            self.fields["address"].initial = next(iter(self.saved))
        else:
            del self.fields["address"]
        if self._uses_saved_address():
            for name in self._meta.fields:
                self.fields[name].required = False

    def _uses_saved_address(self) -> bool:
        return self.is_bound and self.data.get("address") in self.saved

    def destination(self, usual: Destination) -> Destination:
        """Where the order goes as far as is known, valid or not; what is not known yet is as ``usual``."""
        values = self.data if self.is_bound else self.initial
        chosen = values.get("address") or (next(iter(self.saved), None) if not self.is_bound else None)
        country = self.saved[chosen].country if chosen in self.saved else values.get("country")
        method = values.get("method") or usual.method
        return Destination(
            country if country in COUNTRIES else usual.country,
            int(method)
            if str(method).isascii() and str(method).isdigit() and len(str(method)) < 18
            else None,
        )

    def email_so_far(self) -> str:
        """The e-mail address as it stands in a form that was sent, valid or not."""
        typed = self.data.get("email", "") if self.is_bound else ""
        return typed.replace("\x00", "").strip()[:254]  # PostgreSQL knows no NUL

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._uses_saved_address():
            for name in self._meta.fields:  # what was typed beside a chosen address counts for nothing
                self.errors.pop(name, None)
        return cleaned

    def _post_clean(self) -> None:
        """Check the written address as a model only when it is the one that counts."""
        if not self._uses_saved_address():
            super()._post_clean()

    def delivery(self) -> Delivery:
        """Where the order goes, once the form is valid."""
        if self._uses_saved_address():
            chosen = self.saved[self.data["address"]]
            values = {name: getattr(chosen, name) for name in self._meta.fields}
        else:
            values = {name: self.cleaned_data[name] for name in self._meta.fields}
        return Delivery(email=self.cleaned_data["email"], method=self.cleaned_data["method"], **values)

    def keep_address(self) -> None:
        """Add the written address to the address book, if the shopper wants that and it is not there yet."""
        if self.user is None or self._uses_saved_address() or not self.cleaned_data.get("keep"):
            return
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        if not self.user.addresses.filter(**values).exists():
            Address(user=self.user, **values).save_as_chosen()


class QuantityForm(forms.Form):
    """How many; 0 takes a line out of the bag."""

    quantity = forms.IntegerField(min_value=0, max_value=9999)


class AddForm(forms.Form):
    """A piece for the bag."""

    variant = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, error_messages={"required": _("Choose a size first.")}
    )
    quantity = forms.IntegerField(min_value=1, max_value=9999, required=False)

    def clean_quantity(self) -> int:
        return self.cleaned_data["quantity"] or 1


class PaymentForm(forms.Form):
    """Which card; the token names this attempt."""

    choice = forms.ChoiceField(label=_("Pay with"), widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, choices: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = list(choices.items())
        self.fields["choice"].initial = next(iter(choices))

    def clean_token(self) -> str:
        token = self.cleaned_data["token"]
        if not token.isalnum():
            raise ValidationError(_("This page is out of date. Load it again."))
        return token
