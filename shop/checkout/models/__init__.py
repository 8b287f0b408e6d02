"""Carts, orders and payments."""

from shop.checkout.models.cart import Cart, CartLine
from shop.checkout.models.idempotency import IdempotencyKey
from shop.checkout.models.order import Order, OrderLine, new_order_number
from shop.checkout.models.payment import Payment

__all__ = ["Cart", "CartLine", "IdempotencyKey", "Order", "OrderLine", "Payment", "new_order_number"]
