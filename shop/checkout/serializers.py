"""The bag and the orders as the API shows them; the keys are promised in docs/api.md."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.countries import COUNTRIES
from catalog.models import Variant
from catalog.serializers import MoneySerializer, ProductCardSerializer, ProductField, VariantSerializer, money
from shop.checkout.bags import Bag, BagLine
from shop.checkout.cart import MAX_PER_LINE
from shop.checkout.models import Invoice, Order, OrderLine, Return, ReturnLine
from shop.checkout.placing import TIME_TO_PAY
from shop.checkout.pricing import Applied, Kind
from shop.checkout.providers import till_provider
from shop.checkout.terms import Way


class BagLineSerializer(serializers.Serializer):
    """So many of one size. ``discount`` is the line's share of all discounts, ``tax`` that of what is left."""

    id = serializers.IntegerField(source="line.pk")
    variant = VariantSerializer()
    product = ProductCardSerializer(source="variant.product")
    quantity = serializers.IntegerField(source="line.quantity")
    total = serializers.SerializerMethodField()
    discount = serializers.SerializerMethodField()
    tax = serializers.SerializerMethodField()
    problem = serializers.CharField(
        allow_blank=True, help_text="What keeps it from being ordered, or nothing."
    )

    @extend_schema_field(MoneySerializer)
    def get_total(self, line: BagLine) -> dict[str, str] | None:
        return money(line.total, line.variant.currency)

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_discount(self, line: BagLine) -> dict[str, str] | None:
        billed = self.context["bag"].billed.get(line.line.variant_id)
        return money(billed.discount, line.variant.currency) if billed else None

    @extend_schema_field(MoneySerializer(allow_null=True))
    def get_tax(self, line: BagLine) -> dict[str, str] | None:
        billed = self.context["bag"].billed.get(line.line.variant_id)
        return money(billed.tax, line.variant.currency) if billed else None


class WaySerializer(serializers.Serializer):
    """A way of delivery that takes the bag."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    words = serializers.CharField(allow_blank=True, help_text="How long it takes.")
    price = serializers.SerializerMethodField()

    @extend_schema_field(MoneySerializer)
    def get_price(self, way: Way) -> dict[str, str] | None:
        return money(way.price, self.context["bag"].totals.currency)


class AppliedSerializer(serializers.Serializer):
    """A promotion that takes something off the bag, or off its delivery."""

    name = serializers.CharField(source="offer.name")
    kind = serializers.ChoiceField([kind.value for kind in Kind], source="offer.kind")
    code = serializers.CharField(source="offer.code", allow_blank=True)
    amount = serializers.SerializerMethodField()

    @extend_schema_field(MoneySerializer)
    def get_amount(self, one: Applied) -> dict[str, str] | None:
        return money(one.amount, self.context["bag"].totals.currency)


class QuoteSerializer(serializers.Serializer):
    """Where the bag is reckoned to go, and by which way of delivery."""

    country = serializers.CharField(source="destination.country")
    method = serializers.IntegerField(source="way.id", default=None, allow_null=True)
    methods = WaySerializer(source="ways", many=True)
    problem = serializers.CharField(allow_blank=True, help_text="Why it cannot go there, or nothing.")


class BagSerializer(serializers.Serializer):
    """The whole bag with its sums. ``seen`` goes with the order: it is only placed if nothing has changed since."""

    items = BagLineSerializer(source="lines", many=True)
    pieces = serializers.IntegerField()
    delivery = QuoteSerializer(source="quote")
    subtotal = serializers.SerializerMethodField()
    discount = serializers.SerializerMethodField()
    shipping = serializers.SerializerMethodField()
    tax = serializers.SerializerMethodField(help_text="Of all lines and the delivery.")
    prices_include_tax = serializers.BooleanField(
        source="totals.prices_include_tax", help_text="Off: `tax` comes on top of the prices."
    )
    total = serializers.SerializerMethodField()
    until_free_shipping = serializers.SerializerMethodField()
    promotions = AppliedSerializer(source="totals.applied", many=True)
    code = serializers.CharField(source="promotions.code", allow_blank=True)
    code_problem = serializers.CharField(
        allow_blank=True, help_text="Why the code takes nothing off the bag, or nothing."
    )
    seen = serializers.CharField(allow_blank=True)
    message = serializers.SerializerMethodField(help_text="What became of a change, where that needs a word.")

    @extend_schema_field(MoneySerializer)
    def get_subtotal(self, bag: Bag) -> dict[str, str] | None:
        return money(bag.totals.subtotal, bag.totals.currency)

    @extend_schema_field(MoneySerializer)
    def get_discount(self, bag: Bag) -> dict[str, str] | None:
        return money(bag.totals.discount, bag.totals.currency)

    @extend_schema_field(MoneySerializer)
    def get_shipping(self, bag: Bag) -> dict[str, str] | None:
        return money(bag.totals.shipping, bag.totals.currency)

    @extend_schema_field(MoneySerializer)
    def get_tax(self, bag: Bag) -> dict[str, str] | None:
        return money(bag.totals.tax, bag.totals.currency)

    @extend_schema_field(MoneySerializer)
    def get_total(self, bag: Bag) -> dict[str, str] | None:
        return money(bag.totals.total, bag.totals.currency)

    @extend_schema_field(MoneySerializer)
    def get_until_free_shipping(self, bag: Bag) -> dict[str, str] | None:
        return money(bag.totals.until_free_shipping, bag.totals.currency)

    def get_message(self, bag: Bag) -> str:
        return self.context.get("message", "")


class BagPageSerializer(serializers.Serializer):
    """The bag's lines as a list; a bag is never longer than one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = BagLineSerializer(many=True)


