"""Forms about the shopper."""

from typing import Any

from django import forms

from accounts.countries import COUNTRIES
from accounts.models import Address, User

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

    country = forms.ChoiceField(choices=[("", "Choose a country"), *COUNTRIES.items()])

    class Meta:
        model = Address
        fields = ["name", "street", "extra", "postcode", "city", "country", "phone", "is_default"]
        labels = {"is_default": "Send my orders here unless I say otherwise", "postcode": "Postcode"}
        help_texts = {"country": "", "phone": "Only for the courier, when the door stays shut."}

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
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="So that nobody else can do this on your device.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("This is not your password. Nothing was erased.")
        return password
