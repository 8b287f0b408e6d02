"""The shop's article types in the words of the outfits from which it learnt what goes together."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from recommendations.outfits.kinds_together import KindsTogether

_WORDS = {
    "Tshirts": "T-Shirts, Men's T-Shirts",
    "Shirts": "Blouses, Men's Casual Shirts",
    "Tops": "Tops, Tank Tops, Blouses",
    "Tunics": "Tops, Blouses",
    "Camisoles": "Tank Tops",
    "Sweaters": "Sweaters, Cardigans",
    "Sweatshirts": "Sweatshirts, Hoodies",
    "Jeans": "Jeans, Skinny Jeans, Boyfriend Jeans, Straight Leg Jeans, Men's Jeans",
    "Trousers": "Pants, Men's Casual Pants, Capri & Cropped Pants",
    "Capris": "Capri & Cropped Pants",
    "Shorts": "Shorts",
    "Leggings": "Leggings",
    "Track Pants": "Activewear Pants",
    "Skirts": "Skirts, Mini Skirts, Knee Length Skirts, Long Skirts",
    "Dresses": "Dresses, Day Dresses, Cocktail Dresses, Gowns",
    "Jumpsuit": "Rompers",
    "Rompers": "Rompers",
    "Jackets": "Jackets, Men's Jackets",
    "Blazers": "Blazers",
    "Coats": "Coats, Outerwear",
    "Waistcoat": "Vests",
    "Casual Shoes": "Sneakers, Shoes, Loafers & Moccasins, Men's Sneakers",
    "Sports Shoes": "Sneakers, Men's Sneakers",
    "Formal Shoes": "Oxfords, Loafers & Moccasins",
    "Heels": "Pumps",
    "Flats": "Flats",
    "Boots": "Boots, Ankle Booties, Knee High Boots, Over-The-Knee Boots",
    "Sandals": "Sandals",
    "Flip Flops": "Sandals",
    "Socks": "Socks",
    "Stockings": "Tights",
    "Handbags": "Handbags, Shoulder Bags, Tote Bags, Bags",
    "Clutches": "Clutches",
    "Backpacks": "Backpacks",
    "Messenger Bag": "Messenger Bags",
    "Wallets": "Wallets",
    "Belts": "Belts",
    "Caps": "Hats, Men's Hats",
    "Hats": "Hats, Men's Hats",
    "Scarves": "Scarves",
    "Sunglasses": "Sunglasses, Men's Sunglasses",
    "Watches": "Watches, Men's Watches",
    "Gloves": "Gloves",
    "Earrings": "Earrings",
    "Ring": "Rings",
    "Bracelet": "Bracelets & Bangles",
    "Bangle": "Bracelets & Bangles",
    "Pendant": "Necklaces, Charms & Pendants",
    "Necklace and Chains": "Necklaces",
    "Perfume and Body Mist": "Fragrance",
    "Lipstick": "Lipstick",
    "Lip Gloss": "Lip Gloss",
    "Nail Polish": "Nail Polish",
    "Mascara": "Mascara",
}
WORDS_OF_TYPE = {
    name.lower(): frozenset(word.strip() for word in words.split(",")) for name, words in _WORDS.items()
}
# A kind that is twice as likely beside another as by itself is as good as it gets: more would let one kind of shoe push
# out every other.
MOST_LIFT = 2.0


def affinity(known: KindsTogether, kinds: Sequence[str], others: Collection[str]) -> npt.NDArray[np.float64]:
    """How much more often than by chance article types are worn together, 0..1, (kinds, others): ½ is by chance or
    unknown, 1 twice as often or more, 0 half as often or less."""
    lifts = [[known.lift(_words(kind), _words(other)) for other in others] for kind in kinds]
    logs = np.log(np.array(lifts, np.float64).reshape(len(kinds), len(others))) / np.log(MOST_LIFT)
    return np.asarray(np.clip((1 + logs) / 2, 0, 1), np.float64)


def _words(article_type: str) -> frozenset[str]:
    return WORDS_OF_TYPE.get(article_type.strip().lower(), frozenset())
