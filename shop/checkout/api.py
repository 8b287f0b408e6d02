"""The shopper's bag, orders and payments over REST."""

import hashlib
import json
from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError
from rest_framework.views import APIView

from accounts.shopper import shopper_of
from catalog.problems import Problem, ProblemSerializer
from recommendations.models import Interaction
from recommendations.recording import record
from shop.checkout import carts, idempotency, payments, returning
from shop.checkout.bags import look_into
from shop.checkout.cart import Seen, read_seen
from shop.checkout.models import Cart, CartLine, Order
from shop.checkout.placing import Busy, Delivery, NotPlaced, place_order
from shop.checkout.serializers import (
    BagLineSerializer,
    BagPageSerializer,
    BagSerializer,
    CodeSerializer,
    DestinationSerializer,
    InvoiceListSerializer,
    NewBagLineSerializer,
    NewOrderSerializer,
    NewPaymentSerializer,
    NewReturnSerializer,
    OrderSerializer,
    PaymentOutcomeSerializer,
    QuantitySerializer,
    ReturnListSerializer,
    ReturnSerializer,
)
from shop.checkout.terms import Destination
from shop.checkout.views.invoices import as_download, invoice_of

_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=True,
    description="Chosen by you, such as a UUID: the same key again never orders or pays twice.",
)
_CONFLICT = OpenApiResponse(ProblemSerializer, "Nothing was changed; `detail` says why and what to do.")


# --- The bag ------------------------------------------------------------------------------------------------------


class CartView(APIView):
    """The bag with its sums."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="cart",
        parameters=[DestinationSerializer],
        responses={200: BagSerializer, 400: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """What it holds and costs at a destination; unless told: the shop's own country."""
        given = DestinationSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        destination = Destination(**{"country": settings.DEFAULT_COUNTRY, **given.validated_data})
        return _bag_response(request, carts.cart_of(shopper_of(request)), destination=destination)


