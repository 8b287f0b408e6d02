"""Carts, orders and payments, what happens to them, and the tables that tell what things cost."""

from shop.checkout.models.cart import Cart, CartLine
from shop.checkout.models.event import OrderEvent
from shop.checkout.models.idempotency import IdempotencyKey
from shop.checkout.models.invoice import Invoice, InvoiceCounter
from shop.checkout.models.order import Order, OrderLine, new_order_number
from shop.checkout.models.outbox import OutboxMessage, WebhookEndpoint
from shop.checkout.models.payment import Payment, ProviderEvent, Refund, RefundLine
from shop.checkout.models.promotion import Promotion, PromotionCode, Redemption
from shop.checkout.models.returns import Return, ReturnLine
from shop.checkout.models.shipping import ShippingMethod, ShippingRate, ShippingZone
from shop.checkout.models.tax import TaxRate

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
    "Promotion",
    "PromotionCode",
    "ProviderEvent",
    "Redemption",
    "Refund",
    "RefundLine",
    "Return",
    "ReturnLine",
    "ShippingMethod",
    "ShippingRate",
    "ShippingZone",
    "TaxRate",
    "WebhookEndpoint",
    "new_order_number",
]
