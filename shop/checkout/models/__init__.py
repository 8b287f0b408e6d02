"""Carts, orders and payments, and what happens to them."""

from shop.checkout.models.cart import Cart, CartLine
from shop.checkout.models.event import OrderEvent
from shop.checkout.models.idempotency import IdempotencyKey
from shop.checkout.models.invoice import Invoice, InvoiceCounter
from shop.checkout.models.order import Order, OrderLine, new_order_number
from shop.checkout.models.outbox import OutboxMessage, WebhookEndpoint
from shop.checkout.models.payment import Payment, ProviderEvent, Refund, RefundLine
from shop.checkout.models.returns import Return, ReturnLine

__all__ = [
    "Cart",
    "CartLine",
    "IdempotencyKey",
    "Invoice",
    "InvoiceCounter",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OutboxMessage",
    "Payment",
    "ProviderEvent",
    "Refund",
    "RefundLine",
    "Return",
    "ReturnLine",
    "WebhookEndpoint",
    "new_order_number",
]