class CartItems(APIView):
    """What is in the bag."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="cart_items_list", responses=BagPageSerializer)
    def get(self, request: Request) -> Response:
        bag = look_into(carts.cart_of(shopper_of(request)))
        lines = BagLineSerializer(bag.lines, many=True, context={"request": request, "bag": bag})
        return Response({"next": None, "previous": None, "results": lines.data})

    @extend_schema(
        operation_id="cart_items_add",
        request=NewBagLineSerializer,
        responses={201: BagSerializer, 400: ProblemSerializer, 409: _CONFLICT},
    )
    def post(self, request: Request) -> Response:
        """Put a piece into the bag, as many as are in stock; ``message`` tells when fewer came."""
        given = NewBagLineSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        variant, quantity = given.validated_data["variant"], given.validated_data["quantity"]
        shopper = shopper_of(request)
        cart = carts.cart_of(shopper, create=True)
        try:
            added = carts.add(cart, variant, quantity)
        except carts.SoldOut as error:
            raise Problem(409, str(error)) from error
        record(shopper, variant.product_id, Interaction.Kind.CART)
        sentence = _("We had only %(n)s more of %(piece)s.") % {"n": added.pieces, "piece": variant}
        message = "" if added.is_all else sentence
        return _bag_response(request, cart, message, status=201)


class CartCode(APIView):
    """The promotion code in the bag."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="cart_code_set",
        request=CodeSerializer,
        responses={200: BagSerializer, 400: ProblemSerializer, 409: _CONFLICT},
    )
    def post(self, request: Request) -> Response:
        """Put a code into the bag; `code_problem` tells why it takes nothing off."""
        given = CodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        cart = carts.cart_of(shopper_of(request), create=True)
        try:
            carts.set_code(cart, given.validated_data["code"], get_client_ip_address(request) or "")
        except carts.WrongCode as error:
            raise Problem(409, str(error)) from error
        return _bag_response(request, cart)

    @extend_schema(operation_id="cart_code_remove", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Take the code out."""
        cart = carts.cart_of(shopper_of(request))
        if cart is not None:
            carts.set_code(cart, "", "")
        return Response(status=204)


class CartItem(APIView):
    """One line of the bag."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="cart_items_change",
        request=QuantitySerializer,
        responses={200: BagSerializer, 400: ProblemSerializer, 404: ProblemSerializer},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Set how many; stock may allow fewer."""
        line = _own_line(request, pk)
        given = QuantitySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data["quantity"]
        now = carts.set_quantity(line, wanted)
        message = "" if now == wanted else _("%(n)s is the most we can put into your bag.") % {"n": now}
        return _bag_response(request, line.cart, message)

    @extend_schema(operation_id="cart_items_remove", responses={204: None, 404: ProblemSerializer})
    def delete(self, request: Request, pk: int) -> Response:
        """Take the line out."""
        line = _own_line(request, pk)
        carts.set_quantity(line, 0)
        _tell_header(request, line.cart)
        return Response(status=204)


def _own_line(request: Request, pk: int) -> CartLine:
    lines = CartLine.objects.select_related("cart", "variant__product")
    return get_object_or_404(lines, cart__user=request.user, is_saved=False, pk=pk)


def _bag_response(
    request: Request,
    cart: Cart | None,
    message: str = "",
    status: int = 200,
    destination: Destination | None = None,
) -> Response:
    bag = look_into(cart, destination)
    _tell_header(request, cart, bag.pieces)
    context = {"request": request, "message": message, "bag": bag}
    return Response(BagSerializer(bag, context=context).data, status=status)


def _tell_header(request: Request, cart: Cart | None, count: int | None = None) -> None:
    """Let the pages of a browser that uses the API with its session show the new count; tokens have no pages."""
    if request.auth is None:
        carts.remember_count(request, cart, count)


# --- Orders -------------------------------------------------------------------------------------------------------


class Orders(ListAPIView):
    """The shopper's orders, newest first."""

    permission_classes = (IsAuthenticated,)
    serializer_class = OrderSerializer

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.filter(user=self.request.user).prefetch_related("lines")

    @extend_schema(
        operation_id="orders_place",
        request=NewOrderSerializer,
        parameters=[_KEY],
        responses={
            201: OpenApiResponse(OrderSerializer, "Placed; it awaits payment."),
            400: ProblemSerializer,
            409: _CONFLICT,
            422: OpenApiResponse(ProblemSerializer, "The key was used for another request."),
        },
    )
    def post(self, request: Request) -> Response:
        """Order what is in the bag. The same key with the same request gets the same answer and orders nothing."""
        given = NewOrderSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = {"email": request.user.email, **given.validated_data}
        seen = _seen(wanted.pop("seen", None))
        shopper = shopper_of(request)
        cart = carts.cart_of(shopper)

        def write() -> tuple[int, Any]:
            order = place_order(cart, shopper, Delivery(**wanted), seen=seen)
            return 201, OrderSerializer(order, context={"request": request}).data

        answer = _once(request, write)
        _tell_header(request, cart)
        headers = {"Location": reverse("api_order", args=[answer.body["number"]])}
        if answer.is_replay:
            headers["Idempotent-Replayed"] = "true"
        return Response(answer.body, status=answer.status_code, headers=headers)


class OrderDetail(APIView):
    """One order of the shopper's own."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="orders_retrieve", responses={200: OrderSerializer, 404: ProblemSerializer})
    def get(self, request: Request, number: str) -> Response:
        return Response(OrderSerializer(_own_order(request, number), context={"request": request}).data)


class OrderPayments(APIView):
    """Attempts to pay an order."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="orders_pay",
        request=NewPaymentSerializer,
        parameters=[_KEY],
        responses={201: PaymentOutcomeSerializer, 404: ProblemSerializer, 409: _CONFLICT},
    )
    def post(self, request: Request, number: str) -> Response:
        """Pay. The same key is the same attempt: it is answered again and asks nobody for money again."""
        order = _own_order(request, number)
        given = NewPaymentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        token = hashlib.sha256(_key_of(request).encode()).hexdigest()[:32]
        try:
            outcome = payments.pay(order, given.validated_data["choice"], token)
        except payments.NotPayable as refusal:
            raise Problem(409, str(refusal)) from refusal
        url = request.build_absolute_uri(outcome.url) if outcome.url else ""
        data = {"state": outcome.state, "message": outcome.message, "url": url}
        return Response(PaymentOutcomeSerializer(data).data, status=201)


