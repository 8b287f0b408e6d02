"""Returns: answered, received, paid back."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from accounts.models import User
from shop.checkout import returning
from shop.checkout.admin.orders import ReadOnlyInline
from shop.checkout.admin.steps import Step, StepForm, SteppedAdmin
from shop.checkout.models import Return, ReturnLine
from shop.checkout.refunding import NotRefundable


class WhyForm(StepForm):
    """Why a return is refused: the shopper reads it."""

    why = forms.CharField(label="Why (the shopper reads it)", max_length=300)


class ReceiveForm(StepForm):
    """What of the parcel can be sold again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in self.row.lines.select_related("line"):
            self.fields[f"line-{line.pk}"] = forms.BooleanField(
                label=f"{line} {line.line.size}, back on the shelf", required=False, initial=True
            )

    def clean(self) -> dict[str, Any]:
        """Leaves ``restock``, the ids of the return's lines."""
        cleaned = super().clean()
        return {"restock": [int(name.partition("-")[2]) for name, chosen in cleaned.items() if chosen]}


def _refuse(asked: Return, by: User, why: str) -> bool:
    return returning.refuse(asked, why, by=by)


@admin.register(Return)
class ReturnAdmin(SteppedAdmin):
    """What shoppers want to send back."""

    steps = {
        Return.State.ASKED: (
            Step("accept", "Accept it", "Accepted; the shopper was told how to send it.", returning.accept),
            Step("refuse", "Refuse it", "Refused.", _refuse, WhyForm),
        ),
        Return.State.ACCEPTED: (
            Step("receive", "The parcel is here", "Received.", returning.receive, ReceiveForm),
        ),
        Return.State.RECEIVED: (
            Step("pay-back", "Give the money back", "Money went back.", returning.pay_back, is_final=True),
        ),
    }
    state_field = "state"
    refusals = (NotRefundable,)
    list_display = ["__str__", "created_at", "status", "customer", "pieces"]
    list_filter = [("state", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    list_select_related = ["order"]
    search_fields = ["order__number", "order__email", "order__name"]
    search_help_text = "Order number, e-mail address or name"
    fields = ["status", "of_order", "customer", "words", "answer", "refund", "created_at"]
    readonly_fields = ["status", "of_order", "customer"]

    class Lines(ReadOnlyInline):
        model = ReturnLine
        fields = ["line", "quantity", "reason", "is_restocked"]
        readonly_fields = fields

    inlines = [Lines]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Return]:
        return super().get_queryset(request).annotate(n_pieces=Sum("lines__quantity"))

    @display(
        description="Status",
        label={
            "asked for": "warning",
            "accepted": "info",
            "received": "primary",
            "paid back": "success",
            "refused": "danger",
        },
        ordering="state",
    )
    def status(self, asked: Return) -> str:
        return str(asked.get_state_display())

    @admin.display(description="Order")
    def of_order(self, asked: Return) -> SafeString:
        url = reverse("admin:checkout_order_change", args=[asked.order_id])
        return format_html('<a href="{}">{}</a>', url, asked.order.number)

    @admin.display(description="Customer", ordering="order__email")
    def customer(self, asked: Return) -> str:
        return f"{asked.order.name}, {asked.order.email}" if asked.order.email else asked.order.name

    @admin.display(description="Pieces", ordering="n_pieces")
    def pieces(self, asked: Return) -> int:
        return asked.n_pieces or 0
