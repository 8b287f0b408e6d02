"""Small, believable rows for tests. Each factory says only what the test leaves open."""

import hashlib
import io
from datetime import timedelta
from decimal import Decimal

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from accounts.models import Address, User, WishList, WishlistItem
from catalog.models import Brand, Category, PriceChange, Product, ProductImage, Variant
from catalog.prices import strike_prices

PASSWORD = "a-long-enough-password"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"shopper{n}@example.com")
    first_name = "Ada"
    password = factory.django.Password(PASSWORD)


class AddressFactory(DjangoModelFactory):
    class Meta:
        model = Address

    user = factory.SubFactory(UserFactory)
    name = "Ada Example"
    street = "1 Loom Lane"
    postcode = "1010"
    city = "Vienna"
    country = "AT"


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("slug",)

    name = "Tops"
    slug = factory.LazyAttribute(lambda o: o.name.lower().replace(" ", "-"))


class BrandFactory(DjangoModelFactory):
    class Meta:
        model = Brand
        django_get_or_create = ("slug",)

    name = "Fjord"
    slug = factory.LazyAttribute(lambda o: o.name.lower().replace(" ", "-"))


class ProductFactory(DjangoModelFactory):
    """A visible product with one variant (``stock``, ``price``) and, with ``pictures=n``, so many ready pictures."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    external_id = factory.Sequence(lambda n: f"P{n}")
    name = factory.Sequence(lambda n: f"Breton tee {n}")
    slug = factory.Sequence(lambda n: f"breton-tee-{n}")
    category = factory.SubFactory(CategoryFactory)
    brand = factory.SubFactory(BrandFactory)
    status = Product.Status.ACTIVE
    gender = "Women"
    article_type = "Tshirts"
    colour = "Blue"
    colour_hex = "#24406b"
    search_terms = factory.LazyAttribute(
        lambda o: f"{o.brand.name if o.brand else ''} {o.category.name} {o.article_type} {o.colour}"
    )

    @factory.post_generation
    def variants(product, create, extracted, **kwargs):  # noqa: N805 - factory_boy passes the product
        """``variants=[("S", 3), ("M", 0)]`` or ``variants__stock``, ``variants__price``."""
        sizes = extracted if extracted is not None else [("", kwargs.pop("stock", 5))]
        for position, (size, stock) in enumerate(sizes):
            VariantFactory(product=product, size=size, stock=stock, position=position, **kwargs)
        product.refresh_from_db()

    @factory.post_generation
    def pictures(product, create, extracted, **kwargs):  # noqa: N805 - factory_boy passes the product
        for position in range(1 if extracted is None else extracted):
            ProductImageFactory(product=product, position=position)


def reduced_from(product: Product, price: str) -> Product:
    """``product``, whose sizes cost ``price`` for two months until today."""
    PriceChange.objects.bulk_create(
        PriceChange(
            variant=variant,
            price=Decimal(price),
            currency=variant.currency,
            since=timezone.now() - timedelta(days=60),
        )
        for variant in product.variants.all()
    )
    strike_prices([product.pk])
    product.refresh_from_db()
    return product


class VariantFactory(DjangoModelFactory):
    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"SKU{n}")
    size = ""
    price = Decimal("39.00")
    stock = 5


class ProductImageFactory(DjangoModelFactory):
    """A picture whose renditions are there already (tiny files, enough for a page)."""

    class Meta:
        model = ProductImage
        skip_postgeneration_save = True

    product = factory.SubFactory(ProductFactory)
    state = ProductImage.State.READY
    alt = "A blue striped tee"
    source_hash = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    stem = factory.LazyAttribute(lambda o: f"products/test/{o.source_hash[:12]}")
    widths = [160, 320]
    width = 320
    height = 427
    dominant_colour = "#24406b"

    @factory.post_generation
    def files(image, create, extracted, **kwargs):  # noqa: N805 - factory_boy passes the picture
        for width in image.widths:
            default_storage.save(image.rendition_name(width), ContentFile(_webp()))


class WishListFactory(DjangoModelFactory):
    """The default list of a user, or another one (``is_default=False``)."""

    class Meta:
        model = WishList
        django_get_or_create = ("user", "name")

    user = factory.SubFactory(UserFactory)
    name = "Wish list"
    is_default = True


class WishlistItemFactory(DjangoModelFactory):
    """A product that ``user`` saved, for what it costs now."""

    class Meta:
        model = WishlistItem

    user = factory.SubFactory(UserFactory)
    list = factory.LazyAttribute(lambda o: WishListFactory(user=o.user))
    product = factory.SubFactory(ProductFactory)
    saved_price = factory.LazyAttribute(lambda o: o.product.price)
    saved_currency = factory.LazyAttribute(lambda o: o.product.currency)


def _webp() -> bytes:
    """A valid WebP file of a few pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (3, 4), "#24406b").save(buffer, "WEBP")
    return buffer.getvalue()
