"""Addresses of the bag, the checkout and the orders."""

from django.urls import path

from shop.checkout.views import bag, finding, invoices, orders, provider, returns, till

urlpatterns = [
    path("bag/", bag.bag, name="cart"),
    path("bag/add/", bag.add, name="cart_add"),
    path("bag/add-look/", bag.add_look, name="cart_add_look"),
    path("bag/code/", bag.code, name="cart_code"),
    path("bag/undo/", bag.undo, name="cart_undo"),
    path("bag/<int:line_id>/", bag.change_line, name="cart_line"),
    path("checkout/", till.checkout, name="checkout"),
    path("checkout/<slug:number>/pay/", till.payment, name="payment"),
    path("checkout/<slug:number>/bank/<slug:reference>/", till.bank, name="payment_bank"),
    path("checkout/<slug:number>/return/<slug:reference>/", provider.payment_return, name="payment_return"),
    path("payments/<slug:provider>/webhook/", provider.webhook, name="payment_webhook"),
    path("orders/find/", finding.find_order, name="order_find"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("orders/<slug:number>/cancel/", orders.cancel, name="order_cancel"),
    path("orders/<slug:number>/again/", orders.order_again, name="order_again"),
    path("orders/<slug:number>/invoices/<slug:label>/", invoices.invoice, name="order_invoice"),
    path("orders/<slug:number>/return/", returns.ask_return, name="order_return"),
    path("account/orders/", orders.orders, name="orders"),
]
