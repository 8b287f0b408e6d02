"""Neighbours, the personal home, interactions and photo search over REST."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.crawlers import is_looked_at
from accounts.shopper import shopper_of
from catalog.api import FILTERS, limit_of, query_of
from catalog.models import Product
from catalog.problems import Problem, ProblemSerializer
from catalog.serializers import LabelSerializer, MoneySerializer, ProductCardSerializer, ProductField, money
from recommendations import serving
from recommendations.experiments import arranged_home
from recommendations.looks import SWAP, Piece, swapped_ids
from recommendations.models import Interaction
from recommendations.photo_answers import PhotoRefused, presented, start_photo_query
from recommendations.photo_matching import Wish
from recommendations.photo_waiting import wait_for
from recommendations.recording import record
from vision.blend import MATCHES
from vision.models import PhotoQuery

MOST_ANSWERS = 24
LONGEST_WAIT = 20.0  # seconds that ``Prefer: wait`` may hold a request open

_LIMIT = OpenApiParameter("limit", OpenApiTypes.INT, description=f"1 to {MOST_ANSWERS}.")
_WISHES = [
    OpenApiParameter(
        "q", description='What should be different: "this but black, under 50". Narrows the answers.'
    ),
    OpenApiParameter("match", enum=MATCHES, description="What has to be like the photo; both unless told."),
    *FILTERS,
]
_WISH_NAMES = [parameter.name for parameter in _WISHES]


class ReasonSerializer(serializers.Serializer):
    """Why a product is shown: a code for programs, words for people."""

    code = serializers.CharField()
    text = serializers.CharField()


class AnswerSerializer(serializers.Serializer):
    """A product, how well it fits (0 to 1), and why it is shown."""

    product = ProductCardSerializer()
    score = serializers.FloatField()
    reason = serializers.SerializerMethodField()

    @extend_schema_field(ReasonSerializer)
    def get_reason(self, answer: serving.Answer) -> dict[str, str]:
        return {"code": answer.reason_code, "text": answer.reason}


class AnswersSerializer(serializers.Serializer):
    """A list of answers and the version that made it; null before the first refresh."""

    version = serializers.IntegerField(allow_null=True)
    results = AnswerSerializer(many=True)


class LookPieceSerializer(AnswerSerializer):
    """A piece of a look: an answer, its place on the body, and the address of the look with another piece there; empty
    where the shop has no other."""

    place = serializers.CharField()
    swap = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_swap(self, piece: Piece) -> str:
        request = self.context["request"]
        return request.build_absolute_uri(f"{request.path}?{piece.swap}") if piece.swap else ""


class LookSerializer(serializers.Serializer):
    """A whole outfit around a product. ``total`` is what the pieces cost together with it, where it can be bought; null
    and without pieces where the shop has too little for a look."""

    version = serializers.IntegerField(allow_null=True)
    results = LookPieceSerializer(many=True)
    total = MoneySerializer(allow_null=True)


class GarmentColourSerializer(serializers.Serializer):
    """A main colour of a piece and its share of it."""

    hex = serializers.CharField()
    name = serializers.CharField()
    share = serializers.FloatField()


class PlaceSerializer(serializers.Serializer):
    """A cluster of the network, by its shelf (an id) and number. ``score`` is the approximate similarity to its centre,
    0 to 1; the exact one would lie within ``error`` of it for nineteen in twenty."""

    category = serializers.IntegerField()
    number = serializers.IntegerField()
    score = serializers.FloatField()
    error = serializers.FloatField()


class PieceSerializer(serializers.Serializer):
    """One product in the photo and what the shop has for it. The box is [x, y, width, height] in pixels.

    The whole photo is always the last. ``similar`` are of the piece's kind, ``alike`` other things that look like it.
    """

    box = serializers.ListField(child=serializers.IntegerField(), min_length=4, max_length=4)
    title = serializers.CharField()
    labels = LabelSerializer(many=True)
    colours = GarmentColourSerializer(many=True)
    exact = AnswerSerializer(allow_null=True)
    similar = AnswerSerializer(many=True)
    alike = AnswerSerializer(many=True)
    complementary = AnswerSerializer(many=True)
    cluster = PlaceSerializer(allow_null=True)


class PhotoSearchSerializer(serializers.Serializer):
    """A photo search and, once it is done, its answer."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(PhotoQuery.Status.choices)
    progress = serializers.IntegerField()
    url = serializers.URLField()
    products = PieceSerializer(many=True)
    refused = serializers.BooleanField()
    message = serializers.CharField(allow_blank=True)


