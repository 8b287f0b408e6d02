"""The words the networks speak: article types and their shelves, colours and their families, everyday words for both.

Article types and colours carry the names that retailers' files use ("Tshirts", "Navy Blue"). Each line of a table below
is a key, a colon and what belongs to it.
"""

from collections.abc import Mapping


def _table(text: str) -> Mapping[str, tuple[str, ...]]:
    rows = (line.partition(":") for line in text.strip().splitlines())
    return {key.strip(): tuple(word.strip() for word in words.split(",")) for key, _, words in rows}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHELVES = _table("""
tops: Tshirts, Shirts, Tops, Sweaters, Sweatshirts, Tunics, Kurtas, Kurtis, Camisoles, Shrug, Salwar and Dupatta, Kurta Sets
bottoms: Jeans, Trousers, Shorts, Leggings, Skirts, Track Pants, Capris, Jeggings, Tights, Churidar, Patiala, Salwar, Rain Trousers
dresses: Dresses, Sarees, Jumpsuit, Rompers, Lehenga Choli
outerwear: Jackets, Blazers, Coats, Waistcoat, Rain Jacket, Nehru Jackets, Tracksuits
shoes: Casual Shoes, Formal Shoes, Sports Shoes, Heels, Flats, Boots, Booties, Sandals, Sports Sandals, Flip Flops
bags: Handbags, Backpacks, Clutches, Laptop Bag, Duffel Bag, Messenger Bag, Mobile Pouch, Rucksacks, Trolley Bag, Waist Pouch, Tablet Sleeve, Travel Accessory
accessories: Belts, Caps, Hats, Hat, Scarves, Stoles, Mufflers, Dupatta, Ties, Ties and Cufflinks, Cufflinks, Sunglasses, Watches, Socks, Stockings, Gloves, Wallets, Suspenders, Headband, Wristbands, Umbrellas, Earrings, Ring, Bracelet, Bangle, Pendant, Necklace and Chains, Jewellery Set, Hair Accessory, Key chain
nightwear: Night suits, Nightdress, Lounge Pants, Lounge Shorts, Lounge Tshirts, Robe, Baby Dolls, Trunk, Shapewear
beauty: Deodorant, Perfume and Body Mist, Fragrance Gift Set, Lipstick, Lip Gloss, Lip Liner, Lip Care, Lip Plumper, Nail Polish, Nail Essentials, Kajal and Eyeliner, Eyeshadow, Mascara, Foundation and Primer, Highlighter and Blush, Compact, Concealer, Face Moisturisers, Face Wash and Cleanser, Face Scrub and Exfoliator, Mask and Peel, Sunscreen, Toner, Eye Cream, Body Lotion, Makeup Remover, Hair Colour, Beauty Accessory, Mens Grooming Kit
""")  # noqa: E501 - a table

COLOUR_FAMILIES = _table("""
Black: Black
White: White, Off White, Cream
Grey: Grey, Charcoal, Grey Melange, Silver, Steel, Metallic
Red: Red, Maroon, Burgundy, Rust
Pink: Pink, Peach, Rose, Magenta
Purple: Purple, Lavender, Mauve
Blue: Blue, Navy Blue, Teal, Turquoise Blue
Green: Green, Olive, Sea Green, Lime Green, Fluorescent Green
Yellow: Yellow, Mustard, Gold
Orange: Orange
Brown: Brown, Tan, Coffee Brown, Mushroom Brown, Taupe, Bronze, Copper
Beige: Beige, Khaki, Nude, Skin
Multi: Multi
""")

# What people call things, in folder names and on their phones: one word may stand for several article types.
EVERYDAY_TYPES = _table("""
bag: Handbags, Backpacks, Clutches, Duffel Bag, Laptop Bag, Messenger Bag, Rucksacks
cap: Caps
coat: Coats, Jackets
dress: Dresses
hat: Hats, Caps, Hat
jacket: Jackets, Blazers, Rain Jacket, Nehru Jackets
jeans: Jeans, Jeggings
longsleeve: Tshirts, Tops, Sweatshirts, Sweaters
outwear: Jackets, Coats, Blazers, Sweatshirts, Rain Jacket
outerwear: Jackets, Coats, Blazers, Rain Jacket
pants: Trousers, Jeans, Track Pants, Leggings, Capris, Jeggings, Lounge Pants
shirt: Shirts
shoes: Casual Shoes, Sports Shoes, Formal Shoes, Heels, Flats, Boots, Booties, Sandals, Sports Sandals, Flip Flops
skirt: Skirts
sunglass: Sunglasses
sweater: Sweaters, Sweatshirts
t-shirt: Tshirts
tee: Tshirts
trousers: Trousers, Track Pants
undershirt: Camisoles, Tshirts
""")

GENDER_WORDS = _words("""
    men man mens men's women woman womens women's ladies boy boys boy's girl girls girl's unisex kid kids kid's
    teen teens infant infants baby toddler
""")

# How a label reads on a page where the general rule (lower case, the plural's s dropped) would read wrongly.
DISPLAY_NAMES = {
    "Tshirts": "T-shirt",
    "Lounge Tshirts": "lounge T-shirt",
    "Dresses": "dress",
    "Watches": "watch",
    "Clutches": "clutch",
    "Scarves": "scarf",
    "Sarees": "sari",
    "Necklace and Chains": "necklace",
    "Perfume and Body Mist": "perfume",
    "Night suits": "pyjamas",
    "Face Moisturisers": "face cream",
    "Beauty Accessory": "beauty accessory",
    "Multi": "multi-coloured",
    "Unisex": "unisex",
}
# Things that come in pairs, and words that end in s without being a plural, keep it.
ALWAYS_PLURAL = _words("""
    Jeans Trousers Shorts Leggings Jeggings Tights Capris Pants Shoes Heels Flats Boots Booties Sandals Flops Socks
    Stockings Sunglasses Suspenders Cufflinks Gloves Rompers Lens tops bottoms dresses shoes bags accessories Men
    Women Girls Boys Essentials Dolls
""")
