"""The versions of the network: what they can, which is in use, and how a candidate compares with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from unfold.decorators import display

from catalog.admin.read_only import ReadOnlyAdmin
from vision import registry, tasks
from vision.admin.comparisons import comparison_context, latest_of
from vision.model_files import ModelError
from vision.models import ModelComparison, ModelVersion

IN_USE = "{} is in use."
PREPARING = (
    "The worker looks at all pictures with {}. The model in use goes on until that is done; then they change over by "
    "themselves. Reload to see the progress."
)
QUEUE_IS_AWAY = "The queue does not answer, so nothing was started. Look at Redis and try again."


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """Versions of the classifier. They are registered by ``manage.py register_model``, never made here."""

    list_display = [
        "version_name",
        "state",
        "backbone",
        "accuracies",
        "n_pictures",
        "registered_at",
        "activated_at",
    ]
    list_before_template = "admin/vision/modelversion/buttons.html"
    change_form_outer_before_template = "admin/vision/modelversion/activate.html"
    fields = [
        "name",
        "version",
        "state",
        "backbone",
        "figures",
        "data",
        "registered_at",
        "activated_at",
        "files",
    ]
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/activate/", view(require_POST(self.activate)), name="vision_modelversion_activate"
            ),
            path(
                "<int:pk>/compare/",
                view(require_http_methods(["GET", "POST"])(self.compare)),
                name="vision_modelversion_compare",
            ),
            path(
                "<int:pk>/compare/progress/",
                view(require_safe(self.comparison_progress)),
                name="vision_modelversion_comparison_progress",
            ),
            path("roll-back/", view(require_POST(self.roll_back)), name="vision_modelversion_roll_back"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"may_act": self.may_act(request), **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(
            request, {**context, "may_act": self.may_act(request)}, *args, **kwargs
        )

    # --- Columns and fields ---------------------------------------------------------------------------------------

    @admin.display(description="Model", ordering="name")
    def version_name(self, version: ModelVersion) -> str:
        return str(version)

    @display(description="Status", label={"In use": "success", "Files missing": "danger"})
    def state(self, version: ModelVersion) -> str:
        if registry.model_problem_of(version):
            return "Files missing"
        if version.wanted_since:
            n_seen, n = registry.progress_of(version)
            return f"Preparing: {n_seen:,} of {n:,} pictures"
        return "In use" if version.is_active else "Registered"

    @admin.display(description="Accuracy")
    def accuracies(self, version: ModelVersion) -> str:
        metrics = version.manifest.get("metrics", {})
        parts = [
            f"{kind} {figures['accuracy']:.1%}"
            for kind, figures in metrics.items()
            if isinstance(figures, dict) and "accuracy" in figures
        ]
        return ", ".join(parts) or "not measured"

    @admin.display(description="Trained on")
    def n_pictures(self, version: ModelVersion) -> str:
        n = version.manifest.get("train_images")
        return f"{n:,} pictures" if n else "–"

    @admin.display(description="measured")
    def figures(self, version: ModelVersion) -> SafeString | str:
        rows = [
            (kind, name.replace("_", " "), f"{value:.3f}" if isinstance(value, float) else str(value))
            for kind, values in version.manifest.get("metrics", {}).items()
            if isinstance(values, dict)
            for name, value in values.items()
            if isinstance(value, int | float)
        ]
        if not rows:
            return "not measured"
        body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        return format_html(
            '<table class="figures"><thead><tr><th>Kind</th><th>Measure</th><th>Value</th></tr></thead>{}</table>',
            body,
        )

    @admin.display(description="trained on")
    def data(self, version: ModelVersion) -> str:
        sources = [
            f"{source['name']} ({source['pictures']:,})" for source in version.manifest.get("data", [])
        ]
        return ", ".join(sources) or "–"

    @admin.display(description="files")
    def files(self, version: ModelVersion) -> str:
        return registry.model_problem_of(version) or "All there, as they were registered."

    # --- Comparing ------------------------------------------------------------------------------------------------

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hold this version against the one in use: start it, watch it, read its figures and the pictures."""
        candidate = get_object_or_404(ModelVersion, pk=pk)
        if request.method == "POST":
            return self._start_comparison(request, candidate)
        self._check(self.has_view_permission(request))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{candidate} compared",
            "candidate": candidate,
            "active": registry.active_model(),
            "may_act": self.may_act(request),
            "prepared": registry.progress_of(candidate) if candidate.wanted_since else None,
            **comparison_context(candidate, request.GET),
        }
        return render(request, "admin/vision/modelversion/compare.html", context)

    def _start_comparison(self, request: HttpRequest, candidate: ModelVersion) -> HttpResponse:
        self._check(self.may_act(request))
        here = redirect("admin:vision_modelversion_compare", candidate.pk)
        active = registry.active_model()
        if active is None or active == candidate:
            self.message_user(
                request, "There is nothing to compare with: this model is in use itself.", messages.ERROR
            )
            return here
        if problem := registry.model_problem_of(candidate) or registry.model_problem_of(active):
            self.message_user(request, problem, messages.ERROR)
            return here
        # One at a time for each candidate: a second click, or a click after the queue was away, takes up the first.
        comparison, _ = ModelComparison.objects.get_or_create(
            candidate=candidate, status=ModelComparison.Status.RUNNING, defaults={"baseline": active}
        )
        try:
            tasks.compare_models.delay(comparison.pk)
        except (OperationalError, RedisError):
            self.message_user(request, QUEUE_IS_AWAY, messages.ERROR)
        else:
            self.log_change(request, candidate, f"Compared with {comparison.baseline}.")
        return here

    def comparison_progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far a comparison is: its page asks every two seconds, and is loaded anew when it is done."""
        self._check(self.has_view_permission(request))
        comparison = latest_of(get_object_or_404(ModelVersion, pk=pk))
        response = render(
            request, "admin/vision/modelversion/_comparison_progress.html", {"comparison": comparison}
        )
        if comparison is None or not comparison.is_running:
            response["HX-Refresh"] = "true"
        return response

    def _check(self, allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied

    # --- Switching ------------------------------------------------------------------------------------------------

    def activate(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at pictures with this version from now on."""
        version = get_object_or_404(ModelVersion, pk=pk)

        def switch() -> ModelVersion:
            registry.activate(version)
            return version  # with ``is_active`` as it is now: it may have to look at the pictures first

        return self._switch(request, switch)

    def roll_back(self, request: HttpRequest) -> HttpResponse:
        """Go back to the version that was active before."""
        return self._switch(request, registry.roll_back)

    def _switch(self, request: HttpRequest, switch: Callable[[], ModelVersion]) -> HttpResponse:
        self._check(self.may_act(request))
        try:
            version = switch()
        except ModelError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.log_change(request, version, "Activated.")
            tasks.reanalyse.delay_on_commit()
            self.message_user(
                request,
                IN_USE.format(version) if version.is_active else PREPARING.format(version),
                messages.SUCCESS,
            )
        return HttpResponseRedirect(reverse("admin:vision_modelversion_changelist"))
