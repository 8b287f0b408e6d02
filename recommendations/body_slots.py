"""Where on a person each kind of article belongs, which places go together, and for whom.

Two things complete each other only when they are worn in different places, so every article type has one body
slot. The names are those of the drawn catalogue and of the usual retail lists; singular forms and any
capitals are understood.
"""

from collections.abc import Mapping
from types import MappingProxyType

OTHER = "other"  # nothing is known about it: it completes nothing and nothing completes it

_TYPES_BY_SLOT = {
    "top": "Tshirts, Shirts, Tops, Sweaters, Sweatshirts, Tunics, Kurtas, Kurtis, Lounge Tshirts, "
    "Camisoles, Innerwear Vests, Polos, Blouses, Hoodies, Cardigans, Topwear",
    "bottom": "Jeans, Trousers, Shorts, Leggings, Skirts, Track Pants, Capris, Jeggings, Lounge Pants, "
    "Lounge Shorts, Rain Trousers, Churidar, Patiala, Salwar, Salwar and Dupatta, Tights, "
    "Bottomwear",
    "full body": "Dresses, Sarees, Jumpsuit, Rompers, Kurta Sets, Clothing Set, Tracksuits, Lehenga Choli, "
    "Dress, Saree, Apparel Set",
    "outer": "Jackets, Blazers, Coats, Rain Jacket, Nehru Jackets, Waistcoat, Shrug, Outerwear",
    "feet": "Casual Shoes, Formal Shoes, Sports Shoes, Heels, Flats, Boots, Booties, Sandals, Flip "
    "Flops, Sports Sandals, Shoes, Sneakers, Sandal, Footwear",
    "legwear": "Socks, Stockings",
    "bag": "Handbags, Backpacks, Clutches, Laptop Bag, Duffel Bag, Messenger Bag, Rucksacks, Trolley "
    "Bag, Waist Pouch, Bags",
    "pocket": "Wallets, Mobile Pouch, Key chain, Tablet Sleeve, Travel Accessory",
    "waist": "Belts, Suspenders",
    "head": "Caps, Hats, Headband, Hair Accessory, Headwear",
    "neck": "Scarves, Ties, Mufflers, Stoles, Dupatta, Ties and Cufflinks",
    "eyes": "Sunglasses, Eyewear",
    "wrist": "Watches, Wristbands",
    "hands": "Gloves",
    "jewellery": "Earrings, Ring, Bracelet, Bangle, Pendant, Necklace and Chains, Jewellery Set, Cufflinks, "
    "Jewellery",
    "underwear": "Trunk, Briefs, Bra, Shapewear, Innerwear",
    "nightwear": "Night suits, Nightdress, Robe, Baby Dolls, Loungewear/Nightwear",
    "scent": "Perfume and Body Mist, Deodorant, Fragrance Gift Set, Fragrance",
    "face": "Lipstick, Lip Gloss, Lip Liner, Lip Care, Lip Plumper, Kajal and Eyeliner, Eyeshadow, "
    "Mascara, Compact, Concealer, Highlighter and Blush, Foundation and Primer, Beauty "
    "Accessory, Lips, Makeup, Eyes",
    "nails": "Nail Polish, Nail Essentials, Nails",
    "skin": "Face Wash and Cleanser, Face Moisturisers, Eye Cream, Body Lotion, Face Scrub and "
    "Exfoliator, Makeup Remover, Mask and Peel, Sunscreen, Toner, Mens Grooming Kit, Hair "
    "Colour, Skin, Skin Care",
    "shoe care": "Shoe Laces, Shoe Accessories",
    "carried": "Umbrellas, Water Bottle, Basketballs, Footballs",
    OTHER: "Free Gifts, Cushion Covers, Ipad, Free Items",
}

SLOT_OF_TYPE: Mapping[str, str] = MappingProxyType(
    {name.strip().lower(): slot for slot, names in _TYPES_BY_SLOT.items() for name in names.split(",")}
)