class VisibleVariantField(serializers.PrimaryKeyRelatedField):
    """The id of a size of a product that shoppers may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Variant.objects.select_related("product").filter(product__status="active"),
            pk_field=serializers.IntegerField(max_value=2**63 - 1),
            **kwargs,
        )


class NewBagLineSerializer(serializers.Serializer):
    """A piece for the bag: a variant, or a product that comes in one size only."""

    variant = VisibleVariantField(required=False)
    product = ProductField(required=False)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_PER_LINE, default=1)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Leaves ``variant`` and ``quantity``."""
        if ("variant" in given) == ("product" in given):
            raise serializers.ValidationError({"variant": ["Give a variant or a product, one of the two."]})
        if "product" in given:
            variants = list(given.pop("product").variants.select_related("product")[:2])
            if len(variants) != 1:
                sentence = "This product comes in several sizes: give the variant. See products/{id}/."
                raise serializers.ValidationError({"variant": [sentence]})
            given["variant"] = variants[0]
        return given


class QuantitySerializer(serializers.Serializer):
    """How many."""

    quantity = serializers.IntegerField(min_value=1, max_value=MAX_PER_LINE)


class OrderLineSerializer(serializers.ModelSerializer):
    """One line of an order, as it was bought."""

    price = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    discount = serializers.SerializerMethodField()
    tax = serializers.SerializerMethodField()
    tax_percent = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)

    class Meta:
        model = OrderLine
        fields = (
            "id",
            "product",
            "variant",
            "sku",
            "name",
            "size",
            "colour",
            "quantity",
            "price",
            "total",
            "discount",
            "tax",
            "tax_percent",
        )

    @extend_schema_field(MoneySerializer)
    def get_discount(self, line: OrderLine) -> dict[str, str] | None:
        return money(line.discount, line.order.currency)

    @extend_schema_field(MoneySerializer)
    def get_tax(self, line: OrderLine) -> dict[str, str] | None:
        return money(line.tax, line.order.currency)

    @extend_schema_field(MoneySerializer)
    def get_price(self, line: OrderLine) -> dict[str, str] | None:
        return money(line.price, line.order.currency)

    @extend_schema_field(MoneySerializer)
    def get_total(self, line: OrderLine) -> dict[str, str] | None:
        return money(line.total, line.order.currency)


class AddressSerializer(serializers.ModelSerializer):
    """Where an order goes."""

    class Meta:
        model = Order
        fields = ("name", "street", "extra", "postcode", "city", "country", "phone")


class OrderSerializer(serializers.ModelSerializer):
    """An order of the shopper's own."""

    url = serializers.SerializerMethodField()
    deliver_to = AddressSerializer(source="*")
    subtotal = serializers.SerializerMethodField()
    discount = serializers.SerializerMethodField()
    shipping = serializers.SerializerMethodField()
    tax = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    pay_until = serializers.SerializerMethodField()
    lines = OrderLineSerializer(many=True)

    class Meta:
        model = Order
        fields = (
            "number",
            "status",
            "url",
            "email",
            "deliver_to",
            "subtotal",
            "discount",
            "shipping",
            "shipping_method",
            "tax",
            "prices_include_tax",
            "total",
            "created_at",
            "pay_until",
            "paid_at",
            "lines",
        )

    def get_url(self, order: Order) -> str:
        return self.context["request"].build_absolute_uri(order.get_absolute_url())

    @extend_schema_field(MoneySerializer)
    def get_subtotal(self, order: Order) -> dict[str, str] | None:
        return self._money(order, order.subtotal)

    @extend_schema_field(MoneySerializer)
    def get_discount(self, order: Order) -> dict[str, str] | None:
        return self._money(order, order.discount)

    @extend_schema_field(MoneySerializer)
    def get_shipping(self, order: Order) -> dict[str, str] | None:
        return self._money(order, order.shipping)

    @extend_schema_field(MoneySerializer)
    def get_tax(self, order: Order) -> dict[str, str] | None:
        return self._money(order, order.tax)

    @extend_schema_field(MoneySerializer)
    def get_total(self, order: Order) -> dict[str, str] | None:
        return self._money(order, order.total)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_pay_until(self, order: Order) -> str | None:
        """When an unpaid order goes back on the shelf; null once it awaits no payment."""
        if not order.awaits_payment:
            return None
        return serializers.DateTimeField().to_representation(order.created_at + TIME_TO_PAY)

    def _money(self, order: Order, amount: Decimal) -> dict[str, str] | None:
        return money(amount, order.currency)


