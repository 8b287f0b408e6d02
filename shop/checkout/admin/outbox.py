"""What is told to others: the owner's webhooks, and everything that was or will be handed over."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminURLInputWidget

from catalog.admin.read_only import ReadOnlyAdmin
from shop.checkout import outbox, webhooks
from shop.checkout.models import OrderEvent, OutboxMessage, WebhookEndpoint
from vision.collecting.network import Refused


class EndpointForm(forms.ModelForm):
    """An endpoint; its address is tried at once, so that a private or mistyped one is told of here."""

    url = forms.URLField(
        label="Address",
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text="https://…; private addresses are refused.",
    )
    events = forms.MultipleChoiceField(
        choices=OrderEvent.Kind.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="None chosen: all of them.",
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["url", "description", "events", "secret", "is_active"]

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        try:
            webhooks.check_url(url)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ModelAdmin):
    """The owner's systems that hear of orders."""

    form = EndpointForm
    list_display = ["__str__", "url", "is_active", "failing_since"]
    readonly_fields = ["failing_since", "created_at"]
    fields = ["url", "description", "events", "secret", "is_active", "failing_since", "created_at"]
    actions = ["try_out"]

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool) -> None:
        if obj.is_active:
            obj.failing_since = None  # switched on again: it gets its three days anew
        super().save_model(request, obj, form, change)

    @admin.action(description="Send a trial message", permissions=["change"])
    def try_out(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            outbox.put(OutboxMessage.Kind.WEBHOOK, endpoint=endpoint)
        self.message_user(request, "A trial message is on its way: see Outbox for what came of it.")


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Mails and webhooks: handed over, waiting, or given up."""

    list_display = ["__str__", "about", "status", "endpoint", "attempts", "created_at", "done_at", "error"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_filter_submit = True
    list_select_related = ["event__order", "order", "endpoint"]
    search_fields = ["event__order__number", "order__number"]
    search_help_text = "Order number"
    fields = ["kind", "about", "status", "endpoint", "attempts", "error", "created_at", "due_at", "done_at"]
    readonly_fields = ["about", "status"]
    actions = ["try_again"]

    @admin.display(description="About")
    def about(self, message: OutboxMessage) -> str:
        return str(message.event or message.order or "trial")

    @display(
        description="Status",
        label={"Waiting": "warning", "handed over": "success", "given up": "danger"},
        ordering="state",
    )
    def status(self, message: OutboxMessage) -> str:
        return message.get_state_display()

    @admin.action(description="Hand over again now", permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        n = outbox.try_again(queryset)
        self.message_user(
            request, f"{n} on their way again. What was handed over before stays so.", messages.SUCCESS
        )

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return self.may_act(request)
