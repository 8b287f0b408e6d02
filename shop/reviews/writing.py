"""Who may say something of a style, and how it is taken in. What is new or changed waits for staff."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.models import User
from accounts.shopper import Shopper
from catalog.models import Product
from shop.checkout.models import Order, OrderLine
from shop.reviews.counting import recount
from shop.reviews.models import (
    MAX_PHOTOS,
    Answer,
    HelpfulVote,
    Question,
    Review,
    ReviewPhoto,
    style_of,
)

BOUGHT = (Order.Status.PAID, Order.Status.PACKED, Order.Status.SHIPPED, Order.Status.DELIVERED)


class NotABuyer(Exception):
    """Somebody who has not bought the style, and so cannot say what it is like."""


def purchases_of(user: User, product: Product) -> QuerySet[OrderLine]:
    """The paid order lines of ``user`` with the style of ``product``, in whatever colour; newest first."""
    same_style = Q(product__style_code=product.style_code) if product.style_code else Q(product=product)
    lines = OrderLine.objects.filter(same_style, order__user=user, order__status__in=BOUGHT)
    return lines.select_related("product").order_by("-order__created_at", "-id")


def sizes_bought(lines: Collection[OrderLine]) -> list[str]:
    """The sizes among ``lines``, each once."""
    return list(dict.fromkeys(line.size for line in lines if line.size))


def review_of(user: User, product: Product) -> Review | None:
    """What ``user`` has said of the style, if anything."""
    return Review.objects.filter(user=user, style=style_of(product)).first()


def save_review(
    user: User,
    product: Product,
    said: dict[str, Any],
    *,
    photos: Sequence[UploadedFile] = (),
    without: Collection[int] = (),
) -> tuple[Review, bool]:
    """Keep the review that ``user`` wrote, or changed, of the style; it is shown once staff have read it.

    ``said`` has the review's fields, ``without`` the ids of photos that shall go. Photos beyond ``MAX_PHOTOS`` are left
    out; a worker makes the others ready. Returns the review and whether it is new.

    Raises:
        NotABuyer: when no paid order of theirs has the style.
    """
    line = purchases_of(user, product).first()
    if line is None:
        raise NotABuyer
    style = style_of(product)
    with transaction.atomic():
        review, is_new = Review.objects.update_or_create(
            user=user,
            style=style,
            defaults={**said, "product": line.product, "status": Review.Status.WAITING, "refusal": ""},
        )
        for photo in review.photos.filter(pk__in=list(without)):
            photo.delete()
        kept = review.photos.count()
        for position, file in enumerate(photos[: MAX_PHOTOS - kept], start=kept):
            ReviewPhoto.objects.create(review=review, upload=file, position=position)
        count_photos(review.pk)
        if not is_new:
            recount(style)
    return review, is_new


def count_photos(review_id: int) -> None:
    """Note how many photos of a review can be shown."""
    n = ReviewPhoto.objects.filter(review=review_id, state=ReviewPhoto.State.READY).count()
    Review.objects.filter(pk=review_id).update(n_photos=n)


def toggle_helpful(review: Review, shopper: Shopper) -> bool:
    """Note that ``shopper`` found a published review helpful, or take that back; whether they do now.

    ``shopper`` must be known.
    """
    if shopper.user_id is not None:
        who: dict[str, Any] = {"user_id": shopper.user_id}
    else:
        who = {"user_id": None, "visitor": shopper.visitor}
    with transaction.atomic():
        # The review's row is locked first: two taps at once are one after the other.
        locked = Review.objects.select_for_update().get(pk=review.pk)
        taken_back, _ = HelpfulVote.objects.filter(review=locked, **who).delete()
        if not taken_back:
            HelpfulVote.objects.create(review=locked, **who)
        Review.objects.filter(pk=locked.pk).update(helpful=F("helpful") + (-1 if taken_back else 1))
    return not taken_back


def ask(product: Product, words: str, author: str, *, user: User | None = None, email: str = "") -> Question:
    """Keep a question; it is shown once staff have read it."""
    return Question.objects.create(
        product=product,
        style=style_of(product),
        words=words,
        author=author,
        user=user,
        email="" if user else email,
    )


def answer_as_buyer(user: User, question: Question, words: str, author: str) -> Answer:
    """Keep what a buyer answers; it is shown once staff have read it. Who answers again changes what they said.

    Raises:
        NotABuyer: when no paid order of theirs has the style.
    """
    if not purchases_of(user, question.product).exists():
        raise NotABuyer
    answer, _ = Answer.objects.update_or_create(
        question=question,
        user=user,
        is_staff=False,
        defaults={"words": words, "author": author, "status": Answer.Status.WAITING, "refusal": ""},
    )
    return answer
