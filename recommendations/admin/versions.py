"""Versions of the cluster network and of the lists, with their progress; each category of a network."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from unfold.decorators import display

from catalog.admin.read_only import ReadOnlyAdmin
from recommendations import tasks, versions
from recommendations.admin.maps import MapPages
from recommendations.curves import curves_svg, sentence
from recommendations.models import (
    CategoryNetwork,
    ClusterNetwork,
    RecommendationVersion,
    Version,
)

STATUS_LABELS = {"Building": "warning", "Active": "success", "Failed": "danger", "Retired": "info"}
QUEUE_IS_AWAY = "The queue does not answer, so nothing was started. Look at Redis and try again."
AFTER = "after"  # in the address of a list that waits for a version newer than this one


class VersionAdmin(ReadOnlyAdmin):
    """Versions of one kind: start a refresh, watch its progress, go back to the version before."""

    list_display = ["number", "state", "progress", "took", "in_figures", "activated_at", "message"]
    list_filter = ["status"]
    list_before_template = "admin/recommendations/version_tools.html"
    refresh: Callable[[], Any]
    refresh_words: str
    heavy_fields: tuple[str, ...] = ()  # not read for lists

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).defer(*self.heavy_fields)

    def get_fields(self, request: HttpRequest, obj: Version | None = None) -> list[str]:
        return ["state", "progress", "took", "in_figures", "created_at", "activated_at", "message"]

    def get_readonly_fields(self, request: HttpRequest, obj: Version | None = None) -> list[str]:
        return self.get_fields(request, obj)

    # --- Columns --------------------------------------------------------------------------------------------------

    @admin.display(description="Version", ordering="pk")
    def number(self, version: Version) -> str:
        return f"No. {version.pk}"

    @display(description="Status", label=STATUS_LABELS, ordering="status")
    def state(self, version: Version) -> str:
        return version.get_status_display()

    @admin.display(description="Blocks")
    def progress(self, version: Version) -> str:
        return f"{version.blocks_done} of {version.blocks_total}"

    @admin.display(description="Took", ordering="seconds")
    def took(self, version: Version) -> str:
        return f"{version.seconds:.1f} s" if version.seconds is not None else "–"

    @admin.display(description="Figures")
    def in_figures(self, version: Version) -> str:
        # A version of lists also keeps how its voices are blended: tables, which are no figures of a row.
        numbers = {name: value for name, value in version.figures.items() if isinstance(value, int | float)}
        return ", ".join(f"{value:,} {name}" for name, value in numbers.items()) or "–"

    # --- Doing ----------------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = f"recommendations_{self.opts.model_name}"
        return [
            path("refresh/", view(require_http_methods(["POST"])(self.start)), name=f"{name}_refresh"),
            path("progress/", view(require_safe(self.progress_fragment)), name=f"{name}_progress"),
            path(
                "roll-back/",
                view(require_http_methods(["GET", "POST"])(self.roll_back)),
                name=f"{name}_roll_back",
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        request.GET = (
            request.GET.copy()
        )  # Django's list takes every parameter that it does not know for a filter
        after = (request.GET.pop(AFTER, None) or [""])[-1]
        context = {**self._progress(after), "refresh_words": self.refresh_words, **(extra_context or {})}
        context["may_refresh"] = self.may_act(request)
        return super().changelist_view(request, context)

    def start(self, request: HttpRequest) -> HttpResponse:
        """Have the workers build a version; the list then shows how far they are."""
        self._check(request)
        latest = self.model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if self.model.objects.filter(status=Version.Status.BUILDING).exists():
            self.message_user(request, "A refresh is running already; its progress is below.", messages.INFO)
            return HttpResponseRedirect(self._list_address())
        try:
            type(self).refresh.delay()
        except (OperationalError, RedisError):
            self.message_user(request, QUEUE_IS_AWAY, messages.ERROR)
            return HttpResponseRedirect(self._list_address())
        return HttpResponseRedirect(f"{self._list_address()}?{AFTER}={latest}")

    def progress_fragment(self, request: HttpRequest) -> HttpResponse:
        """The progress alone, which the list asks for every two seconds; when all is done the list is loaded anew."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self._progress(request.GET.get(AFTER, ""))
        response = render(request, "admin/recommendations/_progress.html", context)
        if not context["is_running"]:
            response["HX-Refresh"] = "true"
        return response

    def roll_back(self, request: HttpRequest) -> HttpResponse:
        """Ask, then serve the version before the active one again."""
        self._check(request)
        if request.method == "POST":
            try:
                version = versions.roll_back(self.model)
            except LookupError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.log_change(request, version, "Rolled back to this version.")
                self.rolled_back(version)
                self.message_user(request, f"No. {version.pk} is served again.", messages.SUCCESS)
            return HttpResponseRedirect(self._list_address())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Go back to the version before?",
            "active": versions.active(self.model),
            "list_address": self._list_address(),
        }
        return render(request, "admin/recommendations/roll_back.html", context)

    def rolled_back(self, version: Version) -> None:
        """What else has to be done when an earlier version is served again."""

    def _check(self, request: HttpRequest) -> None:
        if not self.may_act(request):
            raise PermissionDenied

    def _list_address(self) -> str:
        return reverse(f"admin:recommendations_{self.opts.model_name}_changelist")

    def _progress(self, after: str) -> dict[str, Any]:
        """The newest version, and whether a worker builds it or should soon begin one newer than ``after``."""
        latest = self.model.objects.defer(*self.heavy_fields).order_by("-pk").first()
        newest = latest.pk if latest else 0
        is_building = latest is not None and latest.status == Version.Status.BUILDING
        is_queued = after.isdigit() and newest <= int(after) and not is_building
        return {
            "latest": latest,
            "is_building": is_building,
            "is_queued": is_queued,
            "is_running": is_building or is_queued,
            "is_news": after.isdigit() and newest > int(after) and not is_building,
            "progress_address": f"{reverse(f'admin:recommendations_{self.opts.model_name}_progress')}"
            f"?{AFTER}={after if after.isdigit() else newest - is_building}",
        }


@admin.register(ClusterNetwork)
class ClusterNetworkAdmin(MapPages, VersionAdmin):
    refresh = tasks.refresh_clusters
    refresh_words = "Refresh clusters"
    list_before_template = "admin/recommendations/network_tools.html"
    heavy_fields = ("shared_vocabulary",)
    change_form_after_template = "admin/recommendations/network_categories.html"

    def get_urls(self) -> list[URLPattern]:
        return [*self.map_urls(), *super().get_urls()]

    def rolled_back(self, version: ClusterNetwork) -> None:
        tasks.place_pinned.delay_on_commit()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The version with every category of it: how many clusters, why, and the curves."""
        blocks = CategoryNetwork.objects.filter(network=object_id).defer("arrays").select_related("category")
        parts = [
            {
                "category": block.category,
                "is_stored": block.state not in {CategoryNetwork.State.WAITING, CategoryNetwork.State.EMPTY},
                "state": block.get_state_display(),
                "note": block.fallback,
                "seconds": block.seconds,
                "words": sentence(block.choice) if block.choice else "",
                # Made of numbers and of names that curves.py escapes.
                "curves": mark_safe(curves_svg(block.choice, block.category.name)) if block.choice else "",  # noqa: S308
            }
            for block in blocks
        ]
        return super().changeform_view(
            request, object_id, form_url, {"parts": parts, **(extra_context or {})}
        )


@admin.register(RecommendationVersion)
class RecommendationVersionAdmin(VersionAdmin):
    refresh = tasks.refresh_recommendations
    refresh_words = "Refresh recommendations"
