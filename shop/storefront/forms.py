"""What visitors write to the shop."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.storefront.models import ContactMessage


class ContactForm(forms.ModelForm):
    """A message to the shop. ``website`` is a field that people do not see: only programs fill it in."""

    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    class Meta:
        model = ContactMessage
        fields = ["name", "email", "subject", "message"]
        labels = {
            "name": _("Your name"),
            "email": _("E-mail address"),
            "subject": _("Subject"),
            "message": _("Your message"),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))

    def clean_subject(self) -> str:
        """One line: what goes into a mail's header must not begin another header."""
        return " ".join(self.cleaned_data["subject"].split())
