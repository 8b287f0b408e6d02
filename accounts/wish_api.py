"""Wish lists over REST: what was saved, the lists it stands on, and what is noted about it."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import wishing
from accounts.models import WishList, WishlistItem
from accounts.shopper import shopper_of
from catalog.models import Product, Variant
from catalog.problems import Problem, ProblemSerializer
from catalog.serializers import MoneySerializer, ProductCardSerializer, ProductField, money


class WishSerializer(serializers.ModelSerializer):
    """A saved product."""

    product = ProductCardSerializer()
    added_at = serializers.DateTimeField(source="created_at")
    list = serializers.IntegerField(source="list_id")
    variant = serializers.IntegerField(source="variant_id", allow_null=True, help_text="The wanted size.")
    saved_price = serializers.SerializerMethodField()

    class Meta:
        model = WishlistItem
        fields = ("product", "added_at", "list", "variant", "note", "saved_price")

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_saved_price(self, item: WishlistItem) -> dict[str, str] | None:
        return money(item.saved_price, item.saved_currency)


class NewWishSerializer(serializers.Serializer):
    """A product to save for later, on one of the shopper's lists (without ``list``: the first one)."""

    product = ProductField()
    list = serializers.PrimaryKeyRelatedField(queryset=WishList.objects.none(), required=False)

    def __init__(self, *args: Any, lists: QuerySet[WishList] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if lists is not None:  # None: the schema is written
            self.fields["list"].queryset = lists


class ChangedWishSerializer(serializers.Serializer):
    """What may change about a saved product."""

    list = serializers.PrimaryKeyRelatedField(queryset=WishList.objects.none(), required=False)
    variant = serializers.PrimaryKeyRelatedField(
        queryset=Variant.objects.none(), required=False, allow_null=True
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)

    def __init__(self, *args: Any, item: WishlistItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if item:  # None: the schema is written
            self.fields["list"].queryset = item.user.wish_lists.all()
            self.fields["variant"].queryset = item.product.variants.all()


class Wishlist(ListAPIView):
    """What the shopper saved for later, on all lists, newest first."""

    permission_classes = (IsAuthenticated,)
    serializer_class = WishSerializer

    def get_queryset(self) -> QuerySet[WishlistItem]:
        return _visible(self.request.user.wishlist_items.all())

    @extend_schema(
        operation_id="wishlist_add",
        request=NewWishSerializer,
        responses={
            201: OpenApiResponse(WishSerializer, "Saved."),
            200: OpenApiResponse(
                WishSerializer, "It was saved already, and stays on the list that it is on."
            ),
            409: OpenApiResponse(ProblemSerializer, "The list is full."),
        },
    )
    def post(self, request: Request) -> Response:
        """Save a product."""
        given = NewWishSerializer(data=request.data, lists=request.user.wish_lists.all())
        given.is_valid(raise_exception=True)
        product = given.validated_data["product"]
        try:
            is_new = wishing.add_wish(shopper_of(request), product, given.validated_data.get("list"))
        except wishing.CannotSave as error:
            raise Problem(409, str(error)) from error
        wish = self.get_queryset().get(product=product)
        return Response(self.get_serializer(wish).data, status=201 if is_new else 200)


def _visible(items: QuerySet[WishlistItem]) -> QuerySet[WishlistItem]:
    cards = Product.objects.with_card_data()
    sold = items.filter(product__status=Product.Status.ACTIVE)
    return sold.prefetch_related(Prefetch("product", queryset=cards))


class Wish(APIView):
    """One saved product."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="wishlist_change",
        request=ChangedWishSerializer,
        responses={200: WishSerializer, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def patch(self, request: Request, product: int) -> Response:
        """Note something, want another size, or move it to another list."""
        item = get_object_or_404(_visible(request.user.wishlist_items.all()), product=product)
        given = ChangedWishSerializer(data=request.data, item=item)
        given.is_valid(raise_exception=True)
        changes = given.validated_data
        try:
            wishing.move_wish(item, changes.pop("list", item.list))
        except wishing.CannotSave as error:
            raise Problem(409, str(error)) from error
        for name, value in changes.items():
            setattr(item, name, value)
        item.save(update_fields=list(changes))
        return Response(WishSerializer(item).data)

    @extend_schema(operation_id="wishlist_remove", responses={204: None, 404: ProblemSerializer})
    def delete(self, request: Request, product: int) -> Response:
        """Take a product off the list that it is on."""
        if not wishing.remove_wish(shopper_of(request), get_object_or_404(Product, pk=product)):
            raise Http404
        return Response(status=204)


# --- Lists --------------------------------------------------------------------------------------------------------


class WishListSerializer(serializers.ModelSerializer):
    """A list of saved products. ``shared_url`` is the page that its secret link opens."""

    pieces = serializers.IntegerField(read_only=True)
    is_shared = serializers.BooleanField(
        required=False, help_text="Set it to make a secret link, or to end it."
    )
    shared_url = serializers.SerializerMethodField()

    class Meta:
        model = WishList
        fields = (
            "id", "name", "is_default", "pieces", "is_shared", "shared_url", "shows_name", "mails_price_drops",
        )  # fmt: skip
        read_only_fields = ("is_default",)

    def get_shared_url(self, wish_list: WishList) -> str | None:
        return (
            self.context["request"].build_absolute_uri(wish_list.shared_url) if wish_list.is_shared else None
        )


class WishLists(APIView):
    """The shopper's lists."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="wishlists_list", responses=WishListSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All of them, that which hearts fill first."""
        lists = wishing.lists_of(shopper_of(request))
        rows = WishListSerializer(lists, many=True, context={"request": request}).data
        return Response({"next": None, "previous": None, "results": rows})

    @extend_schema(
        operation_id="wishlists_begin",
        request=WishListSerializer,
        responses={201: WishListSerializer, 409: OpenApiResponse(ProblemSerializer, "There are enough.")},
    )
    def post(self, request: Request) -> Response:
        """Begin a further list, by its ``name``."""
        given = WishListSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            begun = wishing.begin_list(request.user, given.validated_data["name"])
        except wishing.CannotSave as error:
            raise Problem(409, str(error)) from error
        return Response(_as_told(request, begun.pk), status=201)


class OneWishList(APIView):
    """One of the shopper's lists."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="wishlists_read", responses={200: WishListSerializer, 404: ProblemSerializer})
    def get(self, request: Request, pk: int) -> Response:
        """What it is called, and who sees it."""
        return Response(_as_told(request, pk))

    @extend_schema(
        operation_id="wishlists_change",
        request=WishListSerializer(partial=True),
        responses={200: WishListSerializer, 404: ProblemSerializer},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Rename it, share it (``is_shared``), or have lower prices mailed."""
        wish_list = get_object_or_404(request.user.wish_lists, pk=pk)
        given = WishListSerializer(wish_list, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        wanted = changes.pop("mails_price_drops", wish_list.mails_price_drops)
        is_shared = changes.pop("is_shared", wish_list.is_shared)
        for name, value in changes.items():
            setattr(wish_list, name, value)
        wish_list.save(update_fields=list(changes))
        wishing.mail_price_drops(wish_list, wanted=wanted)
        if is_shared and not wish_list.is_shared:
            wish_list.share()
        elif wish_list.is_shared and not is_shared:
            wish_list.unshare()
        return Response(_as_told(request, pk))

    @extend_schema(
        operation_id="wishlists_delete",
        responses={204: None, 404: ProblemSerializer, 409: OpenApiResponse(ProblemSerializer, "It stays.")},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Delete it; its pieces go to the first list."""
        try:
            wishing.delete_list(get_object_or_404(request.user.wish_lists, pk=pk))
        except wishing.CannotSave as error:
            raise Problem(409, str(error)) from error
        return Response(status=204)


def _as_told(request: Request, pk: int) -> dict[str, Any]:
    wish_list = get_object_or_404(wishing.lists_of(shopper_of(request)), pk=pk)
    return WishListSerializer(wish_list, context={"request": request}).data
