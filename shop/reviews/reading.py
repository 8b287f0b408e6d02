"""What pages show of reviews and questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from accounts.shopper import Shopper
from catalog.listing_query import Cursor
from catalog.models import Product
from shop.reviews.models import (
    Answer,
    HelpfulVote,
    Question,
    Review,
    ReviewPhoto,
    StyleSummary,
    style_named,
    style_of,
)
from shop.reviews.rating import STARS, Rating

ON_THE_PRODUCT_PAGE = 3
PER_PAGE = 10
SORTS = ("helpful", "new")


@dataclass(frozen=True)
class ShownReview:
    """A published review with all that a page draws of it. ``is_found_helpful``: by whoever is looking."""

    id: int
    author: str
    stars: int
    title: str
    words: str
    fit: str
    size: str
    colour: str
    helpful: int
    is_found_helpful: bool
    at: datetime
    photos: list[ReviewPhoto]

    @property
    def fit_words(self) -> str:
        return Review.Fit(self.fit).label if self.fit else ""


@dataclass(frozen=True)
class ShownAnswer:
    """A published answer."""

    author: str
    words: str
    is_staff: bool


@dataclass(frozen=True)
class ShownQuestion:
    """A published question with its published answers, the shop's first."""

    id: int
    author: str
    words: str
    at: datetime
    answers: list[ShownAnswer]


@dataclass(frozen=True)
class Voices:
    """What the product page shows of others' opinions."""

    rating: Rating = field(default_factory=Rating)
    reviews: list[ShownReview] = field(default_factory=list)
    questions: list[ShownQuestion] = field(default_factory=list)
    n_questions: int = 0


@dataclass(frozen=True)
class ReviewQuery:
    """Which reviews a shopper wants to read, in which order, and from where on."""

    stars: int = 0
    with_pictures: bool = False
    sort: str = "helpful"
    cursor: Cursor | None = None

    @classmethod
    def parse(cls, data: Mapping[str, str]) -> Self:
        """Read a ``QueryDict``. What makes no sense is left out."""
        stars, sort = data.get("stars", ""), data.get("sort", "")
        return cls(
            stars=int(stars) if stars in {str(n) for n in range(1, STARS + 1)} else 0,
            with_pictures=data.get("pictures", "") == "1",
            sort=sort if sort in SORTS else "helpful",
            cursor=Cursor.decode(data.get("cursor", "")[:400]),
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.stars) or self.with_pictures

    def with_stars(self, stars: int) -> Self:
        return replace(self, stars=0 if stars == self.stars else stars, cursor=None)

    def with_pictures_toggled(self) -> Self:
        return replace(self, with_pictures=not self.with_pictures, cursor=None)

    def sorted_by(self, sort: str) -> Self:
        return replace(self, sort=sort, cursor=None)

    def after(self, review: ShownReview) -> Self:
        value = str(review.helpful) if self.sort == "helpful" else review.at.isoformat()
        return replace(self, cursor=Cursor(value, review.id))

    def query_string(self) -> str:
        """The part of an address after the question mark."""
        pairs: list[tuple[str, str]] = [("stars", str(self.stars))] if self.stars else []
        if self.with_pictures:
            pairs.append(("pictures", "1"))
        if self.sort != "helpful":
            pairs.append(("sort", self.sort))
        if self.cursor:
            pairs.append(("cursor", self.cursor.encode()))
        return urlencode(pairs)


@dataclass(frozen=True)
class ReviewPage:
    """Some reviews, and the query of those that follow, if any."""

    reviews: list[ShownReview]
    following: ReviewQuery | None


def with_voices(products: QuerySet[Product], shopper: Shopper) -> QuerySet[Product]:
    """The products with what ``voices_of`` reads, in the same query: each style's figures, its most helpful reviews and
    its newest questions. For a page of one product: a listing would carry too much."""
    reviews = published_reviews(OuterRef("style")).order_by("-helpful", "-id")[:ON_THE_PRODUCT_PAGE]
    questions = _published_questions(OuterRef("style"))[:ON_THE_PRODUCT_PAGE]
    summary = StyleSummary.objects.filter(style=style_named(outer=True)).values(
        json=JSONObject(
            stars="stars",
            fits="fits",
            n_questions="n_questions",
            reviews=ArraySubquery(reviews.values(json=_review_as_json(shopper))),
            questions=ArraySubquery(questions.values(json=_question_as_json())),
        )
    )
    return products.annotate(voices=Subquery(summary))


