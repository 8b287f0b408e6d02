"""Addresses below /wishlist/."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.wishlist, name="wishlist"),
    path("<int:product_id>/", views.toggle_wish, name="wishlist_toggle"),
]
