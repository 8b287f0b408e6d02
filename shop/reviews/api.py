"""Reviews over REST."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError
from rest_framework.views import APIView

from accounts.shopper import shopper_of
from catalog.models import Product
from catalog.problems import Problem, ProblemSerializer
from shop.reviews.reading import SORTS, ReviewQuery, page_of_reviews, rating_of
from shop.reviews.serializers import (
    KeptReviewSerializer,
    NewReviewSerializer,
    ReviewPageSerializer,
)
from shop.reviews.writing import NotABuyer, purchases_of, save_review, sizes_bought

ONLY_BUYERS = "Only who has bought this with this account can review it."


class Reviews(APIView):
    """What buyers say of a product, in whatever colour they bought it."""

    permission_classes = (IsAuthenticatedOrReadOnly,)

    @extend_schema(
        operation_id="product_reviews",
        parameters=[
            OpenApiParameter(
                "stars", OpenApiTypes.INT, description="Only reviews with so many stars, 1 to 5."
            ),
            OpenApiParameter("pictures", enum=["1"], description="Only reviews with pictures."),
            OpenApiParameter("sort", enum=SORTS),
            OpenApiParameter("cursor", description="From `next`; opaque."),
        ],
        responses={200: ReviewPageSerializer, 404: ProblemSerializer},
    )
    def get(self, request: Request, pk: int) -> Response:
        product = _product(pk)
        query = ReviewQuery.parse(request.query_params)
        if request.query_params.get("cursor") and query.cursor is None:
            raise ValidationError({"cursor": ["This is no cursor of ours. Follow `next` as it is."]})
        page = page_of_reviews(product, query, shopper_of(request))
        following = page.following and request.build_absolute_uri(f"?{page.following.query_string()}")
        answer = {"next": following, "previous": None, "rating": rating_of(product), "results": page.reviews}
        return Response(ReviewPageSerializer(answer, context={"request": request}).data)

    @extend_schema(
        operation_id="product_reviews_write",
        request=NewReviewSerializer,
        responses={
            200: OpenApiResponse(KeptReviewSerializer, "Changed; it waits to be read by staff."),
            201: OpenApiResponse(KeptReviewSerializer, "Kept; it waits to be read by staff."),
            400: ProblemSerializer,
            403: OpenApiResponse(ProblemSerializer, "The product was not bought with this account."),
            404: ProblemSerializer,
        },
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say what it is like. One review for each buyer and style: sent again, it replaces the one before."""
        product = _product(pk)
        given = NewReviewSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        size = given.validated_data.get("size", "")
        try:
            if size and size not in sizes_bought(list(purchases_of(request.user, product))):
                raise ValidationError({"size": ["This size was not bought with this account. Leave it out."]})
            review, is_new = save_review(request.user, product, given.validated_data)
        except NotABuyer as error:
            raise Problem(403, ONLY_BUYERS) from error
        return Response(KeptReviewSerializer(review).data, status=201 if is_new else 200)


def _product(pk: int) -> Product:
    return get_object_or_404(Product.objects.visible(), pk=pk)