class OrderInvoices(APIView):
    """The invoice of an order, and the credit notes that correct it."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="orders_invoices_list", responses={200: InvoiceListSerializer, 404: ProblemSerializer}
    )
    def get(self, request: Request, number: str) -> Response:
        order = _own_order(request, number)
        invoices = list(order.invoices.order_by("issued_at", "pk"))
        for invoice in invoices:
            invoice.order = order
        data = {"next": None, "previous": None, "results": invoices}
        return Response(InvoiceListSerializer(data, context={"request": request}).data)


class OrderInvoice(APIView):
    """One document of an order."""

    permission_classes = (IsAuthenticated,)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Errors are JSON, whatever was asked for; the document is a PDF, whatever was asked for."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="orders_invoices_retrieve",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, 404: ProblemSerializer},
    )
    def get(self, request: Request, number: str, label: str) -> HttpResponse:
        """The document as a PDF."""
        return as_download(invoice_of(_own_order(request, number), label))


class OrderReturns(APIView):
    """What the shopper sends back of an order."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="orders_returns_list", responses={200: ReturnListSerializer, 404: ProblemSerializer}
    )
    def get(self, request: Request, number: str) -> Response:
        order = _own_order(request, number)
        returns = order.returns.prefetch_related("lines")
        data = {
            "next": None,
            "previous": None,
            "results": returns,
            "returnable_until": returning.last_moment(order),
        }
        return Response(ReturnListSerializer(data).data)

    @extend_schema(
        operation_id="orders_returns_ask",
        request=NewReturnSerializer,
        parameters=[_KEY],
        responses={
            201: ReturnSerializer,
            400: ProblemSerializer,
            404: ProblemSerializer,
            409: _CONFLICT,
            422: OpenApiResponse(ProblemSerializer, "The key was used for another request."),
        },
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask to send pieces back. The same key with the same request gets the same answer and asks no second time."""
        order = _own_order(request, number)
        given = NewReturnSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = [returning.Wanted(**line) for line in given.validated_data["lines"]]

        def write() -> tuple[int, Any]:
            asked = returning.ask(order, wanted, given.validated_data["words"], by=request.user)
            return 201, ReturnSerializer(asked).data

        try:
            answer = _once(request, write)
        except returning.NotReturnable as refusal:
            raise Problem(409, str(refusal)) from refusal
        headers = {"Idempotent-Replayed": "true"} if answer.is_replay else {}
        return Response(answer.body, status=answer.status_code, headers=headers)


def _own_order(request: Request, number: str) -> Order:
    return get_object_or_404(Order.objects.prefetch_related("lines"), user=request.user, number=number)


def _seen(text: str | None) -> Seen | None:
    if text is None:
        return None
    try:
        return read_seen(text)
    except ValueError as error:
        raise ValidationError({"seen": ["Give `seen` of the bag as it is."]}) from error


def _key_of(request: Request) -> str:
    """The request's idempotency key.

    Raises:
        ValidationError: without one, and for one that is no short line of plain text.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > idempotency.MAX_KEY_LENGTH or not (key.isascii() and key.isprintable()):
        sentence = (
            f"Send a header Idempotency-Key of 1 to {idempotency.MAX_KEY_LENGTH} characters, such as a UUID."
        )
        raise ValidationError({"Idempotency-Key": [sentence]})
    return key


def _once(request: Request, write: Any) -> idempotency.StoredAnswer:
    """Run ``write`` once for this caller and key, and turn every refusal into a problem."""
    key = _key_of(request)
    body = json.dumps(request.data, sort_keys=True).encode()
    fingerprint = idempotency.fingerprint_of(request.method, request.path, body)
    try:
        return idempotency.answer_once(key, f"user:{request.user.pk}", fingerprint, write)
    except idempotency.StillRunning as error:
        sentence = "The first request with this key is still running. Ask again in a moment."
        raise Problem(409, sentence, {"Retry-After": "1"}) from error
    except idempotency.KeyReused as error:
        raise Problem(422, "This key was used for another request. Choose a new one.") from error
    except Busy as error:
        raise Problem(503, str(error), {"Retry-After": "5"}) from error
    except NotPlaced as error:
        raise Problem(409, str(error)) from error
