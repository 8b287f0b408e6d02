"""The price log as a curator reads it, below a product."""

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.models import PriceChange, Product

NEWEST = 100  # rows on the page


def price_history(product: Product) -> SafeString:
    """A table of what each size has cost since when, the newest first."""
    changes = PriceChange.objects.filter(variant__product=product).select_related("variant")
    rows = [
        (
            f"{timezone.localtime(change.since):%Y-%m-%d %H:%M}",
            change.variant.size or "One size",
            "Not offered" if change.price is None else f"{change.price} {change.currency}",
        )
        for change in changes.order_by("-since", "-id")[:NEWEST]
    ]
    if not rows:
        return SafeString("Nothing yet: the log begins when shoppers see the product.")
    return format_html(
        '<table class="figures"><thead><tr><th>Since</th><th>Size</th><th>Price</th></tr></thead>{}</table>',
        format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows),
    )
