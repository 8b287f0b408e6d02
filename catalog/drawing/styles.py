"""What the drawn shop makes: one style per kind of garment, with the fabrics, colours and cuts it comes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DARK = ("Black", "Navy Blue", "Charcoal", "Maroon", "Green", "Brown", "Teal")
BASIC = (
    "White",
    "Black",
    "Navy Blue",
    "Grey",
    "Off White",
    "Olive",
    "Rust",
    "Red",
    "Teal",
    "Pink",
    "Yellow",
    "Green",
)
SOFT = ("Cream", "Pink", "Off White", "Beige", "Blue", "Mustard", "Purple", "Yellow", "White", "Teal")
EARTH = ("Beige", "Olive", "Tan", "Brown", "Rust", "Charcoal", "Navy Blue", "Cream", "Grey", "Mustard")
BRIGHT = ("Red", "Yellow", "Orange", "Teal", "Pink", "Purple", "Green", "Blue", "Mustard")
KNIT = (
    "Cream",
    "Grey",
    "Navy Blue",
    "Maroon",
    "Olive",
    "Mustard",
    "Rust",
    "Green",
    "Teal",
    "Charcoal",
    "Beige",
    "Pink",
)
DENIM = ("Blue", "Navy Blue", "Black", "Grey", "Off White")
LEATHER = ("Black", "Brown", "Tan", "Maroon", "Navy Blue", "Olive", "Beige", "Rust")
SPORT = (
    "White",
    "Black",
    "Grey",
    "Navy Blue",
    "Red",
    "Blue",
    "Green",
    "Orange",
    "Yellow",
    "Teal",
    "Purple",
    "Pink",
)

BOTH = ("Men", "Women")
WOMEN = ("Women",)
MEN = ("Men",)
UNISEX = ("Unisex",)


@dataclass(frozen=True)
class Style:
    """One kind of garment the drawn brands make.

    ``traits`` are fixed or chosen cuts (a tuple is a choice); ``patterns`` are tile names or "Solid"/"Denim";
    ``price`` is the range in euros; ``share`` how many models are made of it for one round of the catalogue.
    """

    article_type: str
    noun: str
    fabrics: tuple[str, ...]
    colours: tuple[str, ...]
    price: tuple[int, int]
    traits: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    patterns: tuple[str, ...] = ("Solid",)
    genders: tuple[str, ...] = BOTH
    season: str = "All year"
    usage: str = "Casual"
    leaf: str = ""  # a category of its own instead of the type's
    share: int = 1


# article type -> (top category, leaf slug, leaf name)
SHELVES: dict[str, tuple[str, str, str]] = {
    "Tshirts": ("tops", "t-shirts", "T-shirts"),
    "Shirts": ("tops", "shirts", "Shirts"),
    "Tops": ("tops", "blouses", "Blouses and tops"),
    "Sweaters": ("tops", "sweaters", "Sweaters"),
    "Sweatshirts": ("tops", "sweatshirts", "Sweatshirts"),
    "Jeans": ("bottoms", "jeans", "Jeans"),
    "Trousers": ("bottoms", "trousers", "Trousers"),
    "Shorts": ("bottoms", "shorts", "Shorts"),
    "Skirts": ("bottoms", "skirts", "Skirts"),
    "Leggings": ("bottoms", "leggings", "Leggings"),
    "Dresses": ("dresses", "day-dresses", "Day dresses"),
    "Jackets": ("outerwear", "jackets", "Jackets"),
    "Blazers": ("outerwear", "blazers", "Blazers"),
    "Coats": ("outerwear", "coats", "Coats"),
    "Casual Shoes": ("shoes", "casual-shoes", "Sneakers and casual shoes"),
    "Formal Shoes": ("shoes", "formal-shoes", "Formal shoes"),
    "Sports Shoes": ("shoes", "sports-shoes", "Sports shoes"),
    "Heels": ("shoes", "heels", "Heels"),
    "Flats": ("shoes", "flats", "Flats"),
    "Boots": ("shoes", "boots", "Boots"),
    "Sandals": ("shoes", "sandals", "Sandals"),
    "Flip Flops": ("shoes", "flip-flops", "Flip-flops"),
    "Handbags": ("bags", "handbags", "Handbags"),
    "Backpacks": ("bags", "backpacks", "Backpacks"),
    "Clutches": ("bags", "clutches", "Clutches"),
    "Belts": ("accessories", "belts", "Belts"),
    "Caps": ("accessories", "caps", "Caps"),
    "Hats": ("accessories", "hats", "Hats"),
    "Scarves": ("accessories", "scarves", "Scarves"),
    "Ties": ("accessories", "ties", "Ties"),
    "Sunglasses": ("accessories", "sunglasses", "Sunglasses"),
    "Watches": ("accessories", "watches", "Watches"),
    "Socks": ("accessories", "socks", "Socks"),
}
EXTRA_SHELVES = (("dresses", "evening-dresses", "Evening dresses"),)
TOP_SHELVES = {
    "tops": "Tops",
    "bottoms": "Bottoms",
    "dresses": "Dresses",
    "outerwear": "Outerwear",
    "shoes": "Shoes",
    "bags": "Bags",
    "accessories": "Accessories",
}
