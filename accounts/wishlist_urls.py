"""Addresses below /wishlist/."""

from django.urls import path

from accounts import wish_views as views

urlpatterns = [
    path("", views.wishlist, name="wishlist"),
    path("<int:product_id>/", views.toggle_wish, name="wishlist_toggle"),
    path("lists/", views.begin_list, name="wishlist_begin"),
    path("lists/<int:pk>/", views.wishlist, name="wishlist_list"),
    path("lists/<int:pk>/change/", views.change_list, name="wishlist_change"),
    path("lists/<int:pk>/delete/", views.delete_list, name="wishlist_delete"),
    path("lists/<int:pk>/share/", views.share_list, name="wishlist_share"),
    path("pieces/<int:pk>/", views.change_wish, name="wishlist_piece"),
    path("shared/<str:secret>/", views.shared, name="wishlist_shared"),
]
