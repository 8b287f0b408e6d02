"""Cursor pages for the API: ``{"next", "previous", "results"}``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework import exceptions, pagination
from rest_framework.request import Request


class CursorPagination(pagination.CursorPagination):
    """Newest first; a page neither repeats nor loses rows when others are added meanwhile."""

    page_size = 24
    page_size_query_param = "limit"
    max_page_size = 100
    ordering = ("-created_at", "-pk")
    invalid_cursor_message = "This is no cursor of ours. Follow `next` and `previous` as they are."

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[Any] | None:
        """One page.

        Raises:
            ValidationError: for a cursor that was made up, also where its position is no time at all.
        """
        try:
            return super().paginate_queryset(queryset, request, view)
        except (exceptions.NotFound, ValidationError, ValueError) as error:
            raise exceptions.ValidationError({"cursor": [self.invalid_cursor_message]}) from error
