"""Products of the same shape in another colour, or of the same colour in another shape, as one that the shop sells."""

from dataclasses import dataclass

from catalog.models import Product
from recommendations.hydration import Answer, Found, hydrate
from recommendations.photo_matching import SPARE, SeenPiece, Wish, find_similar
from recommendations.surroundings import surroundings_of
from vision.blend import MatchBy
from vision.labels import shelf_of
from vision.models import ImageAnalysis


@dataclass(frozen=True)
class StatedLabel:
    """What the catalogue itself says of a product counts as seen with certainty."""

    label: str
    kind: str
    probability: float = 1.0


def look_alikes(product: Product, match: MatchBy, n: int = 6) -> list[Answer]:
    """The ``n`` products most like ``product`` by ``match``, from what was seen of its cover; in seven queries.

    Empty until a worker has looked at it. What curators never want beside it is left out.
    """
    cover = product.cover
    analysis = (
        ImageAnalysis.objects.active().filter(image=cover).select_related("model").first() if cover else None
    )
    if analysis is None:
        return []
    stated = [
        StatedLabel(product.article_type, "type"),
        StatedLabel(shelf_of(product.article_type) or "", "category"),
    ]
    piece = SeenPiece(
        embedding=analysis.embedding,
        colour_histogram=analysis.colour_histogram,
        labels=[label for label in stated if label.label],
        known=True,
        exact=product.pk,
    )
    found = find_similar(piece, Wish(match), analysis.model)
    never = surroundings_of((), only_said_of=[product.pk])[product.pk].curation.never
    chosen = [item for item in (*found.same_kind, *found.alike) if item["product"] not in never][: n * SPARE]
    return hydrate([Found(item["product"], item["score"], item["reason"]) for item in chosen])[:n]
