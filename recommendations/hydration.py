"""From ids, scores and reasons to answers that a page can draw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from catalog.models import Product
from catalog.querysets import ready_pictures
from recommendations.reasons import sentence, why


@dataclass(frozen=True)
class Found:
    """A product that some recommender chose, before it is looked up. ``because`` is a product id; 0: none."""

    product_id: int
    score: float
    reason_code: str
    because: int = 0


@dataclass(frozen=True)
class Answer:
    """A product with its score in 0..1 and the reason why it is shown, as a code and in words."""

    product: Product
    score: float
    reason_code: str
    reason: str
    because_id: int = 0  # the product that ``reason`` names; 0: none
    why: str = ""  # the reason at length


def hydrate(
    found: Sequence[Found],
    *,
    in_stock_only: bool = True,
    with_sizes: bool = False,
    with_pictures: bool = True,
) -> list[Answer]:
    """Look the products up, in order, with all that their cards draw; two queries however many there are.

    Products that are gone, hidden or (unless told otherwise) sold out are left out. ``with_sizes`` gives each its
    ``options``, to choose from. Without pictures it is one query, and what is shown in the end needs ``give_pictures``.
    """
    wanted = {item.product_id for item in found} | {item.because for item in found if item.because}
    rows = Product.objects.visible().filter(pk__in=wanted).with_card_data()
    if not with_pictures:
        rows = rows.prefetch_related(None)
    products = {product.pk: product for product in (rows.with_sizes() if with_sizes else rows)}
    answers = []
    for item in found:
        product = products.get(item.product_id)
        if product is None or (in_stock_only and not product.in_stock):
            continue
        because = products.get(item.because)
        code = item.reason_code
        if because not in (None, product) and product.style_code and product.style_code == because.style_code:
            code, because = "same_style", None
        answers.append(
            Answer(
                product=product,
                score=round(min(1.0, max(0.0, item.score)), 4),
                reason_code=code,
                reason=sentence(code, because.name if because else ""),
                because_id=item.because if item.because in products else 0,
                why=why(code, because.name if because else ""),
            )
        )
    return answers


def give_pictures(answers: Iterable[Answer]) -> None:
    """Give products that were looked up without them the pictures of their cards, in one query."""
    prefetch_related_objects([answer.product for answer in answers], ready_pictures())


def one_per_style(answers: Iterable[Answer], own_style: str = "") -> list[Answer]:
    """Keep the first colour of each model: six colours of one shirt are one idea.

    Of ``own_style``, the model that the page itself shows, none is kept: its colours are the page's swatches.
    """
    seen = {own_style} - {""}
    kept = []
    for answer in answers:
        style = answer.product.style_code
        if style and style in seen:
            continue
        seen.add(style)
        kept.append(answer)
    return kept
