"""The clothes the drawn brands make."""

# One style is a few full lines; the formatter would give every word a line of its own.
# fmt: off

from catalog.drawing.styles import (
    BASIC,
    BOTH,
    BRIGHT,
    DARK,
    DENIM,
    EARTH,
    KNIT,
    MEN,
    SOFT,
    SPORT,
    UNISEX,
    WOMEN,
    Style,
)

CLOTHES: tuple[Style, ...] = (
    Style(
        "Tshirts", "crew tee", ("Jersey",), BASIC, (25, 39),
        {"neckline": "Crew", "fit": ("Regular", "Slim")}, share=2,
    ),
    Style("Tshirts", "V-neck tee", ("Jersey",), BASIC, (25, 39), {"neckline": "V", "fit": "Slim"}),
    Style(
        "Tshirts", "breton tee", ("Jersey",), ("Off White", "White", "Navy Blue", "Red", "Cream"), (35, 49),
        {"neckline": ("Crew", "Boat"), "sleeve": ("Long", "Three-quarter")}, ("Striped:breton",),
    ),
    Style(
        "Tshirts", "striped tee", ("Jersey",), ("Navy Blue", "Green", "Rust", "Teal", "Mustard"), (29, 45),
        {"neckline": "Crew", "fit": "Relaxed"}, ("Striped:even",),
    ),
    Style(
        "Tshirts", "graphic tee", ("Jersey",), BASIC, (29, 45),
        {"neckline": "Crew", "fit": ("Relaxed", "Regular"), "graphic": ("Sun", "Bars", "Arch", "Stamp")},
        share=2, season="Summer",
    ),
    Style(
        "Tshirts", "pocket tee", ("Jersey", "Linen"), EARTH, (29, 49),
        {"neckline": "Crew", "pocket": "Chest", "fit": "Boxy"}, genders=MEN,
    ),
    Style(
        "Tshirts", "polo shirt", ("Piqué",), BASIC, (45, 69),
        {"collar": "Polo", "fit": ("Regular", "Slim")}, genders=BOTH, usage="Smart casual", season="Summer",
    ),
    Style(
        "Tshirts", "ringer tee", ("Jersey",), ("White", "Cream", "Grey", "Yellow", "Pink"), (29, 39),
        {"neckline": "Crew", "trim": "Ringer"},
    ),
    Style(
        "Tshirts", "henley", ("Jersey", "Rib"), EARTH, (39, 55), {"neckline": "Henley", "sleeve": "Long"},
        genders=MEN,
    ),
    Style(
        "Shirts", "shirt", ("Oxford", "Poplin"), ("White", "Blue", "Pink", "Navy Blue", "Grey", "Black"),
        (59, 89), {"pocket": ("Chest", "None"), "fit": ("Regular", "Slim")}, usage="Formal", genders=MEN,
        share=2,
    ),
    Style(
        "Shirts", "shirt", ("Flannel",), ("Red", "Green", "Navy Blue", "Olive", "Rust", "Charcoal"),
        (65, 85), {"pocket": "Two", "fit": "Relaxed"}, ("Checked:tartan",), season="Winter",
    ),
    Style(
        "Shirts", "shirt", ("Linen",), SOFT, (69, 95), {"collar": ("Band", "Point"), "fit": "Relaxed"},
        season="Summer",
    ),
    Style(
        "Shirts", "camp shirt", ("Viscose",), ("Teal", "Rust", "Navy Blue", "Green", "Cream"), (59, 79),
        {"sleeve": "Short", "collar": "Camp", "fit": "Boxy"},
        ("Print:leaves", "Print:brush", "Print:geometric"), genders=MEN, season="Summer",
    ),
    Style(
        "Shirts", "business shirt", ("Poplin",), ("White", "Blue", "Pink", "Off White"), (69, 99),
        {"fit": "Slim"}, ("Striped:bengal", "Striped:pinstripe", "Checked:gingham"), genders=MEN,
        usage="Formal",
    ),
    Style(
        "Shirts", "shirt", ("Poplin", "Cotton"), ("Blue", "Green", "Red", "Yellow", "Pink"), (55, 75),
        {"fit": "Regular"}, ("Checked:gingham", "Dotted:pin"), genders=WOMEN,
    ),
    Style(
        "Shirts", "shirt", ("Denim",), ("Blue", "Navy Blue", "Black"), (69, 89), {"pocket": "Two"},
        ("Denim",),
    ),
    Style(
        "Tops", "blouse", ("Viscose", "Chiffon"), SOFT, (49, 79),
        {"neckline": ("V", "Crew"), "volume": "Puff"}, genders=WOMEN, usage="Smart casual",
    ),
    Style(
        "Tops", "blouse", ("Viscose",), ("Rust", "Navy Blue", "Cream", "Green", "Maroon", "Pink"), (55, 79),
        {"neckline": "V", "volume": "Puff"}, ("Floral:ditsy", "Floral:garden"), genders=WOMEN,
    ),
    Style(
        "Tops", "bow blouse", ("Silk", "Satin"), ("Cream", "Black", "Maroon", "Teal", "Pink"), (79, 129),
        {"collar": "Bow"}, genders=WOMEN, usage="Formal",
    ),
    Style(
        "Tops", "camisole", ("Satin", "Silk"), ("Pink", "Black", "Cream", "Teal", "Maroon"), (39, 69),
        {"style": "Camisole", "neckline": "V"}, genders=WOMEN, usage="Party",
    ),
    Style(
        "Tops", "tank top", ("Rib", "Jersey"), BASIC, (19, 35), {"style": "Tank", "neckline": "Scoop"},
        genders=WOMEN, season="Summer",
    ),
    Style(
        "Tops", "cropped top", ("Jersey", "Cotton"), SOFT, (25, 39),
        {"neckline": ("Square", "Scoop"), "sleeve": "Elbow", "length": "Cropped"}, genders=WOMEN,
        season="Summer",
    ),
    Style(
        "Sweaters", "sweater", ("Merino",), KNIT, (79, 119), {"neckline": ("Crew", "V"), "fit": "Regular"},
        season="Winter", share=2,
    ),
    Style(
        "Sweaters", "cable sweater", ("Chunky knit",), KNIT, (99, 149),
        {"neckline": ("Crew", "Roll"), "fit": "Relaxed"}, season="Winter",
    ),
    Style(
        "Sweaters", "roll-neck", ("Merino", "Rib"), KNIT, (79, 119), {"neckline": "Roll", "fit": "Slim"},
        season="Winter",
    ),
    Style(
        "Sweaters", "cardigan", ("Lambswool", "Merino"), KNIT, (89, 139), {"style": "Cardigan"},
        season="Autumn",
    ),
    Style(
        "Sweaters", "striped sweater", ("Merino",), ("Navy Blue", "Cream", "Maroon", "Green"), (79, 109),
        {"neckline": "Crew"}, ("Striped:even", "Striped:breton"), season="Winter",
    ),
    Style(
        "Sweatshirts", "hoodie", ("Fleece",), BASIC, (59, 89),
        {"style": "Hoodie", "closure": ("Pullover", "Zip"), "fit": "Relaxed"}, genders=UNISEX, share=2,
    ),
    Style(
        "Sweatshirts", "sweatshirt", ("Fleece",), BASIC, (49, 75),
        {"style": "Crew", "fit": ("Regular", "Relaxed")}, genders=UNISEX,
    ),
    Style(
        "Sweatshirts", "graphic sweatshirt", ("Fleece",), BASIC, (55, 79),
        {"style": "Crew", "graphic": ("Sun", "Bars", "Arch", "Stamp")}, genders=UNISEX,
    ),
    Style(
        "Jackets", "biker jacket", ("Leather",), ("Black", "Brown", "Maroon", "Tan"), (249, 379),
        {"style": "Biker"}, season="Autumn",
    ),
    Style(
        "Jackets", "bomber jacket", ("Nylon", "Suede"), ("Black", "Olive", "Navy Blue", "Maroon", "Tan"),
        (119, 179), {"style": "Bomber"}, season="Spring",
    ),
    Style(
        "Jackets", "trucker jacket", ("Denim",), DENIM, (89, 129), {"style": "Trucker"}, ("Denim",),
        share=2,
    ),
    Style(
        "Jackets", "puffer jacket", ("Down",),
        ("Black", "Navy Blue", "Olive", "Mustard", "Red", "Cream", "Teal"), (149, 229), {"style": "Puffer"},
        season="Winter",
    ),
    Style(
        "Jackets", "field jacket", ("Cotton", "Canvas"), ("Olive", "Tan", "Navy Blue", "Brown"), (119, 169),
        {"style": "Field"}, season="Autumn",
    ),
    Style(
        "Jackets", "rain jacket", ("Nylon",), ("Yellow", "Navy Blue", "Green", "Black", "Red"), (99, 149),
        {"style": "Rain"}, season="Spring", usage="Sports",
    ),
    Style(
        "Blazers", "blazer", ("Linen",), ("Beige", "Navy Blue", "Off White", "Olive", "Blue"), (149, 199),
        {"lapel": "Notch", "buttons": "Single-breasted"}, season="Summer", usage="Smart casual",
    ),
    Style(
        "Blazers", "blazer", ("Wool",), ("Black", "Navy Blue", "Charcoal", "Brown", "Grey"), (189, 279),
        {"lapel": "Notch", "buttons": ("Single-breasted", "Double-breasted")}, usage="Formal", share=2,
    ),
    Style(
        "Blazers", "blazer", ("Tweed", "Wool"), ("Brown", "Grey", "Green", "Tan"), (199, 289),
        {"lapel": "Notch", "buttons": "Single-breasted"}, ("Checked:windowpane", "Checked:tartan"),
        season="Autumn", usage="Smart casual",
    ),
    Style(
        "Blazers", "velvet blazer", ("Suede",), ("Maroon", "Green", "Navy Blue", "Black"), (199, 259),
        {"lapel": "Shawl", "buttons": "Single-breasted"}, usage="Party",
    ),
    Style(
        "Coats", "overcoat", ("Wool",), ("Charcoal", "Navy Blue", "Tan", "Black", "Grey"), (249, 399),
        {"style": "Overcoat"}, season="Winter", usage="Formal",
    ),
    Style(
        "Coats", "trench coat", ("Cotton", "Twill"), ("Beige", "Tan", "Navy Blue", "Olive", "Black"),
        (219, 329), {"style": "Trench"}, season="Spring", usage="Smart casual",
    ),
    Style(
        "Coats", "wrap coat", ("Wool",), ("Tan", "Cream", "Grey", "Black", "Rust"), (259, 389),
        {"style": "Wrap"}, genders=WOMEN, season="Winter",
    ),
    Style(
        "Coats", "parka", ("Canvas", "Nylon"), ("Olive", "Navy Blue", "Black", "Mustard"), (179, 259),
        {"style": "Parka"}, season="Winter",
    ),
    Style(
        "Coats", "checked coat", ("Wool", "Tweed"), ("Brown", "Grey", "Green", "Maroon"), (249, 359),
        {"style": "Overcoat"}, ("Checked:tartan", "Checked:windowpane"), season="Winter",
    ),
    Style(
        "Dresses", "shirt dress", ("Poplin", "Linen"), ("Blue", "White", "Olive", "Tan", "Navy Blue"),
        (79, 119), {"style": "Shirt", "length": "Midi"}, genders=WOMEN, leaf="day-dresses", season="Summer",
    ),
    Style(
        "Dresses", "wrap dress", ("Viscose",), ("Green", "Navy Blue", "Rust", "Maroon", "Teal"), (89, 139),
        {"style": "Wrap", "sleeve": ("Elbow", "Three-quarter"), "length": "Midi"},
        ("Floral:ditsy", "Floral:garden", "Solid", "Print:brush"), genders=WOMEN, leaf="day-dresses",
        share=2,
    ),
    Style(
        "Dresses", "swing dress", ("Cotton", "Viscose"), BRIGHT, (69, 109),
        {"style": "Swing", "sleeve": "Sleeveless", "length": "Knee"},
        ("Solid", "Dotted:dots", "Floral:garden"), genders=WOMEN, leaf="day-dresses", season="Summer",
        share=2,
    ),
    Style(
        "Dresses", "slip dress", ("Satin", "Silk"), ("Black", "Pink", "Green", "Maroon", "Cream", "Teal"),
        (99, 159), {"style": "Slip", "length": "Midi"}, genders=WOMEN, usage="Party",
        leaf="evening-dresses",
    ),
    Style(
        "Dresses", "maxi dress", ("Chiffon", "Viscose"),
        ("Maroon", "Teal", "Mustard", "Navy Blue", "Purple"), (109, 169),
        {"style": "Tiered", "sleeve": ("Sleeveless", "Elbow"), "length": "Maxi"},
        ("Solid", "Floral:garden", "Print:leaves"), genders=WOMEN, leaf="evening-dresses", usage="Party",
    ),
    Style(
        "Dresses", "sheath dress", ("Wool", "Stretch"), DARK, (99, 149),
        {"style": "Sheath", "sleeve": ("Short", "Sleeveless"), "length": "Knee"}, genders=WOMEN,
        leaf="evening-dresses", usage="Formal",
    ),
    Style(
        "Dresses", "knit dress", ("Merino", "Rib"), KNIT, (89, 129),
        {"style": "Sheath", "sleeve": "Long", "length": "Midi"}, genders=WOMEN, leaf="day-dresses",
        season="Winter",
    ),
    Style(
        "Dresses", "T-shirt dress", ("Jersey",), ("Navy Blue", "Olive", "Grey", "White", "Rust"), (49, 69),
        {"style": "Tee", "sleeve": "Short", "length": "Knee"}, ("Solid", "Striped:breton"), genders=WOMEN,
        leaf="day-dresses",
    ),
    Style(
        "Skirts", "A-line skirt", ("Cotton", "Corduroy", "Suede"), EARTH, (49, 79),
        {"style": "A-line", "length": ("Knee", "Mini")}, genders=WOMEN,
    ),
    Style(
        "Skirts", "pleated skirt", ("Satin", "Viscose"),
        ("Green", "Navy Blue", "Cream", "Maroon", "Teal", "Pink"), (69, 99),
        {"style": "Pleated", "length": "Midi"}, genders=WOMEN, usage="Smart casual",
    ),
    Style(
        "Skirts", "pencil skirt", ("Wool", "Stretch"), DARK, (59, 89),
        {"style": "Pencil", "length": "Knee"}, genders=WOMEN, usage="Formal",
    ),
    Style(
        "Skirts", "checked skirt", ("Wool", "Tweed"), ("Brown", "Red", "Green", "Grey"), (65, 95),
        {"style": "A-line", "length": "Mini"}, ("Checked:tartan",), genders=WOMEN, season="Autumn",
    ),
    Style(
        "Skirts", "denim skirt", ("Denim",), DENIM, (49, 69), {"style": "Button", "length": "Knee"},
        ("Denim",), genders=WOMEN,
    ),
    Style(
        "Skirts", "flared skirt", ("Viscose",), ("Navy Blue", "Rust", "Green", "Cream"), (55, 85),
        {"style": "Flared", "length": "Midi"}, ("Floral:ditsy", "Dotted:dots", "Print:geometric"),
        genders=WOMEN, season="Summer",
    ),
    Style("Jeans", "straight jeans", ("Denim",), DENIM, (79, 119), {"fit": "Straight"}, ("Denim",), share=2),
    Style("Jeans", "slim jeans", ("Denim",), DENIM, (79, 119), {"fit": "Slim"}, ("Denim",), share=2),
    Style("Jeans", "wide jeans", ("Denim",), DENIM, (89, 129), {"fit": "Wide"}, ("Denim",), genders=WOMEN),
    Style(
        "Jeans", "flared jeans", ("Denim",), DENIM, (89, 119), {"fit": "Flared"}, ("Denim",), genders=WOMEN,
    ),
    Style(
        "Jeans", "tapered jeans", ("Denim",), DENIM, (79, 119),
        {"fit": "Tapered", "wash": ("Faded", "Raw")}, ("Denim",), genders=MEN,
    ),
    Style(
        "Trousers", "chinos", ("Twill", "Cotton"), EARTH, (59, 89),
        {"style": "Chino", "fit": ("Slim", "Straight")}, usage="Smart casual", share=2,
    ),
    Style(
        "Trousers", "suit trousers", ("Wool",), ("Charcoal", "Navy Blue", "Black", "Grey", "Beige"),
        (99, 149), {"style": "Pleated", "fit": "Tapered"}, usage="Formal",
    ),
    Style(
        "Trousers", "wide trousers", ("Linen", "Viscose"), SOFT, (79, 109),
        {"style": "Pleated", "fit": "Wide"}, genders=WOMEN, season="Summer",
    ),
    Style(
        "Trousers", "corduroy trousers", ("Corduroy",), EARTH, (75, 99),
        {"style": "Chino", "fit": "Straight"}, season="Autumn",
    ),
    Style(
        "Trousers", "joggers", ("Fleece",), BASIC, (49, 69), {"style": "Jogger", "fit": "Tapered"},
        genders=UNISEX, usage="Sports",
    ),
    Style(
        "Trousers", "checked trousers", ("Wool",), ("Grey", "Brown", "Navy Blue", "Charcoal"), (85, 119),
        {"style": "Pleated", "fit": "Tapered"}, ("Checked:windowpane", "Striped:pinstripe"),
        usage="Smart casual",
    ),
    Style(
        "Trousers", "cargo trousers", ("Canvas", "Twill"), ("Olive", "Tan", "Black", "Brown"), (69, 99),
        {"style": "Cargo", "fit": "Straight"}, genders=UNISEX,
    ),
    Style(
        "Shorts", "chino shorts", ("Twill", "Cotton"), EARTH, (39, 59), {"style": "Chino"}, season="Summer",
        share=2,
    ),
    Style("Shorts", "linen shorts", ("Linen",), SOFT, (45, 65), {"style": "Drawstring"}, season="Summer"),
    Style(
        "Shorts", "denim shorts", ("Denim",), DENIM, (45, 59), {"style": "Denim"}, ("Denim",),
        season="Summer",
    ),
    Style(
        "Shorts", "running shorts", ("Nylon",), SPORT, (29, 45), {"style": "Sport"}, usage="Sports",
        season="Summer",
    ),
    Style(
        "Leggings", "leggings", ("Stretch",), ("Black", "Navy Blue", "Charcoal", "Olive", "Maroon", "Teal"),
        (29, 55), {"length": ("Full", "Capri")}, genders=WOMEN, usage="Sports", share=2,
    ),
    Style(
        "Leggings", "ribbed leggings", ("Rib",), ("Black", "Grey", "Brown", "Cream"), (35, 55),
        {"length": "Full"}, genders=WOMEN,
    ),
)
