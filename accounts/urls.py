"""Addresses below /account/ that are not django-allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("addresses/", views.addresses, name="account_addresses"),
    path("addresses/undo/", views.bring_address_back, name="account_address_undo"),
    path("addresses/add/", views.edit_address, name="account_address_add"),
    path("addresses/<int:pk>/", views.edit_address, name="account_address"),
    path("addresses/<int:pk>/delete/", views.delete_address, name="account_address_delete"),
    path("addresses/<int:pk>/default/", views.make_default_address, name="account_address_default"),
    path("privacy/", views.privacy_page, name="account_privacy"),
    path("privacy/consent/", views.consent, name="account_consent"),
    path("privacy/export/", views.export, name="account_export"),
    path("privacy/erase/", views.erase, name="account_erase"),
]
