"""Telling the owner what runs out."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product, StockBefore, Variant

LOW_STOCK = 3  # pieces; of a size that has fewer left, the dashboard and the morning's mail tell


def fell_low_on(day: date) -> list[Variant]:
    """The sizes on sale that fell below ``LOW_STOCK`` on ``day`` and still are, the scarcest first."""
    begin = timezone.make_aware(datetime.combine(day, time.min))
    had_more = (
        StockBefore.objects.filter(pgh_created_at__gte=begin, pgh_created_at__lt=begin + timedelta(days=1))
        .values("pgh_obj")
        .annotate(most=Max("stock"))
        .filter(most__gte=LOW_STOCK)
        .values("pgh_obj")
    )
    low = Variant.objects.filter(pk__in=had_more, stock__lt=LOW_STOCK, product__status=Product.Status.ACTIVE)
    return list(low.select_related("product").order_by(F("stock"), "product__name", "position"))


def mail_low_stock(day: date) -> int:
    """Mail the owner what fell low on ``day``; returns how many sizes. No mail when there is none."""
    variants = fell_low_on(day)
    if variants:
        products = reverse("admin:catalog_product_changelist")
        context = {
            "variants": variants,
            "address": f"{settings.SHOP_URL}{products}?status__exact=active&stock=low",
        }
        EmailMessage(
            subject=f"[{settings.SHOP_NAME}] {len(variants)} size{'' if len(variants) == 1 else 's'} running out",
            body=render_to_string("catalog/mail/low_stock.txt", context),
            to=[settings.SHOP_EMAIL],
        ).send()
    return len(variants)
