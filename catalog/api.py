"""Products, categories and completions over REST."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog.listing_query import SORTS, ListingQuery
from catalog.models import Category, Product
from catalog.pagination import CursorPagination
from catalog.search import listing
from catalog.serializers import (
    CategoryTreeSerializer,
    ImageSerializer,
    LabelSerializer,
    ProductCardSerializer,
    SuggestionSerializer,
    VariantSerializer,
)
from catalog.suggesting import suggest

LISTING_SORTS = tuple(sort for sort in SORTS if sort != "for-you")  # taste is told by recommendations/home/
SWITCH = ("1", "true", "on", "0", "false", "off")

FILTERS = [
    OpenApiParameter("category", many=True, description="Slug of a category; those below it count too."),
    OpenApiParameter("type", many=True, description="Article type, such as Tshirts."),
    OpenApiParameter("colour", many=True),
    OpenApiParameter("size", many=True, description="Only where it is in stock."),
    OpenApiParameter("brand", many=True, description="Slug of a brand."),
    OpenApiParameter("gender", many=True),
    OpenApiParameter("min_price", OpenApiTypes.DECIMAL),
    OpenApiParameter("max_price", OpenApiTypes.DECIMAL),
    OpenApiParameter("in_stock", enum=SWITCH, description="1: leave out what is sold out."),
]
_LISTING = [
    OpenApiParameter("q", description="Words; typing errors are forgiven."),
    *FILTERS,
    OpenApiParameter("sort", enum=LISTING_SORTS),
    OpenApiParameter("cursor", description="From `next` or `previous`; opaque."),
    OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 100; 24 unless told."),
]


class ProductPageSerializer(serializers.Serializer):
    """A page of product cards."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ProductCardSerializer(many=True)


class ProductSerializer(ProductCardSerializer):
    """Everything about one product that shoppers may know."""

    variants = VariantSerializer(many=True)
    images = serializers.SerializerMethodField()
    attributes = serializers.SerializerMethodField()
    labels = serializers.SerializerMethodField()

    class Meta(ProductCardSerializer.Meta):
        fields = (
            *ProductCardSerializer.Meta.fields,
            "description",
            "gender",
            "article_type",
            "style_code",
            "variants",
            "images",
            "attributes",
            "labels",
        )

    @extend_schema_field(ImageSerializer(many=True))
    def get_images(self, product: Product) -> list[dict[str, Any]]:
        return [self.image_of(image, product) for image in product.images.all()]

    def get_attributes(self, product: Product) -> dict[str, str]:
        return {value["name"]: value["value"] for value in product.attribute_values}

    @extend_schema_field(LabelSerializer(many=True))
    def get_labels(self, product: Product) -> list[dict[str, Any]]:
        """What the network saw on the cover, best first; empty until a worker has looked."""
        analysis = product.cover.analyses.active().first() if product.cover else None
        return analysis.labels if analysis else []


def limit_of(request: Request, default: int, most: int) -> int:
    """The ``limit`` of the query, between 1 and ``most``.

    Raises:
        ValidationError: for something that is no whole number.
    """
    text = request.query_params.get("limit")
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise serializers.ValidationError({"limit": [f"Give a whole number from 1 to {most}."]})
    return max(1, min(most, int(text)))


def query_of(data: QueryDict) -> ListingQuery:
    """The words, filters and place in ``data``. Pages forgive what they do not understand; programs are told.

    Raises:
        ValidationError: naming each field that makes no sense.
    """
    query = ListingQuery.parse(data)
    errors = {}
    for name in ("min_price", "max_price"):
        if data.get(name) and getattr(query, name) is None:
            errors[name] = ["Give an amount such as 19.90."]
    if data.get("in_stock") and data["in_stock"] not in SWITCH:
        errors["in_stock"] = [f"Give one of {', '.join(SWITCH)}."]
    if data.get("sort") and data["sort"] not in LISTING_SORTS:
        errors["sort"] = [f"Give one of {', '.join(LISTING_SORTS)}."]
    if data.get("cursor") and query.cursor is None:
        errors["cursor"] = ["This is no cursor of ours. Follow `next` and `previous` as they are."]
    if errors:
        raise serializers.ValidationError(errors)
    return query


class ProductList(APIView):
    """What is for sale, by words and filters."""

    @extend_schema(operation_id="products_list", parameters=_LISTING, responses=ProductPageSerializer)
    def get(self, request: Request) -> Response:
        size = limit_of(request, CursorPagination.page_size, CursorPagination.max_page_size)
        page = listing(query_of(request.query_params), page_size=size, with_facets=False)
        cards = ProductCardSerializer(page.products, many=True, context={"request": request})
        return Response(
            {
                "next": self._address(request, page.next_query_string),
                "previous": self._address(request, page.previous_query_string),
                "results": cards.data,
            }
        )

    def _address(self, request: Request, query_string: str) -> str | None:
        if not query_string:
            return None
        limit = request.query_params.get("limit")
        return request.build_absolute_uri(
            f"{request.path}?{query_string}" + (f"&limit={limit}" if limit else "")
        )


class ProductDetail(APIView):
    """One product."""

    @extend_schema(responses=ProductSerializer)
    def get(self, request: Request, pk: int) -> Response:
        product = get_object_or_404(self.products(), pk=pk)
        return Response(ProductSerializer(product, context={"request": request}).data)

    def products(self) -> QuerySet[Product]:
        return Product.objects.visible().with_page_data().prefetch_related("variants")


class CategoryList(APIView):
    """The tree of categories."""

    @extend_schema(operation_id="categories_list", responses=CategoryTreeSerializer(many=True))
    def get(self, request: Request) -> Response:
        nodes = {
            category.pk: {
                "slug": category.slug,
                "name": category.name,
                "url": request.build_absolute_uri(category.get_absolute_url()),
                "children": [],
                "parent": category.parent_id,
            }
            for category in Category.objects.order_by("position", "name")
        }
        for node in nodes.values():
            if node["parent"] in nodes:
                nodes[node["parent"]]["children"].append(node)
        top = [node for node in nodes.values() if node["parent"] is None]
        return Response(CategoryTreeSerializer(top, many=True).data)


class Suggestions(APIView):
    """What half-typed words may become."""

    @extend_schema(
        operation_id="search_suggest",
        parameters=[OpenApiParameter("q", description="At least two letters.")],
        responses=SuggestionSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        found = suggest(request.query_params.get("q", ""))
        return Response(
            [{"kind": s.kind, "text": s.text, "url": request.build_absolute_uri(s.url)} for s in found]
        )
