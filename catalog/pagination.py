"""Cursor pages for the API: ``{"next", "previous", "results"}``."""

from rest_framework import pagination


class CursorPagination(pagination.CursorPagination):
    """Newest first; a page neither repeats nor loses rows when others are added meanwhile."""

    page_size = 24
    page_size_query_param = "limit"
    max_page_size = 100
    ordering = ("-created_at", "-pk")
