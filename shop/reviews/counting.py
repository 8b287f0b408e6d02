"""Keeps a style's summary in step with what is published."""

from collections import Counter
from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from shop.reviews.models import Question, Review, StyleSummary, style_named
from shop.reviews.rating import FITS, STARS


def recount(style: str) -> None:
    """Count the published reviews and questions of ``style`` anew.

    Whoever counts at the same time waits here, and then sees what the first one has seen and what it has changed.
    """
    with transaction.atomic():
        StyleSummary.objects.get_or_create(style=style)
        summary = StyleSummary.objects.select_for_update().get(style=style)
        published = Review.objects.order_by().filter(style=style, status=Review.Status.PUBLISHED)
        opinions = list(published.values_list("stars", "fit"))
        stars, fits = Counter(stars for stars, _ in opinions), Counter(fit for _, fit in opinions)
        summary.stars = [stars[number] for number in range(1, STARS + 1)]
        summary.fits = [fits[fit] for fit in FITS]
        summary.n_questions = Question.objects.filter(style=style, status=Question.Status.PUBLISHED).count()
        summary.save()


def follow_styles(product_ids: Collection[int]) -> None:
    """Move what was said of these products to the style that they belong to now.

    A second review of somebody who has spoken of that style already stays where nobody reads it.
    """
    touched: set[str] = set()
    with transaction.atomic():
        for model in (Review, Question):
            strays = (
                model.objects.filter(product__in=list(product_ids))
                .annotate(now=style_named("product__"))
                .exclude(style=F("now"))
            )
            for stray in strays:
                if model is Review and _has_spoken(stray, stray.now):
                    continue
                touched |= {stray.style, stray.now}
                model.objects.filter(pk=stray.pk).update(style=stray.now)
        for style in sorted(touched):
            recount(style)


def _has_spoken(review: Review, style: str) -> bool:
    return review.user_id is not None and Review.objects.filter(user=review.user_id, style=style).exists()
