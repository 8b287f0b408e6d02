"""What search engines read: schema.org data of a product and of where it stands."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from catalog.models import Product, ProductImage
from shop.reviews.rating import STARS
from shop.reviews.reading import Voices

# Inside <script> only these could end the element or begin a comment.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def as_json_ld(*data: dict[str, Any]) -> SafeString:
    """``data`` as text that may stand inside a ``<script type="application/ld+json">``."""
    text = json.dumps({"@context": "https://schema.org", "@graph": list(data)}, cls=DjangoJSONEncoder)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 the three characters that matter are escaped


def breadcrumb_data(request: HttpRequest, steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A schema.org BreadcrumbList of (name, path) ``steps``."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": request.build_absolute_uri(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def product_data(
    request: HttpRequest, product: Product, images: Iterable[ProductImage], voices: Voices
) -> dict[str, Any]:
    """A schema.org Product with its Offer, rating and reviews, as the page itself shows them."""
    url = request.build_absolute_uri(product.get_absolute_url())
    data: dict[str, Any] = {
        "@type": "Product",
        "name": product.name,
        "description": product.description,
        "url": url,
        "sku": product.external_id or str(product.pk),
        "category": product.category.name,
        "image": [request.build_absolute_uri(image.url) for image in images if image.url],
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": f"{product.price:.2f}",
            "priceCurrency": product.currency,
            "availability": f"https://schema.org/{'InStock' if product.in_stock else 'OutOfStock'}",
            "itemCondition": "https://schema.org/NewCondition",
            "seller": {"@type": "Organization", "name": settings.SHOP_NAME},
        },
    }
    if product.was_price:
        data["offers"]["priceSpecification"] = {
            "@type": "UnitPriceSpecification",
            "priceType": "https://schema.org/StrikethroughPrice",
            "price": f"{product.was_price:.2f}",
            "priceCurrency": product.currency,
        }
    if product.brand:
        data["brand"] = {"@type": "Brand", "name": product.brand.name}
    if product.colour:
        data["color"] = product.colour
    return data | review_data(voices)


def review_data(voices: Voices) -> dict[str, Any]:
    """The schema.org rating of a product and the reviews that its page shows; nothing where there are none."""
    if not voices.rating.n:
        return {}
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": voices.rating.average,
            "reviewCount": voices.rating.n,
            "bestRating": STARS,
        },
        "review": [
            {
                "@type": "Review",
                "name": review.title,
                "reviewBody": review.words,
                "author": {"@type": "Person", "name": review.author},
                "datePublished": review.at.date().isoformat(),
                "reviewRating": {"@type": "Rating", "ratingValue": review.stars, "bestRating": STARS},
            }
            for review in voices.reviews
        ],
    }
