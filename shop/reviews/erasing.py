"""What reviewers and askers can have back, and how they are forgotten."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from shop.reviews.models import Answer, HelpfulVote, Question, Review, ReviewPhoto

ERASED = "Erased"


def personal_data(user: User) -> dict[str, Any]:
    """What ``user`` wrote and found helpful, as plain values, for the export."""
    written = ["product__name", "author", "words", "status", "created_at", "published_at"]
    answered = [field.replace("product__", "question__product__") for field in written]
    return {
        "reviews": [
            *Review.objects.filter(user=user)
            .order_by("created_at")
            .values(*written, "stars", "title", "fit", "size", "n_photos")
        ],
        "questions": [*Question.objects.filter(user=user).order_by("created_at").values(*written)],
        "answers": [*Answer.objects.filter(user=user).order_by("created_at").values(*answered)],
        "helpful_reviews": [
            *HelpfulVote.objects.filter(user=user).values(
                "review__title", "review__product__name", "created_at"
            )
        ],
    }


def anonymise(user: User) -> None:
    """Leave what others can read without the person; their pictures, and what nobody could read, go."""
    mine: tuple[QuerySet, ...] = tuple(
        model.objects.filter(user=user) for model in (Review, Question, Answer)
    )
    for photo in ReviewPhoto.objects.filter(review__user=user):
        photo.delete()  # one by one: each takes its files along
    Review.objects.filter(user=user).update(n_photos=0)
    for rows in mine:
        rows.exclude(status="published").delete()
        rows.update(user=None, author=ERASED)
    Question.objects.filter(email__iexact=user.email).update(email="", author=ERASED)
