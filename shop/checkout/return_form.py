"""The form of a return."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.checkout.models import Order, OrderLine, ReturnLine
from shop.checkout.returning import Wanted, pieces_returnable


class ReturnForm(forms.Form):
    """What goes back: for each line that may, how many and why. ``token`` names this wish once."""

    words = forms.CharField(
        label=_("Anything we should know?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = pieces_returnable(order)
        self.lines = [line for line in order.lines.all() if left[line.pk]]
        for line in self.lines:
            counts = [(n, str(n)) for n in range(left[line.pk] + 1)]
            self.fields[f"pieces-{line.pk}"] = forms.TypedChoiceField(
                label=_("How many?"), choices=counts, coerce=int, initial=0
            )
            self.fields[f"reason-{line.pk}"] = forms.ChoiceField(
                label=_("Why?"),
                choices=[("", _("Choose a reason")), *ReturnLine.Reason.choices],
                required=False,
            )

    @property
    def rows(self) -> list[tuple[OrderLine, forms.BoundField, forms.BoundField]]:
        """Each line with its two fields."""
        return [(line, self[f"pieces-{line.pk}"], self[f"reason-{line.pk}"]) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for line in self.lines:
            if cleaned.get(f"pieces-{line.pk}") and not cleaned.get(f"reason-{line.pk}"):
                self.add_error(f"reason-{line.pk}", _("Choose why it goes back."))
        return cleaned

    def wanted(self) -> list[Wanted]:
        """The chosen pieces, once the form is valid."""
        chosen = self.cleaned_data
        return [
            Wanted(line.pk, chosen[f"pieces-{line.pk}"], chosen[f"reason-{line.pk}"])
            for line in self.lines
            if chosen[f"pieces-{line.pk}"]
        ]