def voices_of(product: Product) -> Voices:
    """What others say of a product that was read ``with_voices``."""
    said = product.voices
    if said is None:
        return Voices()
    return Voices(
        Rating(said["stars"], said["fits"]),
        [*map(_review, said["reviews"])],
        [*map(_question, said["questions"])],
        said["n_questions"],
    )


def rating_of(product: Product) -> Rating:
    """The style's figures alone."""
    summary = StyleSummary.objects.filter(style=style_of(product)).first()
    return summary.rating if summary else Rating()


def page_of_reviews(product: Product, query: ReviewQuery, shopper: Shopper) -> ReviewPage:
    """One page of the style's reviews; one query. Deep pages cost what the first one does."""
    rows = published_reviews(style_of(product))
    if query.stars:
        rows = rows.filter(stars=query.stars)
    if query.with_pictures:
        rows = rows.filter(n_photos__gt=0)
    column = "helpful" if query.sort == "helpful" else "published_at"
    value = _sort_value(query)
    if value is not None:
        rows = rows.filter(Q(**{f"{column}__lt": value}) | Q(**{column: value, "pk__lt": query.cursor.pk}))
    rows = rows.order_by(f"-{column}", "-id").values_list(_review_as_json(shopper), flat=True)
    found = [_review(values) for values in rows[: PER_PAGE + 1]]
    shown = found[:PER_PAGE]
    return ReviewPage(shown, query.after(shown[-1]) if len(found) > PER_PAGE else None)


def questions_about(product: Product, most: int = 50) -> list[ShownQuestion]:
    """The newest published questions about the style, with their answers; one query."""
    rows = _published_questions(style_of(product)).values_list(_question_as_json(), flat=True)
    return [_question(values) for values in rows[:most]]


def published_reviews(style: str | OuterRef) -> QuerySet[Review]:
    return Review.objects.order_by().filter(style=style, status=Review.Status.PUBLISHED)


def _published_questions(style: str | OuterRef) -> QuerySet[Question]:
    rows = Question.objects.filter(style=style, status=Question.Status.PUBLISHED)
    return rows.order_by("-published_at", "-id")


def _sort_value(query: ReviewQuery) -> int | datetime | None:
    """Where the page begins, in the column it is sorted by; None at the beginning, and for an invented cursor."""
    if query.cursor is None:
        return None
    try:
        if query.sort == "helpful":
            return min(int(query.cursor.value), 2**31 - 1)
        return datetime.fromisoformat(query.cursor.value)
    except ValueError:
        return None


def _review_as_json(shopper: Shopper) -> JSONObject:
    photos = ReviewPhoto.objects.filter(review=OuterRef("pk"), state=ReviewPhoto.State.READY)
    return JSONObject(
        id="id",
        author="author",
        stars="stars",
        title="title",
        words="words",
        fit="fit",
        size="size",
        colour="product__colour",
        helpful="helpful",
        at="published_at",
        is_found_helpful=_found_helpful_by(shopper),
        photos=ArraySubquery(
            photos.order_by("position", "id").values(
                json=JSONObject(
                    id="id",
                    stem="stem",
                    widths="widths",
                    width="width",
                    height="height",
                    dominant_colour="dominant_colour",
                )
            )
        ),
    )


def _found_helpful_by(shopper: Shopper) -> Combinable:
    if not shopper.is_known:
        return Value(False)
    votes = HelpfulVote.objects.filter(review=OuterRef("pk"))
    if shopper.user_id is not None:
        return Exists(votes.filter(user=shopper.user_id))
    return Exists(votes.filter(visitor=shopper.visitor))


def _question_as_json() -> JSONObject:
    answers = Answer.objects.filter(question=OuterRef("pk"), status=Answer.Status.PUBLISHED)
    return JSONObject(
        id="id",
        author="author",
        words="words",
        at="published_at",
        answers=ArraySubquery(
            answers.order_by("-is_staff", "published_at", "id").values(
                json=JSONObject(author="author", words="words", is_staff="is_staff")
            )
        ),
    )


def _review(values: dict[str, Any]) -> ShownReview:
    photos = [ReviewPhoto(**photo) for photo in values["photos"]]
    return ShownReview(**{**values, "at": datetime.fromisoformat(values["at"]), "photos": photos})


def _question(values: dict[str, Any]) -> ShownQuestion:
    answers = [ShownAnswer(**answer) for answer in values["answers"]]
    return ShownQuestion(**{**values, "at": datetime.fromisoformat(values["at"]), "answers": answers})
