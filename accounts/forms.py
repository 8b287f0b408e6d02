"""Forms about the shopper."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.countries import COUNTRIES
from accounts.models import Address, User, WishList, WishlistItem
from catalog.models import Product, Variant

_AUTOCOMPLETE = {
    "name": "name",
    "street": "address-line1",
    "extra": "address-line2",
    "postcode": "postal-code",
    "city": "address-level2",
    "country": "country",
    "phone": "tel",
}


class AddressForm(forms.ModelForm):
    """One address of the address book."""

    country = forms.ChoiceField(
        choices=[
            ("", _("Choose a country")),
            *((code, gettext_lazy(name)) for code, name in COUNTRIES.items()),
        ]
    )

    class Meta:
        model = Address
        fields = ["name", "street", "extra", "postcode", "city", "country", "phone", "is_default"]
        labels = {
            "name": _("Full name"),
            "street": _("Street and number"),
            "extra": _("Flat, floor, company"),
            "city": _("City"),
            "phone": _("Phone"),
            "is_default": _("Send my orders here unless I say otherwise"),
            "postcode": _("Postcode"),
        }
        help_texts = {"country": "", "phone": _("Only for the courier, when the door stays shut.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, token in _AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = f"shipping {token}"


class NameForm(forms.ModelForm):
    """How we address the shopper."""

    class Meta:
        model = User
        fields = ["first_name", "last_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"


class EraseForm(forms.Form):
    """The shopper's word that the account shall go."""

    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("So that nobody else can do this on your device."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password. Nothing was erased."))
        return password


class WishListForm(forms.ModelForm):
    """What a list is called, and what its owner allows."""

    class Meta:
        model = WishList
        fields = ["name", "shows_name", "mails_price_drops"]
        labels = {
            "name": _("Name of the list"),
            "shows_name": _("Show my name to those who have the link"),
            "mails_price_drops": _("Mail me when something on it costs less"),
        }
        help_texts = {
            "shows_name": "",
            "mails_price_drops": _("One mail a day at the most. Every mail has a link that ends them."),
        }


class NewWishListForm(forms.ModelForm):
    """A further list."""

    class Meta:
        model = WishList
        fields = ["name"]
        labels = {"name": _("Name of the list")}


class WishForm(forms.ModelForm):
    """What the shopper notes about a saved piece, and on which list it stands."""

    class Meta:
        model = WishlistItem
        fields = ["variant", "note", "list"]
        labels = {"variant": _("Size I want"), "note": _("Note"), "list": _("On the list")}

    def __init__(self, *args: Any, lists: QuerySet[WishList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant"].queryset = self.instance.product.variants.all()
        self.fields["list"].queryset = lists
        self.fields["list"].required = False

    def clean_list(self) -> WishList:
        return self.cleaned_data["list"] or self.instance.list


class BackInStockForm(forms.Form):
    """The sold-out size that somebody waits for, and a guest's address."""

    variant = forms.ModelChoiceField(
        Variant.objects.select_related("product").filter(product__status=Product.Status.ACTIVE),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose the size that you wait for."),
            "invalid_choice": _("This size is no longer sold. Choose another one."),
        },
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("One mail when it is back, and none else. First we ask you to confirm the address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(required=False)  # hidden from people: only programs fill it in

    def __init__(self, *args: Any, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user:
            del self.fields["email"]
