"""Rows that are looked at, never made, changed or deleted by hand."""

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """A list and pages without a form. Whoever may view or change such rows may see them."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_act(self, request: HttpRequest) -> bool:
        """Whether the page's buttons are for this member of staff: they take the right to change."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")