class PhotoSerializer(serializers.Serializer):
    """A photo to search with. The filters of ``products/`` may stand beside it, or in the address."""

    photo = serializers.FileField(
        allow_empty_file=True, help_text="JPEG, PNG, WebP or HEIC."
    )  # start_photo_query has the sentence for an empty one
    box = serializers.CharField(
        required=False, max_length=60, help_text="x,y,width,height in pixels of the upright picture."
    )
    q = serializers.CharField(
        required=False, allow_blank=True, help_text='What should be different: "this but black, under 50".'
    )
    match = serializers.ChoiceField(MATCHES, required=False)
    category = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Only answers from these categories."
    )
    min_price = serializers.DecimalField(10, 2, required=False)
    max_price = serializers.DecimalField(10, 2, required=False)


class InteractionSerializer(serializers.Serializer):
    """Something a shopper did with a product."""

    product = ProductField()
    kind = serializers.ChoiceField(Interaction.Kind.choices)


class RecordedSerializer(InteractionSerializer):
    """What was told, and whether it was written down."""

    recorded = serializers.BooleanField(help_text="False where the shopper wants no personal pages.")


def answers_response(request: Request, version: int | None, answers: list[serving.Answer]) -> Response:
    """``{"version", "results"}``."""
    data = {"version": version, "results": answers}
    return Response(AnswersSerializer(data, context={"request": request}).data)


class RelatedProducts(APIView):
    """Products of the same category that are near in looks."""

    @extend_schema(operation_id="products_related", parameters=[_LIMIT], responses=AnswersSerializer)
    def get(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.visible(), pk=pk)
        found = serving.related_to(product, limit_of(request, 6, MOST_ANSWERS))
        return answers_response(request, serving.network_version(), found)


class ComplementaryProducts(APIView):
    """Products of other kinds that go with it."""

    @extend_schema(operation_id="products_complementary", parameters=[_LIMIT], responses=AnswersSerializer)
    def get(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.visible(), pk=pk)
        found = serving.complementary_to(product, limit_of(request, 6, MOST_ANSWERS))
        return answers_response(request, serving.network_version(), found)


