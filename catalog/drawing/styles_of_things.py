"""The shoes, bags and accessories the drawn brands make."""

# One style is a few full lines; the formatter would give every word a line of its own.
# fmt: off

from catalog.drawing.styles import BASIC, BOTH, BRIGHT, KNIT, LEATHER, MEN, SPORT, UNISEX, WOMEN, Style

THINGS: tuple[Style, ...] = (
    Style(
        "Casual Shoes", "court sneakers", ("Leather",),
        ("White", "Black", "Off White", "Navy Blue", "Green"), (89, 129), {"style": "Court"},
        genders=UNISEX, share=2,
    ),
    Style(
        "Casual Shoes", "canvas sneakers", ("Canvas",),
        ("Navy Blue", "White", "Red", "Black", "Mustard", "Olive"), (49, 69), {"style": "Canvas"},
        genders=UNISEX,
    ),
    Style(
        "Casual Shoes", "high-top sneakers", ("Canvas", "Suede"),
        ("Black", "White", "Red", "Navy Blue", "Rust"), (59, 89), {"style": "High-top"}, genders=UNISEX,
    ),
    Style(
        "Casual Shoes", "slip-ons", ("Canvas", "Suede"), ("Black", "Navy Blue", "Beige", "Olive"), (45, 69),
        {"style": "Slip-on"}, genders=UNISEX,
    ),
    Style(
        "Casual Shoes", "boat shoes", ("Suede", "Leather"), ("Tan", "Brown", "Navy Blue"), (79, 109),
        {"style": "Boat"}, genders=MEN, season="Summer",
    ),
    Style(
        "Formal Shoes", "derby shoes", ("Leather",), ("Black", "Brown", "Tan", "Maroon"), (129, 189),
        {"style": "Derby"}, genders=MEN, usage="Formal",
    ),
    Style(
        "Formal Shoes", "brogues", ("Leather",), ("Brown", "Tan", "Black", "Maroon"), (139, 199),
        {"style": "Brogue"}, genders=MEN, usage="Formal",
    ),
    Style(
        "Formal Shoes", "penny loafers", ("Leather", "Suede"), ("Black", "Brown", "Tan", "Navy Blue"),
        (119, 169), {"style": "Loafer"}, genders=BOTH, usage="Formal",
    ),
    Style(
        "Sports Shoes", "running shoes", ("Mesh",), SPORT, (89, 149), {"style": "Runner"}, genders=UNISEX,
        usage="Sports", share=3,
    ),
    Style(
        "Sports Shoes", "trail shoes", ("Mesh",), ("Olive", "Black", "Orange", "Teal", "Grey"), (109, 149),
        {"style": "Trail"}, genders=UNISEX, usage="Sports",
    ),
    Style(
        "Heels", "pumps", ("Leather", "Suede", "Satin"), ("Black", "Red", "Beige", "Navy Blue", "Pink"),
        (89, 139), {"style": "Stiletto"}, genders=WOMEN, usage="Formal", share=2,
    ),
    Style(
        "Heels", "block heels", ("Leather", "Suede"), ("Black", "Tan", "Maroon", "Rust", "Cream"),
        (89, 129), {"style": "Block"}, genders=WOMEN, usage="Party",
    ),
    Style(
        "Heels", "slingbacks", ("Leather",), ("Cream", "Black", "Pink", "Red"), (95, 129),
        {"style": "Slingback"}, genders=WOMEN, usage="Party",
    ),
    Style(
        "Flats", "ballet flats", ("Leather", "Suede"), ("Black", "Beige", "Red", "Pink", "Navy Blue"),
        (59, 89), {"style": "Ballet"}, genders=WOMEN, share=2,
    ),
    Style(
        "Flats", "pointed flats", ("Suede", "Leather"), ("Black", "Tan", "Green", "Mustard", "Maroon"),
        (69, 99), {"style": "Pointed"}, genders=WOMEN,
    ),
    Style(
        "Boots", "Chelsea boots", ("Leather", "Suede"), ("Black", "Brown", "Tan"), (139, 199),
        {"style": "Chelsea"}, season="Autumn", share=2,
    ),
    Style(
        "Boots", "lace-up boots", ("Leather", "Suede"), ("Black", "Brown", "Tan", "Maroon", "Olive"),
        (149, 209), {"style": "Lace-up"}, season="Winter",
    ),
    Style(
        "Boots", "knee boots", ("Leather", "Suede"), ("Black", "Brown", "Maroon", "Tan"), (179, 259),
        {"style": "Knee"}, genders=WOMEN, season="Winter",
    ),
    Style(
        "Sandals", "strap sandals", ("Leather",), ("Tan", "Black", "Brown", "Cream"), (59, 89),
        {"style": "Strap"}, season="Summer", share=2,
    ),
    Style(
        "Sandals", "slides", ("Leather", "Rubber"), ("Black", "Tan", "White", "Navy Blue"), (39, 69),
        {"style": "Slide"}, season="Summer",
    ),
    Style(
        "Flip Flops", "flip-flops", ("Rubber",), SPORT, (15, 29), {"style": "Classic"}, genders=UNISEX,
        season="Summer", share=2,
    ),
    Style(
        "Handbags", "market tote", ("Leather", "Canvas"), LEATHER, (89, 159), {"style": "Tote"},
        genders=WOMEN, share=2,
    ),
    Style("Handbags", "satchel", ("Leather",), LEATHER, (129, 199), {"style": "Satchel"}, genders=WOMEN),
    Style(
        "Handbags", "bucket bag", ("Leather", "Suede"), LEATHER, (109, 169), {"style": "Bucket"},
        genders=WOMEN,
    ),
    Style(
        "Handbags", "shoulder bag", ("Leather",), LEATHER, (119, 179), {"style": "Shoulder"}, genders=WOMEN,
    ),
    Style(
        "Handbags", "top-handle bag", ("Leather",), LEATHER, (149, 229), {"style": "Top-handle"},
        genders=WOMEN, usage="Formal",
    ),
    Style(
        "Backpacks", "backpack", ("Canvas", "Nylon"),
        ("Navy Blue", "Olive", "Black", "Mustard", "Grey", "Rust"), (59, 99), {"style": "Day"},
        genders=UNISEX, share=2,
    ),
    Style(
        "Backpacks", "roll-top backpack", ("Canvas", "Nylon"), ("Black", "Olive", "Tan", "Teal"), (79, 119),
        {"style": "Roll-top"}, genders=UNISEX,
    ),
    Style(
        "Clutches", "envelope clutch", ("Leather", "Satin", "Suede"),
        ("Black", "Red", "Green", "Cream", "Navy Blue", "Pink"), (49, 89), {"style": "Envelope"},
        genders=WOMEN, usage="Party", share=2,
    ),
    Style(
        "Clutches", "frame clutch", ("Satin", "Leather"), ("Black", "Maroon", "Teal", "Purple"), (59, 99),
        {"style": "Frame"}, genders=WOMEN, usage="Party",
    ),
    Style("Belts", "belt", ("Leather", "Suede"), LEATHER, (35, 65), {"buckle": ("Square", "Round")}, share=2),
    Style(
        "Belts", "webbing belt", ("Canvas",), ("Olive", "Navy Blue", "Tan", "Black"), (25, 39),
        {"buckle": "Square"}, genders=UNISEX,
    ),
    Style(
        "Caps", "baseball cap", ("Twill", "Cotton", "Corduroy"), BASIC, (25, 39), {"style": "Baseball"},
        genders=UNISEX, share=2,
    ),
    Style(
        "Caps", "knitted beanie", ("Rib", "Chunky knit"), KNIT, (25, 39), {"style": "Beanie"},
        genders=UNISEX, season="Winter",
    ),
    Style(
        "Hats", "fedora", ("Felt",), ("Black", "Brown", "Grey", "Tan", "Maroon"), (59, 99),
        {"style": "Fedora"}, genders=UNISEX, season="Autumn",
    ),
    Style(
        "Hats", "straw hat", ("Straw",), ("Beige", "Cream", "Tan"), (39, 69), {"style": "Wide"},
        genders=UNISEX, season="Summer",
    ),
    Style(
        "Hats", "bucket hat", ("Cotton", "Denim"), ("Black", "Beige", "Olive", "Blue", "Pink"), (29, 45),
        {"style": "Bucket"}, genders=UNISEX, season="Summer",
    ),
    Style(
        "Scarves", "scarf", ("Wool", "Lambswool"), KNIT, (45, 79), {"style": "Folded"},
        ("Solid", "Checked:tartan", "Striped:even"), genders=UNISEX, season="Winter", share=2,
    ),
    Style(
        "Scarves", "silk scarf", ("Silk",), ("Red", "Navy Blue", "Green", "Pink", "Mustard"), (55, 89),
        {"style": "Square"}, ("Print:geometric", "Floral:garden", "Dotted:dots"), genders=WOMEN,
    ),
    Style(
        "Ties", "tie", ("Silk",), ("Navy Blue", "Maroon", "Green", "Black", "Purple", "Blue"), (39, 69),
        {"style": "Classic"}, ("Solid", "Dotted:pin", "Striped:even", "Print:geometric"), genders=MEN,
        usage="Formal", share=2,
    ),
    Style(
        "Ties", "knitted tie", ("Merino",), ("Navy Blue", "Brown", "Green", "Rust"), (39, 59),
        {"style": "Square"}, genders=MEN, usage="Smart casual",
    ),
    Style(
        "Sunglasses", "sunglasses", ("Rubber",), ("Black", "Brown", "Tan", "Green", "Red"), (69, 129),
        {"style": ("Square", "Cat-eye")}, genders=UNISEX, season="Summer",
    ),
    Style(
        "Sunglasses", "round sunglasses", ("Rubber",), ("Black", "Brown", "Mustard", "Navy Blue"),
        (69, 119), {"style": "Round"}, genders=UNISEX, season="Summer",
    ),
    Style(
        "Watches", "watch", ("Leather",), ("Black", "Brown", "Tan", "Navy Blue"), (129, 249),
        {"style": "Classic"}, genders=BOTH, share=2,
    ),
    Style(
        "Watches", "diver watch", ("Rubber",), ("Black", "Navy Blue", "Green", "Orange"), (179, 299),
        {"style": "Diver"}, genders=MEN, usage="Sports",
    ),
    Style("Socks", "ribbed socks", ("Rib",), KNIT, (9, 16), {"style": "Crew"}, genders=UNISEX, share=2),
    Style(
        "Socks", "patterned socks", ("Jersey",), BRIGHT, (10, 16), {"style": "Crew"},
        ("Striped:even", "Dotted:pin", "Striped:breton"), genders=UNISEX,
    ),
)
