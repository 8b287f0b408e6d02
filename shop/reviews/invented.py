"""What invented shoppers of the demo say about its drawn products, and ask: so that its pages look as they will."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import transaction

from catalog.drawing.demo import DrawnProduct
from catalog.drawing.render import draw_phone_photo
from catalog.models import Product
from catalog.picture_sizes import make_renditions
from catalog.renditions import save_renditions
from shop.reviews.counting import recount
from shop.reviews.models import Answer, Question, Review, ReviewPhoto, style_of
from shop.reviews.rating import FITS
from shop.reviews.writing import count_photos

SHARE = 0.4  # of the styles that have been spoken of
MOST = 9  # reviews of one style
WITH_PHOTOS = 8  # reviews that show a picture
WAITING = 3  # reviews that staff have not read yet
PHOTO_SIZE = (480, 640)  # pixels
LIKES = (
    (0.02, 0.04, 0.12, 0.34, 0.48),
    (0.08, 0.14, 0.3, 0.3, 0.18),
)  # chances of 1 to 5 stars: loved, and less so

SAID: dict[int, Sequence[tuple[str, str]]] = {
    5: (
        ("Better than in the pictures", "The colour is exactly as shown and it feels well made. I would buy it again."),
        ("My new favourite", "I have worn it every week since it came, and it still looks new after many washes."),
        ("Just right", "Simple, well finished, and it goes with almost everything I own."),
        ("Worth it", "I was not sure about the price. I am now: the details are lovely."),
    ),
    4: (
        ("Very nice", "Good quality and a quick delivery. One star less: the parcel was larger than it had to be."),
        ("Happy with it", "Comfortable from the first day. I only wish there were more colours."),
        ("Good everyday piece", "Nothing fancy, and that is what I wanted. It wears well."),
    ),
    3: (
        ("It is all right", "Does what it should. The colour is a little darker than on my screen."),
        ("Nice, with a but", "I like the look. It creases quickly and needs care."),
    ),
    2: (
        ("Not for me", "The cut did not suit me and I sent it back. That went smoothly."),
        ("Expected more", "It looks good, but feels thinner than I had hoped."),
    ),
    1: (("Disappointed", "A seam came loose after a week. The shop took it back without any fuss."),),
}  # fmt: skip
ASKED: Sequence[tuple[str, str]] = (
    ("Can it go into the washing machine?", "Yes: at 30 degrees, inside out, and better not into the dryer."),
    (
        "Does the colour run in the first wash?",
        "A little may. Wash it with similar colours the first two times.",
    ),
    ("Is it warm enough for winter?", "Under a coat, yes. On its own it is made for spring and autumn."),
    ("Will it come in other colours?", ""),
)


def invent_opinions(
    products: Sequence[Product], drawn: dict[str, DrawnProduct], now: datetime, seed: int
) -> int:
    """Let demo shoppers speak of some of these drawn products, which ``drawn`` has by external id.

    The same ``seed`` lets them say the same. Returns how many reviews there are now.
    """
    styles: dict[str, list[Product]] = {}
    for product in products:
        styles.setdefault(style_of(product), []).append(product)
    photographed: list[Review] = []
    reviews: list[Review] = []
    with transaction.atomic():
        for number, (style, colours) in enumerate(sorted(styles.items())):
            rng = np.random.default_rng((seed, number))
            if rng.random() < SHARE:
                said = _reviews_of(style, colours, now, rng)
                reviews += Review.objects.bulk_create(said)
                photographed += [review for review in said if review.stars == max(SAID)][:1]
                _ask(style, colours[0], now, rng)
                recount(style)
        for review in reviews[-WAITING:]:
            review.status, review.published_at = Review.Status.WAITING, None
            review.save()
            recount(review.style)
    for review in photographed[:WITH_PHOTOS]:
        _photograph(review, drawn[review.product.external_id], seed)
    return len(reviews)


def _reviews_of(
    style: str, colours: Sequence[Product], now: datetime, rng: np.random.Generator
) -> list[Review]:
    chances, leaning = LIKES[int(rng.random() < 0.25)], int(rng.integers(len(FITS)))
    n = int(rng.integers(2, MOST + 1))
    order = {stars: rng.permutation(len(texts)) for stars, texts in SAID.items()}
    reviews = []
    for shopper in rng.choice(np.arange(1, 100), size=n, replace=False):
        stars = 1 + int(rng.choice(len(chances), p=chances))
        if not len(order[stars]):
            continue  # nobody says what another has said
        (text, *_), order[stars] = order[stars], order[stars][1:]
        title, words = SAID[stars][int(text)]
        product = colours[int(rng.integers(len(colours)))]
        sizes = [option["size"] for option in product.options if option["size"]]
        fit = FITS[leaning if rng.random() < 0.7 else int(rng.integers(len(FITS)))]
        reviews.append(
            Review(
                product=product,
                style=style,
                author=f"Demo shopper {shopper}",
                stars=stars,
                title=title,
                words=words,
                fit=fit if len(sizes) > 1 else "",
                size=sizes[int(rng.integers(len(sizes)))] if sizes else "",
                helpful=int(rng.integers(0, 12)),
                status=Review.Status.PUBLISHED,
                published_at=now - timedelta(hours=int(rng.integers(24, 24 * 200))),
            )
        )
    return reviews


def _ask(style: str, product: Product, now: datetime, rng: np.random.Generator) -> None:
    words, answer = ASKED[int(rng.integers(len(ASKED)))]
    at = now - timedelta(hours=int(rng.integers(48, 24 * 100)))
    question = Question.objects.create(
        product=product,
        style=style,
        author=f"Demo shopper {int(rng.integers(1, 100))}",
        words=words,
        status=Question.Status.PUBLISHED,
        published_at=at,
    )
    if answer:
        Answer.objects.create(
            question=question,
            author=settings.SHOP_NAME,
            words=answer,
            is_staff=True,
            status=Answer.Status.PUBLISHED,
            published_at=at + timedelta(hours=5),
            mailed_at=at + timedelta(hours=5),
        )


def _photograph(review: Review, drawn: DrawnProduct, seed: int) -> None:
    """Draw the picture that the review's shopper took."""
    photo = ReviewPhoto.objects.create(review=review)
    picture = draw_phone_photo(drawn, *PHOTO_SIZE, seed=seed)
    save_renditions(photo, make_renditions(picture), hashlib.sha256(picture.tobytes()).hexdigest())
    count_photos(review.pk)
