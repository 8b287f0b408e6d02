"""What the drawn shop makes: one style per kind of garment, with the fabrics, colours and cuts it comes in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DARK = ("Black", "Navy Blue", "Charcoal", "Maroon", "Green", "Brown", "Teal")
BASIC = ("White", "Black", "Navy Blue", "Grey", "Off White", "Olive", "Rust", "Red", "Teal", "Pink", "Yellow", "Green")
SOFT = ("Cream", "Pink", "Off White", "Beige", "Blue", "Mustard", "Purple", "Yellow", "White", "Teal")
EARTH = ("Beige", "Olive", "Tan", "Brown", "Rust", "Charcoal", "Navy Blue", "Cream", "Grey", "Mustard")
BRIGHT = ("Red", "Yellow", "Orange", "Teal", "Pink", "Purple", "Green", "Blue", "Mustard")
KNIT = ("Cream", "Grey", "Navy Blue", "Maroon", "Olive", "Mustard", "Rust", "Green", "Teal", "Charcoal", "Beige", "Pink")
DENIM = ("Blue", "Navy Blue", "Black", "Grey", "Off White")
LEATHER = ("Black", "Brown", "Tan", "Maroon", "Navy Blue", "Olive", "Beige", "Rust")
SPORT = ("White", "Black", "Grey", "Navy Blue", "Red", "Blue", "Green", "Orange", "Yellow", "Teal", "Purple", "Pink")

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


_CLOTHES = (
    Style("Tshirts", "crew tee", ("Jersey",), BASIC, (25, 39), {"neckline": "Crew", "fit": ("Regular", "Slim")}, share=2),
    Style("Tshirts", "V-neck tee", ("Jersey",), BASIC, (25, 39), {"neckline": "V", "fit": "Slim"}),
    Style("Tshirts", "breton tee", ("Jersey",), ("Off White", "White", "Navy Blue", "Red", "Cream"), (35, 49), {"neckline": ("Crew", "Boat"), "sleeve": ("Long", "Three-quarter")}, ("Striped:breton",)),
    Style("Tshirts", "striped tee", ("Jersey",), ("Navy Blue", "Green", "Rust", "Teal", "Mustard"), (29, 45), {"neckline": "Crew", "fit": "Relaxed"}, ("Striped:even",)),
    Style("Tshirts", "graphic tee", ("Jersey",), BASIC, (29, 45), {"neckline": "Crew", "fit": ("Relaxed", "Regular"), "graphic": ("Sun", "Bars", "Arch", "Stamp")}, share=2, season="Summer"),
    Style("Tshirts", "pocket tee", ("Jersey", "Linen"), EARTH, (29, 49), {"neckline": "Crew", "pocket": "Chest", "fit": "Boxy"}, genders=MEN),
    Style("Tshirts", "polo shirt", ("Piqué",), BASIC, (45, 69), {"collar": "Polo", "fit": ("Regular", "Slim")}, genders=BOTH, usage="Smart casual", season="Summer"),
    Style("Tshirts", "ringer tee", ("Jersey",), ("White", "Cream", "Grey", "Yellow", "Pink"), (29, 39), {"neckline": "Crew", "trim": "Ringer"}),
    Style("Tshirts", "henley", ("Jersey", "Rib"), EARTH, (39, 55), {"neckline": "Henley", "sleeve": "Long"}, genders=MEN),
    Style("Shirts", "shirt", ("Oxford", "Poplin"), ("White", "Blue", "Pink", "Navy Blue", "Grey", "Black"), (59, 89), {"pocket": ("Chest", "None"), "fit": ("Regular", "Slim")}, usage="Formal", genders=MEN, share=2),
    Style("Shirts", "shirt", ("Flannel",), ("Red", "Green", "Navy Blue", "Olive", "Rust", "Charcoal"), (65, 85), {"pocket": "Two", "fit": "Relaxed"}, ("Checked:tartan",), season="Winter"),
    Style("Shirts", "shirt", ("Linen",), SOFT, (69, 95), {"collar": ("Band", "Point"), "fit": "Relaxed"}, season="Summer"),
    Style("Shirts", "camp shirt", ("Viscose",), ("Teal", "Rust", "Navy Blue", "Green", "Cream"), (59, 79), {"sleeve": "Short", "collar": "Camp", "fit": "Boxy"}, ("Print:leaves", "Print:brush", "Print:geometric"), genders=MEN, season="Summer"),
    Style("Shirts", "business shirt", ("Poplin",), ("White", "Blue", "Pink", "Off White"), (69, 99), {"fit": "Slim"}, ("Striped:bengal", "Striped:pinstripe", "Checked:gingham"), genders=MEN, usage="Formal"),
    Style("Shirts", "shirt", ("Poplin", "Cotton"), ("Blue", "Green", "Red", "Yellow", "Pink"), (55, 75), {"fit": "Regular"}, ("Checked:gingham", "Dotted:pin"), genders=WOMEN),
    Style("Shirts", "shirt", ("Denim",), ("Blue", "Navy Blue", "Black"), (69, 89), {"pocket": "Two"}, ("Denim",)),
    Style("Tops", "blouse", ("Viscose", "Chiffon"), SOFT, (49, 79), {"neckline": ("V", "Crew"), "volume": "Puff"}, genders=WOMEN, usage="Smart casual"),
    Style("Tops", "blouse", ("Viscose",), ("Rust", "Navy Blue", "Cream", "Green", "Maroon", "Pink"), (55, 79), {"neckline": "V", "volume": "Puff"}, ("Floral:ditsy", "Floral:garden"), genders=WOMEN),
    Style("Tops", "bow blouse", ("Silk", "Satin"), ("Cream", "Black", "Maroon", "Teal", "Pink"), (79, 129), {"collar": "Bow"}, genders=WOMEN, usage="Formal"),
    Style("Tops", "camisole", ("Satin", "Silk"), ("Pink", "Black", "Cream", "Teal", "Maroon"), (39, 69), {"style": "Camisole", "neckline": "V"}, genders=WOMEN, usage="Party"),
    Style("Tops", "tank top", ("Rib", "Jersey"), BASIC, (19, 35), {"style": "Tank", "neckline": "Scoop"}, genders=WOMEN, season="Summer"),
    Style("Tops", "cropped top", ("Jersey", "Cotton"), SOFT, (25, 39), {"neckline": ("Square", "Scoop"), "sleeve": "Elbow", "length": "Cropped"}, genders=WOMEN, season="Summer"),
    Style("Sweaters", "sweater", ("Merino",), KNIT, (79, 119), {"neckline": ("Crew", "V"), "fit": "Regular"}, season="Winter", share=2),
    Style("Sweaters", "cable sweater", ("Chunky knit",), KNIT, (99, 149), {"neckline": ("Crew", "Roll"), "fit": "Relaxed"}, season="Winter"),
    Style("Sweaters", "roll-neck", ("Merino", "Rib"), KNIT, (79, 119), {"neckline": "Roll", "fit": "Slim"}, season="Winter"),
    Style("Sweaters", "cardigan", ("Lambswool", "Merino"), KNIT, (89, 139), {"style": "Cardigan"}, season="Autumn"),
    Style("Sweaters", "striped sweater", ("Merino",), ("Navy Blue", "Cream", "Maroon", "Green"), (79, 109), {"neckline": "Crew"}, ("Striped:even", "Striped:breton"), season="Winter"),
    Style("Sweatshirts", "hoodie", ("Fleece",), BASIC, (59, 89), {"style": "Hoodie", "closure": ("Pullover", "Zip"), "fit": "Relaxed"}, genders=UNISEX, share=2),
    Style("Sweatshirts", "sweatshirt", ("Fleece",), BASIC, (49, 75), {"style": "Crew", "fit": ("Regular", "Relaxed")}, genders=UNISEX),
    Style("Sweatshirts", "graphic sweatshirt", ("Fleece",), BASIC, (55, 79), {"style": "Crew", "graphic": ("Sun", "Bars", "Arch", "Stamp")}, genders=UNISEX),
    Style("Jackets", "biker jacket", ("Leather",), ("Black", "Brown", "Maroon", "Tan"), (249, 379), {"style": "Biker"}, season="Autumn"),
    Style("Jackets", "bomber jacket", ("Nylon", "Suede"), ("Black", "Olive", "Navy Blue", "Maroon", "Tan"), (119, 179), {"style": "Bomber"}, season="Spring"),
    Style("Jackets", "trucker jacket", ("Denim",), DENIM, (89, 129), {"style": "Trucker"}, ("Denim",), share=2),
    Style("Jackets", "puffer jacket", ("Down",), ("Black", "Navy Blue", "Olive", "Mustard", "Red", "Cream", "Teal"), (149, 229), {"style": "Puffer"}, season="Winter"),
    Style("Jackets", "field jacket", ("Cotton", "Canvas"), ("Olive", "Tan", "Navy Blue", "Brown"), (119, 169), {"style": "Field"}, season="Autumn"),
    Style("Jackets", "rain jacket", ("Nylon",), ("Yellow", "Navy Blue", "Green", "Black", "Red"), (99, 149), {"style": "Rain"}, season="Spring", usage="Sports"),
    Style("Blazers", "blazer", ("Linen",), ("Beige", "Navy Blue", "Off White", "Olive", "Blue"), (149, 199), {"lapel": "Notch", "buttons": "Single-breasted"}, season="Summer", usage="Smart casual"),
    Style("Blazers", "blazer", ("Wool",), ("Black", "Navy Blue", "Charcoal", "Brown", "Grey"), (189, 279), {"lapel": "Notch", "buttons": ("Single-breasted", "Double-breasted")}, usage="Formal", share=2),
    Style("Blazers", "blazer", ("Tweed", "Wool"), ("Brown", "Grey", "Green", "Tan"), (199, 289), {"lapel": "Notch", "buttons": "Single-breasted"}, ("Checked:windowpane", "Checked:tartan"), season="Autumn", usage="Smart casual"),
    Style("Blazers", "velvet blazer", ("Suede",), ("Maroon", "Green", "Navy Blue", "Black"), (199, 259), {"lapel": "Shawl", "buttons": "Single-breasted"}, usage="Party"),
    Style("Coats", "overcoat", ("Wool",), ("Charcoal", "Navy Blue", "Tan", "Black", "Grey"), (249, 399), {"style": "Overcoat"}, season="Winter", usage="Formal"),
    Style("Coats", "trench coat", ("Cotton", "Twill"), ("Beige", "Tan", "Navy Blue", "Olive", "Black"), (219, 329), {"style": "Trench"}, season="Spring", usage="Smart casual"),
    Style("Coats", "wrap coat", ("Wool",), ("Tan", "Cream", "Grey", "Black", "Rust"), (259, 389), {"style": "Wrap"}, genders=WOMEN, season="Winter"),
    Style("Coats", "parka", ("Canvas", "Nylon"), ("Olive", "Navy Blue", "Black", "Mustard"), (179, 259), {"style": "Parka"}, season="Winter"),
    Style("Coats", "checked coat", ("Wool", "Tweed"), ("Brown", "Grey", "Green", "Maroon"), (249, 359), {"style": "Overcoat"}, ("Checked:tartan", "Checked:windowpane"), season="Winter"),
    Style("Dresses", "shirt dress", ("Poplin", "Linen"), ("Blue", "White", "Olive", "Tan", "Navy Blue"), (79, 119), {"style": "Shirt", "length": "Midi"}, genders=WOMEN, leaf="day-dresses", season="Summer"),
    Style("Dresses", "wrap dress", ("Viscose",), ("Green", "Navy Blue", "Rust", "Maroon", "Teal"), (89, 139), {"style": "Wrap", "sleeve": ("Elbow", "Three-quarter"), "length": "Midi"}, ("Floral:ditsy", "Floral:garden", "Solid", "Print:brush"), genders=WOMEN, leaf="day-dresses", share=2),
    Style("Dresses", "swing dress", ("Cotton", "Viscose"), BRIGHT, (69, 109), {"style": "Swing", "sleeve": "Sleeveless", "length": "Knee"}, ("Solid", "Dotted:dots", "Floral:garden"), genders=WOMEN, leaf="day-dresses", season="Summer", share=2),
    Style("Dresses", "slip dress", ("Satin", "Silk"), ("Black", "Pink", "Green", "Maroon", "Cream", "Teal"), (99, 159), {"style": "Slip", "length": "Midi"}, genders=WOMEN, usage="Party", leaf="evening-dresses"),
    Style("Dresses", "maxi dress", ("Chiffon", "Viscose"), ("Maroon", "Teal", "Mustard", "Navy Blue", "Purple"), (109, 169), {"style": "Tiered", "sleeve": ("Sleeveless", "Elbow"), "length": "Maxi"}, ("Solid", "Floral:garden", "Print:leaves"), genders=WOMEN, leaf="evening-dresses", usage="Party"),
    Style("Dresses", "sheath dress", ("Wool", "Stretch"), DARK, (99, 149), {"style": "Sheath", "sleeve": ("Short", "Sleeveless"), "length": "Knee"}, genders=WOMEN, leaf="evening-dresses", usage="Formal"),
    Style("Dresses", "knit dress", ("Merino", "Rib"), KNIT, (89, 129), {"style": "Sheath", "sleeve": "Long", "length": "Midi"}, genders=WOMEN, leaf="day-dresses", season="Winter"),
    Style("Dresses", "T-shirt dress", ("Jersey",), ("Navy Blue", "Olive", "Grey", "White", "Rust"), (49, 69), {"style": "Tee", "sleeve": "Short", "length": "Knee"}, ("Solid", "Striped:breton"), genders=WOMEN, leaf="day-dresses"),
    Style("Skirts", "A-line skirt", ("Cotton", "Corduroy", "Suede"), EARTH, (49, 79), {"style": "A-line", "length": ("Knee", "Mini")}, genders=WOMEN),
    Style("Skirts", "pleated skirt", ("Satin", "Viscose"), ("Green", "Navy Blue", "Cream", "Maroon", "Teal", "Pink"), (69, 99), {"style": "Pleated", "length": "Midi"}, genders=WOMEN, usage="Smart casual"),
    Style("Skirts", "pencil skirt", ("Wool", "Stretch"), DARK, (59, 89), {"style": "Pencil", "length": "Knee"}, genders=WOMEN, usage="Formal"),
    Style("Skirts", "checked skirt", ("Wool", "Tweed"), ("Brown", "Red", "Green", "Grey"), (65, 95), {"style": "A-line", "length": "Mini"}, ("Checked:tartan",), genders=WOMEN, season="Autumn"),
    Style("Skirts", "denim skirt", ("Denim",), DENIM, (49, 69), {"style": "Button", "length": "Knee"}, ("Denim",), genders=WOMEN),
    Style("Skirts", "flared skirt", ("Viscose",), ("Navy Blue", "Rust", "Green", "Cream"), (55, 85), {"style": "Flared", "length": "Midi"}, ("Floral:ditsy", "Dotted:dots", "Print:geometric"), genders=WOMEN, season="Summer"),
    Style("Jeans", "straight jeans", ("Denim",), DENIM, (79, 119), {"fit": "Straight"}, ("Denim",), share=2),
    Style("Jeans", "slim jeans", ("Denim",), DENIM, (79, 119), {"fit": "Slim"}, ("Denim",), share=2),
    Style("Jeans", "wide jeans", ("Denim",), DENIM, (89, 129), {"fit": "Wide"}, ("Denim",), genders=WOMEN),
    Style("Jeans", "flared jeans", ("Denim",), DENIM, (89, 119), {"fit": "Flared"}, ("Denim",), genders=WOMEN),
    Style("Jeans", "tapered jeans", ("Denim",), DENIM, (79, 119), {"fit": "Tapered", "wash": ("Faded", "Raw")}, ("Denim",), genders=MEN),
    Style("Trousers", "chinos", ("Twill", "Cotton"), EARTH, (59, 89), {"style": "Chino", "fit": ("Slim", "Straight")}, usage="Smart casual", share=2),
    Style("Trousers", "suit trousers", ("Wool",), ("Charcoal", "Navy Blue", "Black", "Grey", "Beige"), (99, 149), {"style": "Pleated", "fit": "Tapered"}, usage="Formal"),
    Style("Trousers", "wide trousers", ("Linen", "Viscose"), SOFT, (79, 109), {"style": "Pleated", "fit": "Wide"}, genders=WOMEN, season="Summer"),
    Style("Trousers", "corduroy trousers", ("Corduroy",), EARTH, (75, 99), {"style": "Chino", "fit": "Straight"}, season="Autumn"),
    Style("Trousers", "joggers", ("Fleece",), BASIC, (49, 69), {"style": "Jogger", "fit": "Tapered"}, genders=UNISEX, usage="Sports"),
    Style("Trousers", "checked trousers", ("Wool",), ("Grey", "Brown", "Navy Blue", "Charcoal"), (85, 119), {"style": "Pleated", "fit": "Tapered"}, ("Checked:windowpane", "Striped:pinstripe"), usage="Smart casual"),
    Style("Trousers", "cargo trousers", ("Canvas", "Twill"), ("Olive", "Tan", "Black", "Brown"), (69, 99), {"style": "Cargo", "fit": "Straight"}, genders=UNISEX),
    Style("Shorts", "chino shorts", ("Twill", "Cotton"), EARTH, (39, 59), {"style": "Chino"}, season="Summer", share=2),
    Style("Shorts", "linen shorts", ("Linen",), SOFT, (45, 65), {"style": "Drawstring"}, season="Summer"),
    Style("Shorts", "denim shorts", ("Denim",), DENIM, (45, 59), {"style": "Denim"}, ("Denim",), season="Summer"),
    Style("Shorts", "running shorts", ("Nylon",), SPORT, (29, 45), {"style": "Sport"}, usage="Sports", season="Summer"),
    Style("Leggings", "leggings", ("Stretch",), ("Black", "Navy Blue", "Charcoal", "Olive", "Maroon", "Teal"), (29, 55), {"length": ("Full", "Capri")}, genders=WOMEN, usage="Sports", share=2),
    Style("Leggings", "ribbed leggings", ("Rib",), ("Black", "Grey", "Brown", "Cream"), (35, 55), {"length": "Full"}, genders=WOMEN),
)  # fmt: skip

_THINGS = (
    Style("Casual Shoes", "court sneakers", ("Leather",), ("White", "Black", "Off White", "Navy Blue", "Green"), (89, 129), {"style": "Court"}, genders=UNISEX, share=2),
    Style("Casual Shoes", "canvas sneakers", ("Canvas",), ("Navy Blue", "White", "Red", "Black", "Mustard", "Olive"), (49, 69), {"style": "Canvas"}, genders=UNISEX),
    Style("Casual Shoes", "high-top sneakers", ("Canvas", "Suede"), ("Black", "White", "Red", "Navy Blue", "Rust"), (59, 89), {"style": "High-top"}, genders=UNISEX),
    Style("Casual Shoes", "slip-ons", ("Canvas", "Suede"), ("Black", "Navy Blue", "Beige", "Olive"), (45, 69), {"style": "Slip-on"}, genders=UNISEX),
    Style("Casual Shoes", "boat shoes", ("Suede", "Leather"), ("Tan", "Brown", "Navy Blue"), (79, 109), {"style": "Boat"}, genders=MEN, season="Summer"),
    Style("Formal Shoes", "derby shoes", ("Leather",), ("Black", "Brown", "Tan", "Maroon"), (129, 189), {"style": "Derby"}, genders=MEN, usage="Formal"),
    Style("Formal Shoes", "brogues", ("Leather",), ("Brown", "Tan", "Black", "Maroon"), (139, 199), {"style": "Brogue"}, genders=MEN, usage="Formal"),
    Style("Formal Shoes", "penny loafers", ("Leather", "Suede"), ("Black", "Brown", "Tan", "Navy Blue"), (119, 169), {"style": "Loafer"}, genders=BOTH, usage="Formal"),
    Style("Sports Shoes", "running shoes", ("Mesh",), SPORT, (89, 149), {"style": "Runner"}, genders=UNISEX, usage="Sports", share=3),
    Style("Sports Shoes", "trail shoes", ("Mesh",), ("Olive", "Black", "Orange", "Teal", "Grey"), (109, 149), {"style": "Trail"}, genders=UNISEX, usage="Sports"),
    Style("Heels", "pumps", ("Leather", "Suede", "Satin"), ("Black", "Red", "Beige", "Navy Blue", "Pink"), (89, 139), {"style": "Stiletto"}, genders=WOMEN, usage="Formal", share=2),
    Style("Heels", "block heels", ("Leather", "Suede"), ("Black", "Tan", "Maroon", "Rust", "Cream"), (89, 129), {"style": "Block"}, genders=WOMEN, usage="Party"),
    Style("Heels", "slingbacks", ("Leather",), ("Cream", "Black", "Pink", "Red"), (95, 129), {"style": "Slingback"}, genders=WOMEN, usage="Party"),
    Style("Flats", "ballet flats", ("Leather", "Suede"), ("Black", "Beige", "Red", "Pink", "Navy Blue"), (59, 89), {"style": "Ballet"}, genders=WOMEN, share=2),
    Style("Flats", "pointed flats", ("Suede", "Leather"), ("Black", "Tan", "Green", "Mustard", "Maroon"), (69, 99), {"style": "Pointed"}, genders=WOMEN),
    Style("Boots", "Chelsea boots", ("Leather", "Suede"), ("Black", "Brown", "Tan"), (139, 199), {"style": "Chelsea"}, season="Autumn", share=2),
    Style("Boots", "lace-up boots", ("Leather", "Suede"), ("Black", "Brown", "Tan", "Maroon", "Olive"), (149, 209), {"style": "Lace-up"}, season="Winter"),
    Style("Boots", "knee boots", ("Leather", "Suede"), ("Black", "Brown", "Maroon", "Tan"), (179, 259), {"style": "Knee"}, genders=WOMEN, season="Winter"),
    Style("Sandals", "strap sandals", ("Leather",), ("Tan", "Black", "Brown", "Cream"), (59, 89), {"style": "Strap"}, season="Summer", share=2),
    Style("Sandals", "slides", ("Leather", "Rubber"), ("Black", "Tan", "White", "Navy Blue"), (39, 69), {"style": "Slide"}, season="Summer"),
    Style("Flip Flops", "flip-flops", ("Rubber",), SPORT, (15, 29), {"style": "Classic"}, genders=UNISEX, season="Summer", share=2),
    Style("Handbags", "market tote", ("Leather", "Canvas"), LEATHER, (89, 159), {"style": "Tote"}, genders=WOMEN, share=2),
    Style("Handbags", "satchel", ("Leather",), LEATHER, (129, 199), {"style": "Satchel"}, genders=WOMEN),
    Style("Handbags", "bucket bag", ("Leather", "Suede"), LEATHER, (109, 169), {"style": "Bucket"}, genders=WOMEN),
    Style("Handbags", "shoulder bag", ("Leather",), LEATHER, (119, 179), {"style": "Shoulder"}, genders=WOMEN),
    Style("Handbags", "top-handle bag", ("Leather",), LEATHER, (149, 229), {"style": "Top-handle"}, genders=WOMEN, usage="Formal"),
    Style("Backpacks", "backpack", ("Canvas", "Nylon"), ("Navy Blue", "Olive", "Black", "Mustard", "Grey", "Rust"), (59, 99), {"style": "Day"}, genders=UNISEX, share=2),
    Style("Backpacks", "roll-top backpack", ("Canvas", "Nylon"), ("Black", "Olive", "Tan", "Teal"), (79, 119), {"style": "Roll-top"}, genders=UNISEX),
    Style("Clutches", "envelope clutch", ("Leather", "Satin", "Suede"), ("Black", "Red", "Green", "Cream", "Navy Blue", "Pink"), (49, 89), {"style": "Envelope"}, genders=WOMEN, usage="Party", share=2),
    Style("Clutches", "frame clutch", ("Satin", "Leather"), ("Black", "Maroon", "Teal", "Purple"), (59, 99), {"style": "Frame"}, genders=WOMEN, usage="Party"),
    Style("Belts", "belt", ("Leather", "Suede"), LEATHER, (35, 65), {"buckle": ("Square", "Round")}, share=2),
    Style("Belts", "webbing belt", ("Canvas",), ("Olive", "Navy Blue", "Tan", "Black"), (25, 39), {"buckle": "Square"}, genders=UNISEX),
    Style("Caps", "baseball cap", ("Twill", "Cotton", "Corduroy"), BASIC, (25, 39), {"style": "Baseball"}, genders=UNISEX, share=2),
    Style("Caps", "knitted beanie", ("Rib", "Chunky knit"), KNIT, (25, 39), {"style": "Beanie"}, genders=UNISEX, season="Winter"),
    Style("Hats", "fedora", ("Felt",), ("Black", "Brown", "Grey", "Tan", "Maroon"), (59, 99), {"style": "Fedora"}, genders=UNISEX, season="Autumn"),
    Style("Hats", "straw hat", ("Straw",), ("Beige", "Cream", "Tan"), (39, 69), {"style": "Wide"}, genders=UNISEX, season="Summer"),
    Style("Hats", "bucket hat", ("Cotton", "Denim"), ("Black", "Beige", "Olive", "Blue", "Pink"), (29, 45), {"style": "Bucket"}, genders=UNISEX, season="Summer"),
    Style("Scarves", "scarf", ("Wool", "Lambswool"), KNIT, (45, 79), {"style": "Folded"}, ("Solid", "Checked:tartan", "Striped:even"), genders=UNISEX, season="Winter", share=2),
    Style("Scarves", "silk scarf", ("Silk",), ("Red", "Navy Blue", "Green", "Pink", "Mustard"), (55, 89), {"style": "Square"}, ("Print:geometric", "Floral:garden", "Dotted:dots"), genders=WOMEN),
    Style("Ties", "tie", ("Silk",), ("Navy Blue", "Maroon", "Green", "Black", "Purple", "Blue"), (39, 69), {"style": "Classic"}, ("Solid", "Dotted:pin", "Striped:even", "Print:geometric"), genders=MEN, usage="Formal", share=2),
    Style("Ties", "knitted tie", ("Merino",), ("Navy Blue", "Brown", "Green", "Rust"), (39, 59), {"style": "Square"}, genders=MEN, usage="Smart casual"),
    Style("Sunglasses", "sunglasses", ("Rubber",), ("Black", "Brown", "Tan", "Green", "Red"), (69, 129), {"style": ("Square", "Cat-eye")}, genders=UNISEX, season="Summer"),
    Style("Sunglasses", "round sunglasses", ("Rubber",), ("Black", "Brown", "Mustard", "Navy Blue"), (69, 119), {"style": "Round"}, genders=UNISEX, season="Summer"),
    Style("Watches", "watch", ("Leather",), ("Black", "Brown", "Tan", "Navy Blue"), (129, 249), {"style": "Classic"}, genders=BOTH, share=2),
    Style("Watches", "diver watch", ("Rubber",), ("Black", "Navy Blue", "Green", "Orange"), (179, 299), {"style": "Diver"}, genders=MEN, usage="Sports"),
    Style("Socks", "ribbed socks", ("Rib",), KNIT, (9, 16), {"style": "Crew"}, genders=UNISEX, share=2),
    Style("Socks", "patterned socks", ("Jersey",), BRIGHT, (10, 16), {"style": "Crew"}, ("Striped:even", "Dotted:pin", "Striped:breton"), genders=UNISEX),
)  # fmt: skip

STYLES: tuple[Style, ...] = _CLOTHES + _THINGS

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
