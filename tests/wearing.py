"""Products and what the network found to wear with them."""

from catalog.models import Product
from recommendations import versions
from recommendations.models import Cluster, ClusterNetwork, Membership
from tests.factories import CategoryFactory, ProductFactory

SHELVES = {"top": "Tops", "bottom": "Bottoms", "feet": "Shoes", "bag": "Bags"}


def piece(place: str, name: str, **fields) -> Product:
    return ProductFactory(name=name, category=CategoryFactory(name=SHELVES[place]), **fields)


def stored_look(wardrobe: dict[str, list[Product]]) -> dict[str, list]:
    """A look as it is stored: the first of each place is worn, the others may take its place."""
    return {
        place: [[product.pk, 0.9 - i / 10, "complement_colour"] for i, product in enumerate(products)]
        for place, products in wardrobe.items()
    }


def wear(product: Product, wardrobe: dict[str, list[Product]]) -> ClusterNetwork:
    """Serve a network in which ``product`` is worn with these pieces."""
    network = versions.begin(ClusterNetwork)
    cluster = Cluster.objects.create(network=network, category=product.category, number=0)
    first = [products[0].pk for products in wardrobe.values()]
    Membership.objects.create(
        network=network,
        product=product,
        cluster=cluster,
        similarity=0.9,
        complementary=first,
        complementary_scores=[0.8] * len(first),
        complementary_reasons=["complement_kind"] * len(first),
        look=stored_look(wardrobe),
    )
    versions.activate(network)
    return network
