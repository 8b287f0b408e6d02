"""What the network saw of the products, and the versions of the network."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from unfold.decorators import display

from catalog.admin.products import ProductAdmin
from catalog.admin.read_only import ReadOnlyAdmin
from catalog.models import Product, ProductImage
from vision import registry, tasks
from vision.labels import display_name
from vision.model_files import ModelError
from vision.models import ImageAnalysis, ModelVersion

SHOWN_KINDS = ("type", "colour")
QUEUE_IS_AWAY = "The queue does not answer, so nothing was started. Look at Redis and try again."


class SeenProductAdmin(ProductAdmin):
    """Products with what was seen on their covers."""

    list_display = [*ProductAdmin.list_display, "seen"]
    actions = [*ProductAdmin.actions, "analyse_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        labels = ImageAnalysis.objects.only("image_id", "labels")
        return super().get_queryset(request).prefetch_related(Prefetch("images__analysis", labels))

    @admin.display(description="Seen on the cover")
    def seen(self, product: Product) -> str:
        for image in product.images.all():
            analysis = getattr(image, "analysis", None)
            if analysis is not None:
                return label_words(analysis.labels)
        return "–"

    @admin.action(description="Look at the pictures again", permissions=["change"])
    def analyse_again(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        ids = list(
            ProductImage.objects.filter(product__in=queryset.values("pk"))
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        try:
            for start in range(0, len(ids), tasks.BLOCK):
                tasks.analyse_images.delay(ids[start : start + tasks.BLOCK], again=True)
        except (OperationalError, RedisError):
            self.message_user(request, QUEUE_IS_AWAY, messages.ERROR)
            return
        LogEntry.objects.log_actions(request.user.pk, queryset, CHANGE, "Had its pictures looked at again.")
        self.message_user(
            request,
            f"The worker looks at {len(ids)} picture{'' if len(ids) == 1 else 's'} again. Reload to see its progress.",
            messages.SUCCESS,
        )


admin.site.unregister(Product)
admin.site.register(Product, SeenProductAdmin)


def label_words(labels: list[dict[str, Any]]) -> str:
    """The most probable label of each kind that a list has room for, such as ``T-shirt 97 %, blue 81 %``."""
    best: dict[str, dict[str, Any]] = {}
    for label in labels:  # sorted by probability
        best.setdefault(label["kind"], label)
    chosen = [best[kind] for kind in SHOWN_KINDS if kind in best] or labels[:2]
    return ", ".join(f"{display_name(label['label'])} {label['probability']:.0%}" for label in chosen)


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

    # --- Switching ------------------------------------------------------------------------------------------------

    def activate(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look at pictures with this version from now on."""
        version = get_object_or_404(ModelVersion, pk=pk)

        def switch() -> ModelVersion:
            registry.activate(version)
            return version

        return self._switch(request, switch)

    def roll_back(self, request: HttpRequest) -> HttpResponse:
        """Go back to the version that was active before."""
        return self._switch(request, registry.roll_back)

    def _switch(self, request: HttpRequest, switch: Callable[[], ModelVersion]) -> HttpResponse:
        if not self.may_act(request):
            raise PermissionDenied
        try:
            version = switch()
        except ModelError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.log_change(request, version, "Activated.")
            tasks.reanalyse.delay_on_commit()
            self.message_user(
                request,
                f"{version} is in use. The worker looks at all pictures with it; until a picture is done, searches by "
                "photo leave it out.",
                messages.SUCCESS,
            )
        return HttpResponseRedirect(reverse("admin:vision_modelversion_changelist"))
