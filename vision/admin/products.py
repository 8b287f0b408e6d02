"""Products with what was seen on their covers."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from catalog.admin.products import ProductAdmin
from catalog.models import Product, ProductImage
from vision import tasks
from vision.corrections import as_corrected
from vision.labels import display_name
from vision.models import ImageAnalysis

SHOWN_KINDS = ("type", "colour")
QUEUE_IS_AWAY = "The queue does not answer, so nothing was started. Look at Redis and try again."


class SeenProductAdmin(ProductAdmin):
    """Products with what was seen on their covers, as curators corrected it."""

    list_display = [*ProductAdmin.list_display, "seen"]
    actions = [*ProductAdmin.actions, "analyse_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        labels = ImageAnalysis.objects.active().only("image_id", "labels")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("images__analyses", labels, to_attr="seen_now"), "images__corrections")
        )

    @admin.display(description="Seen on the cover")
    def seen(self, product: Product) -> str:
        for image in product.images.all():
            for analysis in image.seen_now:
                said = {correction.kind: correction.label for correction in image.corrections.all()}
                return label_words(as_corrected(analysis.labels, said))
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
    if not chosen:
        return "Nothing we sell"
    return ", ".join(f"{display_name(label['label'])} {label['probability']:.0%}" for label in chosen)
