"""Products as the API shows them; the keys are promised in docs/api.md."""

from decimal import Decimal
from typing import Any

from drf_spectacular.helpers import lazy_serializer
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Category, Product, ProductImage, Variant

CARD_WIDTH = 480


class MoneySerializer(serializers.Serializer):
    """An amount as text, so that no client rounds it, and its currency."""

    amount = serializers.CharField()
    currency = serializers.CharField()


def money(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    """An amount for the API; None stays None."""
    return None if amount is None else {"amount": f"{amount:.2f}", "currency": currency}


class ImageSerializer(serializers.Serializer):
    """A picture as a card needs it, with the size of the file at ``url``, and all its files for ``srcset``."""

    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alt = serializers.CharField()
    srcset = serializers.CharField()


class LabelSerializer(serializers.Serializer):
    """Something seen in a picture."""

    label = serializers.CharField()
    kind = serializers.CharField(help_text="Such as type, colour, pattern or gender.")
    probability = serializers.FloatField(help_text="0 to 1.")


class ShortCategorySerializer(serializers.ModelSerializer):
    class Meta:
        model = Category
        fields = ("slug", "name")


class ProductCardSerializer(serializers.ModelSerializer):
    """What a listing shows of a product. The queryset comes from ``with_card_data()``."""

    url = serializers.SerializerMethodField()
    category = ShortCategorySerializer()
    brand = serializers.SerializerMethodField()
    price = serializers.SerializerMethodField()
    was_price = serializers.SerializerMethodField()
    percent_off = serializers.IntegerField(allow_null=True)
    image = serializers.SerializerMethodField()

    class Meta:
        model = Product
        fields = (
            "id",
            "slug",
            "name",
            "url",
            "category",
            "brand",
            "price",
            "was_price",
            "percent_off",
            "in_stock",
            "colour",
            "image",
        )

    def get_url(self, product: Product) -> str:
        return self._absolute(product.get_absolute_url())

    def get_brand(self, product: Product) -> str | None:
        return product.brand.name if product.brand else None

    @extend_schema_field(MoneySerializer)
    def get_price(self, product: Product) -> dict[str, str] | None:
        return money(product.price, product.currency)

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_was_price(self, product: Product) -> dict[str, str] | None:
        return money(product.was_price, product.currency)

    @extend_schema_field(ImageSerializer)
    def get_image(self, product: Product) -> dict[str, Any]:
        """The cover; a product without a picture has an empty address, so that the keys are always there."""
        image = product.cover
        if image is None:
            return {"url": "", "width": 0, "height": 0, "alt": product.name, "srcset": ""}
        return self.image_of(image, product)

    def image_of(self, image: ProductImage, product: Product) -> dict[str, Any]:
        """One picture; its rendition for cards is named by ``url``."""
        width = image.width_for(CARD_WIDTH)
        return {
            "url": self._absolute(image.url_for(CARD_WIDTH)),
            "width": width,
            "height": round(image.height * width / image.width) if image.width else 0,
            "alt": image.alt or product.name,
            "srcset": ", ".join(f"{self._absolute(image.url_for(w))} {w}w" for w in sorted(image.widths)),
        }

    def _absolute(self, path: str) -> str:
        request = self.context.get("request")
        return request.build_absolute_uri(path) if request is not None and path else path


class ProductField(serializers.PrimaryKeyRelatedField):
    """The id of a product that shoppers may see, in what a program sends."""

    def __init__(self, **kwargs: Any) -> None:
        # The integer field turns away what a database column could not be compared with, such as 1e999.
        super().__init__(
            queryset=Product.objects.visible(),
            pk_field=serializers.IntegerField(max_value=2**63 - 1),
            **kwargs,
        )


class VariantSerializer(serializers.ModelSerializer):
    """One size. How many are left is the shop's own business beyond "some" and "none"."""

    price = serializers.SerializerMethodField()
    was_price = serializers.SerializerMethodField()
    percent_off = serializers.IntegerField(allow_null=True)
    in_stock = serializers.BooleanField(source="is_available")

    class Meta:
        model = Variant
        fields = ("id", "sku", "size", "colour", "price", "was_price", "percent_off", "in_stock")

    @extend_schema_field(MoneySerializer)
    def get_price(self, variant: Variant) -> dict[str, str] | None:
        return money(variant.price, variant.currency)

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_was_price(self, variant: Variant) -> dict[str, str] | None:
        return money(variant.was_price, variant.currency)


class CategoryTreeSerializer(serializers.Serializer):
    """A category with those below it."""

    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    children = serializers.SerializerMethodField()

    @extend_schema_field(lazy_serializer("catalog.serializers.CategoryTreeSerializer")(many=True))
    def get_children(self, node: dict[str, Any]) -> list[dict[str, Any]]:
        return CategoryTreeSerializer(node["children"], many=True).data


class SuggestionSerializer(serializers.Serializer):
    """One completion of half-typed words."""

    kind = serializers.CharField(help_text="search, category, brand or product")
    text = serializers.CharField()
    url = serializers.CharField()
