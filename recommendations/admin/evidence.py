"""What is shown and what comes of it: one page of figures for the owner."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.admin.read_only import ReadOnlyAdmin
from recommendations import evidence
from recommendations.profiles import BUCKETS
from recommendations.tallies import RowTally


@admin.register(RowTally)
class RowTallyAdmin(ReadOnlyAdmin):
    """The tallies added up, instead of a list of them."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "What is shown, and what comes of it",
            **_figures(),
            **(extra_context or {}),
        }
        return render(request, "admin/recommendations/evidence.html", context)


def _figures() -> dict[str, Any]:
    visits = evidence.visits()
    n_visits = sum(visits.values())
    proofs = evidence.proofs()
    return {
        "days": evidence.DAYS,
        "rows": evidence.rows_shown(),
        "catalogue": evidence.catalogue_shown(),
        "visits": [
            (bucket, visits.get(bucket, 0), visits.get(bucket, 0) / max(1, n_visits)) for bucket in BUCKETS
        ],
        "n_visits": n_visits,
        "cold_share": visits.get("0", 0) / n_visits if n_visits else None,
        "age": _in_words(evidence.age_of_lists()),
        "proofs": proofs,
        "shown_by_day": evidence.shown_by_day(),
        "worth_by_version": [(f"No. {proof.version_id}", proof.together[0]) for proof in reversed(proofs)],
    }


def _in_words(age: timedelta | None) -> str:
    """An age as people say it."""
    if age is None:
        return "never made"
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