class CodeSerializer(serializers.Serializer):
    """A promotion code as a shopper types it."""

    code = serializers.CharField(max_length=60)


class DestinationSerializer(serializers.Serializer):
    """Where the bag should be reckoned to go."""

    country = serializers.ChoiceField(list(COUNTRIES.items()), required=False)
    method = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="One of `delivery.methods` of the bag."
    )


class NewOrderSerializer(serializers.Serializer):
    """Whom the order is for and where it goes. What is ordered is what the bag holds."""

    email = serializers.EmailField(required=False, help_text="Unless told: the account's own address.")
    name = serializers.CharField(max_length=120)
    street = serializers.CharField(max_length=200)
    extra = serializers.CharField(max_length=200, required=False, allow_blank=True)
    postcode = serializers.CharField(max_length=20)
    city = serializers.CharField(max_length=100)
    country = serializers.ChoiceField([(code, name) for code, name in COUNTRIES.items()])
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    method = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="The way of delivery, one of `delivery.methods` of the bag; unless told: the first one.",
    )
    seen = serializers.CharField(
        required=False,
        write_only=True,
        max_length=10_000,
        help_text="`seen` of the bag as the shopper saw it: the order is refused (409) when it has changed since.",
    )


class ReturnLineSerializer(serializers.ModelSerializer):
    """So many pieces of one of the order's lines."""

    class Meta:
        model = ReturnLine
        fields = ("line", "quantity", "reason")


class ReturnSerializer(serializers.ModelSerializer):
    """A return; ``answer`` tells why it was refused."""

    lines = ReturnLineSerializer(many=True)

    class Meta:
        model = Return
        fields = ("id", "state", "words", "answer", "created_at", "lines")


class ReturnListSerializer(serializers.Serializer):
    """The returns of an order, all on one page; ``returnable_until`` is null until the order has arrived."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReturnSerializer(many=True)
    returnable_until = serializers.DateTimeField(allow_null=True)


class WantedSerializer(serializers.Serializer):
    """So many pieces of a line (its ``id``) that shall go back."""

    line = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    quantity = serializers.IntegerField(min_value=1, max_value=10_000)
    reason = serializers.ChoiceField(ReturnLine.Reason.choices)


class InvoiceSerializer(serializers.ModelSerializer):
    """An invoice or a credit note; ``url`` is the document."""

    number = serializers.CharField(source="label")
    total = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Invoice
        fields = ("number", "kind", "issued_at", "total", "url")

    @extend_schema_field(MoneySerializer)
    def get_total(self, invoice: Invoice) -> dict[str, str] | None:
        return money(Decimal(invoice.snapshot["total"]), invoice.snapshot["currency"])

    def get_url(self, invoice: Invoice) -> str:
        path = reverse("api_order_invoice", args=[invoice.order.number, invoice.label])
        return self.context["request"].build_absolute_uri(path)


class InvoiceListSerializer(serializers.Serializer):
    """The documents of an order, the oldest first, all on one page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = InvoiceSerializer(many=True)


class NewReturnSerializer(serializers.Serializer):
    """What shall go back, and why."""

    lines = WantedSerializer(many=True, allow_empty=False, max_length=200)
    words = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class NewPaymentSerializer(serializers.Serializer):
    """How to pay; the test provider moves no money."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "choice": serializers.ChoiceField(list(till_provider().choices))}


class PaymentOutcomeSerializer(serializers.Serializer):
    """What came of an attempt to pay; ``redirect``: the shopper answers at ``url``; ``waiting``: the bank answers later
    by itself, and the order tells."""

    state = serializers.ChoiceField(["paid", "declined", "redirect", "waiting"])
    message = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
