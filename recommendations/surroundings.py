"""What stands around a product on a page: the served network's neighbours, and what curators say of them.

Both come in one query, for one product or for several: pages are asked for more often than anything else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from catalog.models import Product
from recommendations.curating import COMPLEMENTARY, CURATED, NEVER, RELATED, Curation, curation_of
from recommendations.hydration import Found
from recommendations.looks import Stored
from recommendations.models import CuratedPair, Membership, Version

LISTS = [f"{name}{suffix}" for name in (RELATED, COMPLEMENTARY) for suffix in ("", "_scores", "_reasons")]
LOOK = "look"


@dataclass(frozen=True)
class Surroundings:
    """One product's neighbours, best first, none before it has a place in the network; and the curators' words."""

    curation: Curation
    place: dict[str, Any] | None

    @property
    def look(self) -> Stored:
        """The pieces of the look around it; what curators forbid beside it is still among them."""
        return self.place[LOOK] if self.place else {}

    def found(self, kind: str) -> list[Found]:
        """What curators promote, then what the network found and they leave where it is."""
        promoted = [Found(pk, 1.0, CURATED) for pk in self.curation.places(kind)]
        if self.place is None:
            return promoted
        columns = (self.place[f"{kind}{suffix}"] for suffix in ("", "_scores", "_reasons"))
        return promoted + [
            Found(pk, score, code)
            for pk, score, code in zip(*columns, strict=True)
            if self.curation.leaves(pk)
        ]

    def scored(self, kind: str) -> list[tuple[int, float]]:
        """The same as (id, score), where what is promoted has the score of the network's best."""
        found = self.found(kind)
        best = max((item.score for item in found if item.reason_code != CURATED), default=1.0)
        return [(item.product_id, best if item.reason_code == CURATED else item.score) for item in found]


def surroundings_of(
    product_ids: Collection[int], *, only_said_of: Collection[int] = ()
) -> dict[int, Surroundings]:
    """The surroundings of each of these products. Of ``only_said_of`` the curators' words alone are read."""
    if not product_ids and not only_said_of:
        return {}
    places = Membership.objects.filter(
        product=OuterRef("pk"), product__in=product_ids, network__status=Version.Status.ACTIVE
    ).values(json=JSONObject(**{name: name for name in [*LISTS, LOOK]}))
    rows = Product.objects.filter(pk__in={*product_ids, *only_said_of}).order_by()
    return {
        pk: Surroundings(
            curation_of(pk, [CuratedPair.from_json(words) for words in about]), place[0] if place else None
        )
        for pk, about, place in rows.values_list("pk", _said(), ArraySubquery(places))
    }


@cache
def _said() -> ArraySubquery:
    """What curators say of a product, as a part of a query: many columns, which take long to name each time anew."""
    about = Q(product=OuterRef("pk")) | Q(other=OuterRef("pk"), verb=NEVER)
    return ArraySubquery(CuratedPair.objects.filter(about).as_json())
