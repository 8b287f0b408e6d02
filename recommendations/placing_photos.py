"""A photographed piece goes through the mapper as a new product would, and nothing of it is stored in the network."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.models import Product
from recommendations.channels import Facts, Guess
from recommendations.mapper import attach
from recommendations.models import ClusterNetwork
from recommendations.network_files import clusters_of
from vision.looking import Look

JUDGES = 7  # nearest products that decide on which shelf, and for whom, a photographed piece is


@dataclass(frozen=True)
class Company:
    """What the nearest products say of a piece; empty where there are none."""

    gender: str = ""
    category_id: int | None = None


def company_of(similar: Sequence[int]) -> Company:
    """For whom, and on which shelf, most of the nearest products are; one query."""
    rows = list(Product.objects.filter(pk__in=similar[:JUDGES]).values_list("gender", "category_id"))
    genders = Counter(gender for gender, _ in rows if gender).most_common(1)
    shelves = Counter(category for _, category in rows).most_common(1)
    return Company(genders[0][0] if genders else "", shelves[0][0] if shelves else None)


def place_photo(
    look: Look, company: Company, network: ClusterNetwork, *, exact: int | None = None
) -> dict[str, Any] | None:
    """The cluster of ``network`` nearest to a piece, with the approximate similarity to its centre and how far off that
    may be (see ``mapper.Attachment``). None where its shelf is in no cluster yet.

    ``exact`` is the product that the piece is, where that is known.
    """
    if company.category_id is None:
        return None
    clusters = clusters_of(network.pk, company.category_id)
    if clusters is None:
        return None
    found = attach(
        clusters,
        look.keypoints.descriptors,
        product_id=exact,
        embedding=look.embedding,
        colour=look.colour_histogram,
        facts=facts_of_photo(look),
        n=1,
    )
    return {
        "category": company.category_id,
        "number": found.cluster,
        "score": round(found.score, 4),
        "error": round(found.error, 4),
    }


def facts_of_photo(look: Look) -> Facts:
    """What was seen, as the network knows it of products. The gender guessed from people's photos is worth little, and
    what a piece costs, or who made it, no photo says."""
    guesses: dict[str, Guess] = {}
    for each in look.labels:
        guesses[each.kind] = {**guesses.get(each.kind, {}), each.label: float(each.probability)}
    families = guesses.get("family", {})
    unknown: list[Guess] = [{}]
    return Facts(
        types=[guesses.get("type", {})],
        genders=unknown,
        occasions=unknown,
        themes=[guesses.get("pattern", {})],
        brands=unknown,
        prices=[0.0],
        models=[""],
        tones=[max(families, key=lambda name: families[name], default="")],
        available=[True],
    )
