"""Addresses of the mails that shoppers asked for: asking, confirming, ending them."""

from django.urls import path

from accounts import alert_views as views

urlpatterns = [
    path("back-in-stock/", views.back_in_stock, name="back_in_stock"),
    path("back-in-stock/<str:secret>/confirm/", views.confirm, name="back_in_stock_confirm"),
    path("back-in-stock/<str:secret>/stop/", views.stop, name="back_in_stock_stop"),
    path("price-drops/<str:token>/stop/", views.stop_price_drops, name="price_drops_stop"),
    path("account/alerts/", views.alerts, name="account_alerts"),
]
