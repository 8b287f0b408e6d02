"""What visitors wrote, and the owner's words on the short pages."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from shop.storefront.models import ContactMessage, PageText


@admin.register(ContactMessage)
class ContactMessageAdmin(ModelAdmin):
    """Messages are read and marked as answered; the answer itself is an e-mail."""

    list_display = ["subject", "name", "created_at", "state"]
    list_filter = [("answered", BooleanRadioFilter), ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    search_fields = ["subject", "name", "email", "message"]
    fields = ["subject", "words", "name", "reply", "user", "created_at", "mailed_at", "answered"]
    readonly_fields = [field for field in fields if field != "answered"]
    actions = ["mark_answered", "mark_open"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @display(description="Status", label={"Answered": "success", "Open": "warning"}, ordering="answered")
    def state(self, message: ContactMessage) -> str:
        return "Answered" if message.answered else "Open"

    @admin.display(description="message")
    def words(self, message: ContactMessage) -> SafeString:
        return linebreaksbr(message.message)

    @admin.display(description="e-mail")
    def reply(self, message: ContactMessage) -> SafeString:
        subject = urlencode({"subject": f"Re: {message.subject}"}).replace("+", "%20")
        return format_html('<a href="mailto:{}?{}">{}</a>', message.email, subject, message.email)

    @admin.action(description="Mark as answered", permissions=["change"])
    def mark_answered(self, request: HttpRequest, queryset: QuerySet[ContactMessage]) -> None:
        n = queryset.update(answered=True)
        self.message_user(request, f"{n} marked as answered.", messages.SUCCESS)

    @admin.action(description="Mark as open", permissions=["change"])
    def mark_open(self, request: HttpRequest, queryset: QuerySet[ContactMessage]) -> None:
        n = queryset.update(answered=False)
        self.message_user(request, f"{n} marked as open.", messages.SUCCESS)


class PageTextForm(forms.ModelForm):
    language = forms.ChoiceField(choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = PageText
        fields = ["name", "language", "title", "lead", "body"]


@admin.register(PageText)
class PageTextAdmin(ModelAdmin):
    """Deleting a text brings the shop's own page back."""

    form = PageTextForm
    list_display = ["name", "language", "title", "updated_at"]
    list_filter = [("name", ChoicesDropdownFilter)]
    list_filter_submit = True
