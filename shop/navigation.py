"""The admin's side bar: what there is, in the order of a curator's day. Everybody sees what they may look at."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

# title -> (words, icon of Material Symbols, model)
GROUPS: dict[str, list[tuple[str, str, str]]] = {
    "Sales": [
        ("Orders", "receipt_long", "checkout.Order"),
        ("Returns", "assignment_return", "checkout.Return"),
        ("Invoices", "description", "checkout.Invoice"),
        ("Promotions", "percent_discount", "checkout.Promotion"),
        ("Ways of delivery", "local_shipping", "checkout.ShippingMethod"),
        ("Delivery zones", "public", "checkout.ShippingZone"),
        ("Taxes", "percent", "checkout.TaxRate"),
        ("Messages", "mail", "storefront.ContactMessage"),
        ("Reviews", "reviews", "reviews.Review"),
        ("Questions", "help", "reviews.Question"),
        ("Answers of buyers", "forum", "reviews.Answer"),
        ("Pages", "article", "storefront.PageText"),
        ("Outbox", "outbox", "checkout.OutboxMessage"),
        ("Webhooks", "webhook", "checkout.WebhookEndpoint"),
    ],
    "Catalogue": [
        ("Products", "checkroom", "catalog.Product"),
        ("Stock log", "inventory", "catalog.StockBefore"),
        ("Categories", "account_tree", "catalog.Category"),
        ("Brands", "sell", "catalog.Brand"),
        ("Attributes", "tune", "catalog.Attribute"),
        ("Size guide", "straighten", "sizing.SizeTable"),
        ("Synonyms", "match_word", "catalog.Synonym"),
        ("Searches", "search", "catalog.PopularSearch"),
    ],
    "Recommendations": [
        ("Clusters", "hub", "recommendations.ClusterNetwork"),
        ("Fixed clusters", "tag", "recommendations.FixedClusterCount"),
        ("Curated pairs", "join_inner", "recommendations.CuratedPair"),
        ("Pinned products", "keep", "recommendations.ClusterPin"),
        ("Golden pairs", "verified", "recommendations.GoldenPair"),
        ("Lists", "recommend", "recommendations.RecommendationVersion"),
        ("Outfit rules", "styler", "recommendations.ComplementRule"),
        ("What is shown", "monitoring", "recommendations.RowTally"),
        ("Experiments", "science", "recommendations.Experiment"),
        ("Interactions", "touch_app", "recommendations.Interaction"),
    ],
    "Eyes": [
        ("What was seen", "image_search", "vision.ImageAnalysis"),
        ("Model versions", "visibility", "vision.ModelVersion"),
    ],
    "People": [
        ("Users", "person", "accounts.User"),
        ("Addresses", "home_pin", "accounts.Address"),
        ("Roles", "group", "auth.Group"),
        ("E-mail addresses", "alternate_email", "account.EmailAddress"),
    ],
    "Safety": [
        ("Locked sign-ins", "lock", "axes.AccessAttempt"),
        ("Sign-ins", "login", "axes.AccessLog"),
        ("Failed sign-ins", "gpp_bad", "axes.AccessFailureLog"),
        ("API tokens", "key", "knox.AuthToken"),
    ],
}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups with the items that this member of staff may look at."""
    start = {"title": "Overview", "icon": "dashboard", "link": reverse("admin:index")}
    groups = [{"items": [start]}]
    for title, items in GROUPS.items():
        links = [
            {"title": words, "icon": icon, "link": _list_address(label)}
            for words, icon, label in items
            if _may_see(request, label)
        ]
        if links:
            groups.append({"title": title, "items": links})
    return groups


def _may_see(request: HttpRequest, label: str) -> bool:
    return admin.site.get_model_admin(apps.get_model(label)).has_view_permission(request)


def _list_address(label: str) -> str:
    opts = apps.get_model(label)._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