class ProductLook(APIView):
    """A whole outfit around it: one piece for each place on the body, chosen to fit each other."""

    @extend_schema(
        operation_id="products_look",
        parameters=[
            OpenApiParameter(
                SWAP, OpenApiTypes.INT, many=True, description="Products to show another piece instead of."
            )
        ],
        responses=LookSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(Product.objects.visible().with_card_data().with_sizes(), pk=pk)
        look = serving.look_of(product, swapped_ids(request.query_params.getlist(SWAP)))
        data = {
            "version": serving.network_version(),
            "results": look.pieces if look else [],
            "total": money(look.total, look.currency) if look else None,
        }
        return Response(LookSerializer(data, context={"request": request}).data)


class HomeRecommendations(APIView):
    """What this shopper looked at lately, then what was chosen for them."""

    @extend_schema(operation_id="recommendations_home", parameters=[_LIMIT], responses=AnswersSerializer)
    def get(self, request: Request) -> Response:
        n = limit_of(request, 24, MOST_ANSWERS)
        home = arranged_home(shopper_of(request), n, is_person=is_looked_at(request))
        return answers_response(request, home.version, [*home.recent, *home.for_you][:n])


class Interactions(APIView):
    """Tell the shop what a shopper did, so that the next page knows."""

    permission_classes = (AllowAny,)
    throttle_scope = "interactions"

    @extend_schema(request=InteractionSerializer, responses={201: RecordedSerializer, 400: ProblemSerializer})
    def post(self, request: Request) -> Response:
        given = InteractionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        product, kind = given.validated_data["product"], given.validated_data["kind"]
        recorded = record(shopper_of(request, create=True), product.pk, kind)
        return Response({"product": product.pk, "kind": kind, "recorded": recorded}, status=201)


class PhotoSearch(APIView):
    """Show us what you like: a photo in, products out.

    Answers 202 at once; with ``Prefer: wait=10`` it waits up to so many seconds for the finished answer (200).
    """

    permission_classes = (AllowAny,)
    parser_classes = (MultiPartParser,)
    throttle_scope = "photo-search"

    @extend_schema(
        request={"multipart/form-data": PhotoSerializer},
        parameters=[
            OpenApiParameter(
                "Prefer", location=OpenApiParameter.HEADER, description="wait=SECONDS, up to 20 (RFC 7240)."
            ),
            *_WISHES,
        ],
        responses={
            200: OpenApiResponse(PhotoSearchSerializer, "Finished."),
            202: OpenApiResponse(PhotoSearchSerializer, "Begun; ask again at `url`."),
            413: OpenApiResponse(ProblemSerializer, "Too many bytes."),
            422: OpenApiResponse(ProblemSerializer, "Not a picture that we can read."),
        },
    )
    def post(self, request: Request) -> Response:
        given = PhotoSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        photo, box = given.validated_data["photo"], given.validated_data.get("box")
        if photo.size > settings.PICTURE_MAX_BYTES:
            most = settings.PICTURE_MAX_BYTES // 2**20
            raise Problem(413, f"That picture is larger than {most} MB. Send a smaller one.")
        wish = _wish_of(request.query_params, request.POST)
        try:
            query = start_photo_query(
                shopper_of(request, create=True),
                photo.read(),
                box=box.strip("[] ").split(",") if box else None,
                wish=wish,
            )
        except PhotoRefused as refused:
            raise Problem(422, str(refused)) from refused
        query = wait_for(query, _preferred_wait(request))
        if query.status == PhotoQuery.Status.FAILED:
            raise Problem(422, query.message)
        return Response(
            _photo_data(request, query),
            status=200 if query.is_finished else 202,
            headers={"Location": reverse("api_photo_search_detail", args=[query.pk])},
        )


class PhotoSearchDetail(APIView):
    """How far a photo search is, or its answer. Only for whoever asked; forgotten after an hour.

    Words, ``match`` and filters narrow the answer anew, without another upload; with none it is as it was asked for.
    """

    @extend_schema(parameters=_WISHES, responses={200: PhotoSearchSerializer, 404: ProblemSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        _wish_of(request.query_params)
        return Response(_photo_data(request, _own_query(request, pk), Wish.asked(request.query_params)))


def _preferred_wait(request: Request) -> float:
    """Seconds of a ``Prefer: wait=N`` header (RFC 7240); 0 without one."""
    for part in request.headers.get("Prefer", "").split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "wait" and value.isascii() and value.isdigit():
            return min(float(value[:4]), LONGEST_WAIT)
    return 0.0


def _wish_of(*sources: QueryDict) -> Wish:
    """What the address asks for, and what the form does, which comes later and wins.

    Raises:
        ValidationError: naming each field that makes no sense.
    """
    given = QueryDict(mutable=True)
    for source in sources:
        for name in _WISH_NAMES:
            if name in source:
                given.setlist(name, source.getlist(name))
    if given.get("match", MATCHES[0]) not in MATCHES:
        raise serializers.ValidationError({"match": [f"Give one of {', '.join(MATCHES)}."]})
    query_of(given)
    return Wish.parse(given)


def _own_query(request: Request, pk: UUID) -> PhotoQuery:
    shopper = shopper_of(request)
    if not shopper.is_known:
        raise Http404
    owner = (
        {"user_id": shopper.user_id} if shopper.user_id else {"user": None, "session_key": shopper.visitor}
    )
    return get_object_or_404(PhotoQuery.objects.defer("upload", "picture"), pk=pk, **owner)


def _photo_data(request: Request, query: PhotoQuery, wish: Wish | None = None) -> dict[str, Any]:
    answer = presented(query, wish)
    data = {
        "id": query.pk,
        "status": query.status,
        "progress": query.progress,
        "url": request.build_absolute_uri(reverse("api_photo_search_detail", args=[query.pk])),
        "products": answer.products,
        "refused": answer.refused,
        "message": answer.message,
    }
    return PhotoSearchSerializer(data, context={"request": request}).data
