"""Search with a photo: ask, wait, see the answer."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.crawlers import is_looked_at
from accounts.shopper import shopper_of
from recommendations.hydration import Answer
from recommendations.looks import SWAP, swapped_ids
from recommendations.newcomers import popular
from recommendations.photo_answers import (
    BAD_BOX,
    PhotoRefused,
    Piece,
    look_around,
    presented,
    start_photo_query,
)
from recommendations.photo_matching import Wish
from recommendations.photo_waiting import wait_for
from recommendations.showing import note_shown
from shop.storefront.home import hero_pieces
from shop.storefront.photo_wishes import address, chips, kept, positions
from shop.storefront.shelves import shelf_plan
from vision.models import PhotoQuery

NO_PHOTO = gettext_lazy("No photo arrived. Choose a picture (JPEG, PNG, WebP or HEIC) and send it again.")
OFTEN_ENOUGH = 0.4  # seconds in which most photos are answered: they need no page that waits
FORGOTTEN = gettext_lazy(
    "This photo is no longer here: photos are forgotten after an hour. Show us another one."
)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_search(request: HttpRequest) -> HttpResponse:
    """The page that takes a photo; a photo that was sent leads on to its answer."""
    if request.method != "POST":
        return _ask(request)
    upload = request.FILES.get("photo")
    if upload is None:
        return _ask(request, NO_PHOTO, status=400)
    if upload.size > settings.PICTURE_MAX_BYTES:
        return _ask(request, _too_big(), status=413)
    try:
        box = _box(request.POST.get("box", ""))
        query = start_photo_query(shopper_of(request, create=True), upload.read(), box=box)
    except PhotoRefused as refusal:
        return _ask(request, str(refusal), status=400)
    wait_for(query, OFTEN_ENOUGH)
    return redirect("photo_answer", query.pk)


@require_safe
@cache_control(private=True, no_cache=True)
def photo_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The photo with what was found in it; while it is being looked at, the progress."""
    query = _own_query(request, pk)
    number = _piece_number(request, len(query.answer))
    answer = presented(query, Wish.asked(request.GET), only=number)
    if query.status == PhotoQuery.Status.PENDING:
        return render(
            request, "storefront/photo_waiting.html", {"query": query, "answer": answer}, status=202
        )
    if query.status == PhotoQuery.Status.FAILED:
        return _ask(request, answer.message, status=422)
    context = {
        "query": query,
        "answer": answer,
        "piece": answer.products[number] if answer.products else None,
        "wish": answer.wish,
        "positions": positions(answer.wish, number),
        "chips": chips(answer.wish, number),
        "kept": kept(answer.wish),
        "shelves": shelf_plan().top,
    }
    if answer.products and not answer.refused:
        swapped = swapped_ids(request.GET.getlist(SWAP))
        context["look"] = look_around(query, number, swapped)
        context["look_address"] = f"{address(answer.wish, number)}&"
    if answer.products and is_looked_at(request):
        note_shown(shopper_of(request), {"photo": shown_of(answer.products[number])})
    return render(request, "storefront/photo_answer.html", context)


def shown_of(piece: Piece) -> list[Answer]:
    """The cards that the page draws for a piece."""
    return [*piece.similar, *piece.alike, *piece.complementary]


@require_safe
@cache_control(private=True, no_store=True)
def photo_status(request: HttpRequest, pk: UUID) -> JsonResponse:
    """How far the answer is; the waiting page's script asks."""
    query = _own_query(request, pk)
    return JsonResponse({"status": query.status, "progress": query.progress})


@require_safe
@cache_control(private=True, max_age=3600)
def photo_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The photo as the worker re-encoded it; never the file that was sent."""
    query = _own_query(request, pk, with_picture=True)
    if not query.picture:
        raise Http404(FORGOTTEN)
    return HttpResponse(bytes(query.picture), content_type="image/jpeg")


@require_POST
def photo_box(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask again about a part of the same photo: the box that the shopper drew; without a box, the whole of it."""
    query = _own_query(request, pk, with_picture=True)
    if not query.picture:
        raise Http404(FORGOTTEN)
    try:
        box = _box(request.POST.get("box", ""))
        again = start_photo_query(shopper_of(request, create=True), bytes(query.picture), box=box)
    except PhotoRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("photo_answer", query.pk)
    return redirect("photo_answer", again.pk)


def _ask(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    instead = popular(12)
    hero = hero_pieces([answer.product for answer in instead])
    context = {"problem": problem, "hero": hero, "instead": instead[:6]}
    return render(request, "storefront/photo_search.html", context, status=status)


def _too_big() -> str:
    most = settings.PICTURE_MAX_BYTES // 2**20
    return _("That picture is larger than %(most)s MB. Send a smaller one, or a screenshot of it.") % {
        "most": most
    }


def _own_query(request: HttpRequest, pk: UUID, *, with_picture: bool = False) -> PhotoQuery:
    """The query ``pk`` when this shopper asked it.

    Raises:
        Http404: for everybody else, and when it is forgotten.
    """
    shopper = shopper_of(request)
    if not shopper.is_known:
        raise Http404(FORGOTTEN)
    owner = (
        {"user_id": shopper.user_id}
        if shopper.user_id is not None
        else {"user_id": None, "session_key": shopper.visitor}
    )
    rows = (
        PhotoQuery.objects.defer("upload") if with_picture else PhotoQuery.objects.defer("upload", "picture")
    )
    query = rows.filter(pk=pk, **owner).first()
    if query is None:
        raise Http404(FORGOTTEN)
    return query


def _box(text: str) -> list[Any] | None:
    """The [x, y, width, height] that a script wrote into the form; None where no box was drawn.

    Raises:
        PhotoRefused: when it is no JSON; whether it is a box is for ``start_photo_query`` to say.
    """
    if not text:
        return None
    try:
        box = json.loads(text[:200])
    except ValueError:
        raise PhotoRefused(BAD_BOX) from None
    return box if isinstance(box, list) else [box]


def _piece_number(request: HttpRequest, pieces: int) -> int:
    text = request.GET.get("piece", "0")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return number if number < pieces else 0
