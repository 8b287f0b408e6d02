"""Orders: read, and moved along."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from accounts.models import User
from shop.checkout.admin.steps import Step, StepForm, SteppedAdmin
from shop.checkout.fulfilling import advance, cancel_and_refund
from shop.checkout.models import Order, OrderLine, Payment, Refund
from shop.checkout.placing import cancel_order
from shop.checkout.refunding import NotRefundable, paid_payment, pieces_left, refund, try_again

STATUS_LABELS = {
    "awaiting payment": "warning",
    "Paid": "primary",
    "Packed": "primary",
    "Shipped": "info",
    "Delivered": "success",
    "Cancelled": "danger",
}


class ShipmentForm(StepForm):
    """Who carries the parcel, and how to follow it. All of it may be left empty."""

    carrier = forms.CharField(max_length=60, required=False)
    tracking = forms.CharField(label="Parcel number", max_length=60, required=False)
    tracking_url = forms.URLField(
        label="Link to follow it", max_length=300, required=False, assume_scheme="https"
    )


class RefundForm(StepForm):
    """A sum, or pieces of lines: one of the two."""

    amount = forms.DecimalField(label="Sum", max_digits=10, decimal_places=2, min_value=0, required=False)
    reason = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left = pieces_left(self.row)
        payment = paid_payment(self.row)
        most = payment.refundable if payment else 0
        self.fields["amount"].help_text = f"At most {most} {self.row.currency}"
        for line in self.row.lines.all():
            if left[line.pk]:
                self.fields[f"line-{line.pk}"] = forms.IntegerField(
                    label=f"Pieces of {line.name} {line.size}".strip(),
                    min_value=0,
                    max_value=left[line.pk],
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        """Leaves ``amount``, ``pieces`` and ``reason``."""
        cleaned = super().clean()
        pieces = {
            int(name.partition("-")[2]): n for name, n in cleaned.items() if name.startswith("line-") and n
        }
        if bool(pieces) == bool(cleaned.get("amount")) and not self.errors:
            self.add_error("amount", "Give either a sum or pieces.")
        return {"amount": cleaned.get("amount"), "pieces": pieces, "reason": cleaned.get("reason", "")}


def _moves_to(status: str) -> Callable[..., bool]:
    def move(order: Order, by: User, **details: Any) -> bool:
        return advance(order, status, by=by, **details)

    return move


def _refund_part(order: Order, by: User, **wanted: Any) -> bool:
    refund(order, by=by, **wanted)
    return True


_REFUND_PART = Step("refund-part", "Give money back", "Money went back.", _refund_part, RefundForm)
_REFUND = Step(
    "refund",
    "Cancel and give the money back",
    "Cancelled; its pieces and the money went back.",
    cancel_and_refund,
    is_final=True,
)
STEPS: Mapping[str, tuple[Step, ...]] = {
    Order.Status.AWAITING_PAYMENT: (
        Step(
            "cancel",
            "Cancel",
            "Cancelled before it was paid; its pieces went back.",
            cancel_order,
            is_final=True,
        ),
    ),
    Order.Status.PAID: (
        Step("pack", "Mark as packed", "Packed.", _moves_to(Order.Status.PACKED)),
        _REFUND_PART,
        _REFUND,
    ),
    Order.Status.PACKED: (
        Step("ship", "Mark as shipped", "Shipped.", _moves_to(Order.Status.SHIPPED), ShipmentForm),
        _REFUND_PART,
        _REFUND,
    ),
    Order.Status.SHIPPED: (
        Step("deliver", "Mark as delivered", "Delivered.", _moves_to(Order.Status.DELIVERED)),
        _REFUND_PART,
    ),
    Order.Status.DELIVERED: (_REFUND_PART,),
}


class ReadOnlyInline(TabularInline):
    hide_title = True
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LineInline(ReadOnlyInline):
    model = OrderLine
    fields = ["name", "sku", "size", "colour", "quantity", "price", "sum"]
    readonly_fields = ["sum"]

    @admin.display(description="sum")
    def sum(self, line: OrderLine) -> str:
        return f"{line.total}"


class PaymentInline(ReadOnlyInline):
    model = Payment
    fields = ["created_at", "provider", "amount", "refunded", "currency", "status", "message"]
    readonly_fields = fields


@admin.register(Order)
class OrderAdmin(SteppedAdmin):
    """What was bought. An order is a copy of a moment: nobody edits it, it only moves along."""

    list_display = ["number", "created_at", "state", "customer", "pieces", "sum"]
    list_filter = [("status", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    list_per_page = 50
    view_on_site = False  # the page belongs to the customer
    search_fields = ["number", "email", "name"]
    search_help_text = "Order number, e-mail address or name"
    inlines = [LineInline, PaymentInline]
    steps = STEPS
    refusals = (NotRefundable,)
    fieldsets = [
        (None, {"fields": ["state", "sum", "shipping", "timeline"]}),
        ("Goes to", {"fields": ["name", "destination", "phone", "email", "user"]}),
    ]
    readonly_fields = ["state", "sum", "timeline", "destination"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).annotate(n_pieces=Sum("lines__quantity"))

    @display(description="Status", label=STATUS_LABELS, ordering="status")
    def state(self, order: Order) -> str:
        return order.get_status_display()

    @admin.display(description="Customer", ordering="email")
    def customer(self, order: Order) -> str:
        return f"{order.name}, {order.email}" if order.email else order.name

    @admin.display(description="Pieces", ordering="n_pieces")
    def pieces(self, order: Order) -> int:
        return order.n_pieces or 0

    @admin.display(description="Total", ordering="total")
    def sum(self, order: Order) -> str:
        return f"{order.total} {order.currency}"

    @admin.display(description="address")
    def destination(self, order: Order) -> SafeString:
        lines = [order.street, order.extra, f"{order.postcode} {order.city}", order.country_name]
        return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines if line.strip()))

    @admin.display(description="timeline")
    def timeline(self, order: Order) -> SafeString:
        rows = (
            (
                f"{event.at:%d %b %Y, %H:%M}",
                event.words,
                SafeString("") if event.by is None else format_html(" ({})", event.by),
            )
            for event in order.events.select_related("by", "order")
        )
        return format_html(
            '<ol class="timeline">{}</ol>', format_html_join("", "<li><time>{}</time> {}{}</li>", rows)
        )

    # --- Refunds that failed --------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        retry = self.admin_site.admin_view(require_POST(self.retry_refund))
        return [path("refund/<int:pk>/retry/", retry, name="checkout_refund_retry"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        order = context.get("original")
        if order and self.may_act(request):
            context["failed_refunds"] = Refund.objects.filter(payment__order=order, state=Refund.State.FAILED)
        return super().render_change_form(request, context, *args, **kwargs)

    def retry_refund(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the provider once more for a refund that it refused."""
        if not self.may_act(request):
            raise PermissionDenied
        failed = get_object_or_404(Refund.objects.select_related("payment"), pk=pk)
        try_again(failed)
        self.message_user(request, "The provider is asked again: see Outbox for what came of it.")
        return HttpResponseRedirect(reverse("admin:checkout_order_change", args=[failed.payment.order_id]))
