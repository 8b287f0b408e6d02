"""Looking after what the network saw: lists of doubtful pictures, a page for each picture, corrections."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from catalog.admin.read_only import ReadOnlyAdmin
from catalog.models import Category, Product, ProductImage
from vision import correcting, registry, review
from vision.corrections import PRODUCT_FIELDS, SUBJECT
from vision.labels import OTHER, display_name
from vision.model_files import ModelError
from vision.models import ImageAnalysis, LabelCorrection, ModelVersion
from vision.templatetags.seen import known_of

PER_PAGE = 24
GUESSES = 3  # quick buttons on a card
LISTS = {
    "uncertain": "Least certain",
    "mixed": "Mixed up",
    "wrong": "Looks wrong",
    "corrected": "Corrected",
}


@dataclass(frozen=True)
class Choice:
    """A label to choose: what it is called here, what a page calls it, how likely the network thinks it (or None)."""

    label: str
    words: str
    probability: float | None = None


@dataclass(frozen=True)
class Card:
    """A picture on a list: what the catalogue says, what was seen and what may be said about it with one click."""

    image: ProductImage
    kind: str
    stated: Choice | None
    guesses: list[Choice]
    can_keep: bool


@admin.register(ImageAnalysis)
class ImageAnalysisAdmin(ReadOnlyAdmin):
    """What was seen. Its list is four lists of pictures that deserve a look; rows are never made or deleted here."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        picture = "picture/<int:image_id>/"
        return [
            path(picture, view(require_safe(self.picture)), name="vision_picture"),
            path(f"{picture}correct/", view(require_POST(self.correct)), name="vision_picture_correct"),
            path(f"{picture}undo/", view(require_POST(self.undo)), name="vision_picture_undo"),
            path(f"{picture}catalogue/", view(require_POST(self.believe)), name="vision_picture_believe"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        analysis = get_object_or_404(ImageAnalysis, pk=object_id)
        return redirect("admin:vision_picture", analysis.image_id)

    # --- Lists ----------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        self._check(request, self.has_view_permission(request))
        chosen = request.GET.get("list", "uncertain")
        if chosen not in LISTS:
            raise Http404("There is no such list.")
        version = registry.active_model()
        context = {
            **self._page_context(request, "What was seen"),
            "lists": LISTS,
            "list": chosen,
            "version": version,
        }
        if version is None:
            return render(request, "admin/vision/imageanalysis/nothing_yet.html", context)
        try:
            context["choices"] = correcting.choices(version)
        except ModelError as error:
            self.message_user(request, str(error), messages.ERROR)
            context["choices"] = {}
        page = {
            "uncertain": self._uncertain,
            "mixed": self._mixed,
            "wrong": self._wrong,
            "corrected": self._corrected,
        }[chosen]
        return page(request, version, context)

    def _uncertain(
        self, request: HttpRequest, version: ModelVersion, context: dict[str, Any]
    ) -> HttpResponse:
        kind = request.GET.get("kind", "type")
        if kind not in review.GUESSES:
            raise Http404("Uncertain about what? Types and colours are listed.")
        shelves = list(Category.objects.order_by("name"))
        category = next((shelf for shelf in shelves if shelf.slug == request.GET.get("category")), None)
        context |= {
            "kind": kind,
            "kinds": review.GUESSES,
            "category": category,
            "shelves": shelves,
            "explanation": "Pictures whose best guess is the least likely come first. Say what they show: the network "
            "learns most from what it is unsure of.",
        }
        return self._cards(request, review.least_certain(version, kind, category), kind, context)

    def _wrong(self, request: HttpRequest, version: ModelVersion, context: dict[str, Any]) -> HttpResponse:
        context["explanation"] = (
            f"The catalogue states one colour, and the network is {review.LOOKS_SURE:.0%} sure or more of another. "
            "Either the picture or the product is wrong."
        )
        return self._cards(request, review.looks_wrong(version), "colour", context)

    def _mixed(self, request: HttpRequest, version: ModelVersion, context: dict[str, Any]) -> HttpResponse:
        stated, seen = request.GET.get("stated"), request.GET.get("seen")
        if stated and seen:
            context |= {
                "stated": display_name(stated),
                "seen": display_name(seen),
                "explanation": "The catalogue states one type, the network saw another.",
            }
            return self._cards(request, review.mixed_up(version, stated, seen), "type", context)
        found = review.confusions(version, context["choices"].get("type", ()))
        most = max((n for *_, n in found.pairs), default=0)
        context |= {
            "columns": [(name, display_name(name)) for name in found.types],
            "rows": [
                (
                    display_name(stated),
                    [_cell(stated, seen, n, most) for seen, n in zip(found.types, row, strict=True)],
                )
                for stated, row in zip(found.types, found.counts, strict=True)
            ],
            "pairs": [_cell(stated, seen, n, most) for stated, seen, n in found.pairs[:PER_PAGE]],
            "n_right": found.n_right,
            "n_wrong": found.n_wrong,
        }
        return render(request, "admin/vision/imageanalysis/mixed_up.html", context)

    def _corrected(
        self, request: HttpRequest, version: ModelVersion, context: dict[str, Any]
    ) -> HttpResponse:
        rows = LabelCorrection.objects.select_related("image__product", "by").order_by("-at", "-pk")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "rows": [(row, display_name(row.label)) for row in page],
            "here": request.get_full_path(),
            "may_undo": request.user.has_perm("vision.delete_labelcorrection"),
        }
        return render(request, "admin/vision/imageanalysis/corrected.html", context)

    def _cards(
        self, request: HttpRequest, rows: QuerySet[ImageAnalysis], kind: str, context: dict[str, Any]
    ) -> HttpResponse:
        complete = rows.select_related("image__product").defer("embedding", "colour_histogram")
        page = Paginator(complete, PER_PAGE).get_page(request.GET.get("page"))
        known = context["choices"].get(kind, ())
        context |= {
            "page": page,
            "cards": [_card(analysis, kind, known) for analysis in page],
            "here": request.get_full_path(),
            "other": OTHER,
            "may_correct": request.user.has_perm("vision.add_labelcorrection"),
            "may_change_product": request.user.has_perm("catalog.change_product"),
        }
        return render(request, "admin/vision/imageanalysis/cards.html", context)

    # --- One picture ----------------------------------------------------------------------------------------------

    def picture(self, request: HttpRequest, image_id: int) -> HttpResponse:
        """All that is known of one picture, with the labels that a curator may put right."""
        self._check(request, self.has_view_permission(request))
        image = get_object_or_404(ProductImage.objects.select_related("product"), pk=image_id)
        version = registry.active_model()
        analysis = (
            ImageAnalysis.objects.active()
            .select_related("model")
            .defer("embedding", "colour_histogram")
            .filter(image=image)
            .first()
        )
        try:
            choices = correcting.choices(version) if version else {}
        except ModelError as error:
            self.message_user(request, str(error), messages.ERROR)
            choices = {}
        said = {row.kind: row for row in image.corrections.select_related("by")}
        product = image.product
        context = {
            **self._page_context(request, f"What was seen of {product}"),
            "image": image,
            "product": product,
            "analysis": analysis,
            "kinds": known_of(analysis.labels if analysis else [], said, choices),
            "nothing": said.get(SUBJECT),
            "other": OTHER,
            "stated": [
                (kind, display_name(value))
                for kind, name in PRODUCT_FIELDS.items()
                if (value := getattr(product, name))
            ],
            "here": request.get_full_path(),
            "may_correct": request.user.has_perm("vision.add_labelcorrection"),
            "may_undo": request.user.has_perm("vision.delete_labelcorrection"),
            "may_see_product": request.user.has_perm("catalog.view_product")
            or request.user.has_perm("catalog.change_product"),
        }
        return render(request, "admin/vision/imageanalysis/picture.html", context)

    def correct(self, request: HttpRequest, image_id: int) -> HttpResponse:
        """Put one label right."""
        self._check(request, request.user.has_perm("vision.add_labelcorrection"))
        image = get_object_or_404(ProductImage.objects.select_related("product"), pk=image_id)
        kind, label = request.POST.get("kind", ""), request.POST.get("label", "")
        version = registry.active_model()
        if version is None:
            self.message_user(
                request, "No model is in use, so it is not known what can be seen.", messages.ERROR
            )
            return self._back(request, image_id)
        try:
            correcting.correct(image, kind, label, by=request.user, version=version)
        except (correcting.CannotCorrect, ModelError) as error:
            self.message_user(request, str(error), messages.ERROR)
            return self._back(request, image_id)
        words = "it shows nothing we sell" if label == OTHER else f"its {kind} is {display_name(label)}"
        self._log(request, image.product, f"Said of picture {image.pk}: {words}.")
        self.message_user(request, f"Noted of {image.product}: {words}.", messages.SUCCESS)
        return self._back(request, image_id)

    def undo(self, request: HttpRequest, image_id: int) -> HttpResponse:
        """Take a correction back."""
        self._check(request, request.user.has_perm("vision.delete_labelcorrection"))
        image = get_object_or_404(ProductImage.objects.select_related("product"), pk=image_id)
        undone = correcting.undo(image, request.POST.get("kind", ""))
        if undone is None:
            self.message_user(request, "That correction was taken back already.", messages.INFO)
        else:
            words = display_name(undone.label)
            self._log(request, image.product, f"Took back of picture {image.pk}: {undone.kind} {words}.")
            self.message_user(
                request,
                f"Taken back. What the network saw of {image.product} counts again.",
                messages.SUCCESS,
            )
        return self._back(request, image_id)

    def believe(self, request: HttpRequest, image_id: int) -> HttpResponse:
        """Write what the picture shows into the catalogue."""
        self._check(request, request.user.has_perm("catalog.change_product"))
        image = get_object_or_404(ProductImage.objects.select_related("product"), pk=image_id)
        kind, label = request.POST.get("kind", ""), request.POST.get("label", "")
        try:
            correcting.believe_picture(image.product, kind, label)
        except correcting.CannotCorrect as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            words = f"its {kind} is {display_name(label)}"
            self._log(request, image.product, f"Changed to what picture {image.pk} shows: {words}.")
            self.message_user(request, f"{image.product} changed: {words}.", messages.SUCCESS)
        return self._back(request, image_id)

    # --- Shared ---------------------------------------------------------------------------------------------------

    def _page_context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title}

    def _check(self, request: HttpRequest, allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied

    def _log(self, request: HttpRequest, product: Product, message: str) -> None:
        LogEntry.objects.log_actions(request.user.pk, [product], CHANGE, message)

    def _back(self, request: HttpRequest, image_id: int) -> HttpResponse:
        """To the page that the button was on."""
        here = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(here, {request.get_host()}, request.is_secure()):
            return HttpResponseRedirect(here)
        return redirect("admin:vision_picture", image_id)


def _card(analysis: ImageAnalysis, kind: str, known: tuple[str, ...]) -> Card:
    product = analysis.image.product
    stated = getattr(product, PRODUCT_FIELDS[kind])
    guesses = [
        Choice(label["label"], display_name(label["label"]), label["probability"])
        for label in analysis.labels
        if label["kind"] == kind
    ]
    return Card(
        image=analysis.image,
        kind=kind,
        stated=Choice(stated, display_name(stated)) if stated else None,
        guesses=guesses[:GUESSES],
        can_keep=stated in known and stated not in {guess.label for guess in guesses[:GUESSES]},
    )


def _cell(stated: str, seen: str, n: int, most: int) -> dict[str, Any]:
    """One number of the table: where it leads, and how dark it is drawn (0 to 4)."""
    query = urlencode({"list": "mixed", "stated": stated, "seen": seen})
    is_wrong = stated != seen
    return {
        "n": n,
        "stated": display_name(stated),
        "seen": display_name(seen),
        "is_wrong": is_wrong,
        "shade": -(-4 * n // most) if is_wrong and most else 0,
        "address": f"{reverse('admin:vision_imageanalysis_changelist')}?{query}" if is_wrong and n else "",
    }
