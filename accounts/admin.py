"""Users, their rights and their addresses."""

from typing import Any

from allauth.account.admin import EmailAddressAdmin as BaseEmailAddressAdmin
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from knox.models import AuthToken
from unfold.admin import ModelAdmin, StackedInline
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import Address, User
from accounts.privacy import CannotErase, erase

POWERS = ["is_staff", "is_superuser", "groups", "user_permissions"]


class NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ["email"]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class UserForm(UserChangeForm):
    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class AddressInline(StackedInline):
    model = Address
    extra = 0
    tab = True
    fields = [("name", "phone"), ("street", "extra"), ("postcode", "city", "country"), "is_default"]


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):
    """Shoppers and staff. Only a superuser gives powers or touches the account of a colleague."""

    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = [
        "email",
        "full_name",
        "is_active",
        "is_staff",
        "personalised",
        "date_joined",
        "last_login",
    ]
    list_filter = [(name, BooleanRadioFilter) for name in ("is_staff", "is_active", "personalised")]
    list_filter_submit = True
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["-date_joined"]
    show_full_result_count = False
    inlines = [AddressInline]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "password", ("first_name", "last_name"), "is_active", "personalised"]}),
        ("Powers", {"fields": POWERS}),
        ("Dates", {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "usable_password", "password1", "password2"]})]
    readonly_fields = ["date_joined", "last_login"]

    @admin.display(description="name", ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name() or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, *POWERS]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Who changed what would go with a member of staff: take the account's powers or switch it off instead.
        is_staff = obj is not None and obj.is_staff
        return not is_staff and super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:  # the address before opens this account no more
            EmailAddress.objects.filter(user=obj).delete()
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=False)

    # --- Deleting is erasing --------------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # one by one: each may have to stay for a reason of its own
        return actions

    def get_deleted_objects(self, objs: QuerySet[User] | list[User], request: HttpRequest) -> tuple[Any, ...]:
        """What goes with the account, in words: its rows are many, and staff need no right to each of them."""
        sentences = [
            f"{user.email}: the account, addresses, wish list, bag, history and photos. Orders stay without the person."
            for user in objs
        ]
        return sentences, {"users": len(sentences)}, set(), []

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except CannotErase as error:
            # The sentence speaks to the shopper, who sees it on the account page; staff get what they need of it.
            self.message_user(request, f"Not deleted. The shopper would read: “{error}”", messages.ERROR)
            return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erase(obj)


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return user is None or request.user.is_superuser or not (user.is_staff or user.is_superuser)


@admin.register(Address)
class AddressAdmin(ModelAdmin):
    list_display = ["name", "user", "street", "postcode", "city", "country", "is_default"]
    list_select_related = ["user"]
    search_fields = ["name", "street", "postcode", "city", "user__email"]
    raw_id_fields = ["user"]


class SuperusersDecide(ModelAdmin):
    """What opens doors: staff with the right may look, only a superuser makes, changes and deletes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser


for model in (Group, EmailAddress, AuthToken):
    admin.site.unregister(model)


@admin.register(Group)
class GroupAdmin(SuperusersDecide, BaseGroupAdmin):
    """Roles: a name for a set of rights."""


@admin.register(EmailAddress)
class EmailAddressAdmin(SuperusersDecide, BaseEmailAddressAdmin):
    """The addresses by which accounts are opened, and whether they were confirmed."""


@admin.register(AuthToken)
class AuthTokenAdmin(SuperusersDecide):
    """Keys to the API. They are given by the API alone and taken away here."""

    list_display = ["holder", "token_key", "created", "expiry"]
    fields = ["holder", "token_key", "created", "expiry"]
    list_select_related = ["user"]
    search_fields = ["user__email", "token_key"]

    @admin.display(description="user", ordering="user__email")
    def holder(self, token: AuthToken) -> str:
        return token.user.email

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