# How well a thing in the second slot completes one in the first, 0 to 1. A top asks for something below it
# before it asks for a belt; what is missing here is never offered. The last ones of a list are there for small shelves,
# such as those for girls: a list shall have three slots wherever the shop has them.
GOES_WITH: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "top": {
            "bottom": 1.0,
            "feet": 0.9,
            "outer": 0.8,
            "bag": 0.65,
            "wrist": 0.55,
            "waist": 0.5,
            "eyes": 0.5,
            "head": 0.45,
            "neck": 0.4,
            "jewellery": 0.4,
        },
        "bottom": {
            "top": 1.0,
            "feet": 0.9,
            "outer": 0.8,
            "waist": 0.7,
            "bag": 0.6,
            "legwear": 0.45,
            "wrist": 0.45,
            "eyes": 0.45,
            "head": 0.4,
        },
        "full body": {
            "feet": 1.0,
            "bag": 0.9,
            "outer": 0.75,
            "jewellery": 0.75,
            "eyes": 0.5,
            "wrist": 0.5,
            "neck": 0.45,
            "scent": 0.35,
            "head": 0.35,
            "legwear": 0.3,
            "bottom": 0.2,
        },
        "outer": {
            "top": 1.0,
            "bottom": 0.95,
            "feet": 0.85,
            "full body": 0.7,
            "neck": 0.6,
            "bag": 0.6,
            "head": 0.5,
            "hands": 0.4,
        },
        "feet": {
            "bottom": 1.0,
            "top": 0.85,
            "full body": 0.8,
            "legwear": 0.75,
            "bag": 0.75,
            "waist": 0.55,
            "outer": 0.5,
        },
        "legwear": {"feet": 1.0, "bottom": 0.8, "top": 0.5},
        "bag": {
            "full body": 0.9,
            "top": 0.85,
            "feet": 0.85,
            "pocket": 0.7,
            "outer": 0.6,
            "eyes": 0.6,
            "bottom": 0.6,
            "wrist": 0.5,
            "jewellery": 0.45,
        },
        "pocket": {"bag": 1.0, "waist": 0.9, "wrist": 0.7, "bottom": 0.6, "eyes": 0.5},
        "waist": {"bottom": 1.0, "feet": 0.85, "top": 0.8, "pocket": 0.7, "wrist": 0.5},
        "head": {"top": 1.0, "eyes": 0.85, "feet": 0.75, "bottom": 0.7, "outer": 0.6, "bag": 0.5},
        "neck": {"top": 1.0, "outer": 0.9, "bottom": 0.75, "feet": 0.65, "waist": 0.5, "full body": 0.5},
        "eyes": {
            "top": 1.0,
            "full body": 0.8,
            "bag": 0.75,
            "head": 0.7,
            "wrist": 0.65,
            "bottom": 0.6,
            "feet": 0.55,
        },
        "wrist": {
            "top": 1.0,
            "waist": 0.75,
            "feet": 0.75,
            "bottom": 0.7,
            "pocket": 0.65,
            "eyes": 0.65,
            "full body": 0.6,
        },
        "hands": {"outer": 1.0, "neck": 0.9, "head": 0.85, "bag": 0.5, "top": 0.3, "feet": 0.3},
        "jewellery": {"full body": 1.0, "top": 0.85, "bag": 0.8, "feet": 0.7, "wrist": 0.5, "scent": 0.45},
        "underwear": {"legwear": 1.0, "nightwear": 0.8, "bottom": 0.6, "top": 0.5},
        "nightwear": {"feet": 0.7, "underwear": 0.7, "skin": 0.6, "scent": 0.5},
        "scent": {"full body": 0.8, "jewellery": 0.8, "top": 0.7, "wrist": 0.7, "skin": 0.6},
        "face": {"nails": 1.0, "skin": 0.8, "scent": 0.8, "jewellery": 0.7, "bag": 0.5},
        "nails": {"face": 1.0, "jewellery": 0.8, "scent": 0.7, "bag": 0.5},
        "skin": {"face": 1.0, "scent": 0.85, "nails": 0.6, "wrist": 0.3, "pocket": 0.3},
        "shoe care": {"feet": 1.0, "legwear": 0.8, "bottom": 0.4},
        "carried": {"bag": 1.0, "feet": 0.9, "outer": 0.8, "head": 0.7, "top": 0.5},
    }
)

# What a whole outfit has, in the order in which it is shown.
PLACES = ("top", "bottom", "feet", "bag")

# Whom a thing is for, and for whom its complement may be. What is not known fits everybody.
GENDERS_THAT_FIT = {
    "men": {"men", "unisex", ""},
    "women": {"women", "unisex", ""},
    "unisex": {"men", "women", "unisex", ""},
    "boys": {"boys", ""},
    "girls": {"girls", ""},
}


def slot_of(article_type: str, *shelves: str) -> str:
    """Return the body slot of an article type, or else of the first shelf (category name) that is known."""
    for name in (article_type, *shelves):
        key = name.strip().lower()
        for form in (key, f"{key}s", f"{key}es", key.removesuffix("s"), key.removesuffix("es")):
            if form in SLOT_OF_TYPE:
                return SLOT_OF_TYPE[form]
    return OTHER
