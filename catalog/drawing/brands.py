"""The invented brands of the drawn shop: what they make, how they sound, how they sign."""

from dataclasses import dataclass

from catalog.drawing.palette import RGB


@dataclass(frozen=True)
class House:
    """One brand: its story, the shelves it fills, its price level, the paper its pictures are taken on, its sign."""

    name: str
    slug: str
    story: str
    shelves: tuple[str, ...]
    level: float
    tone: RGB
    mark: str  # the drawn part of the logo: SVG inside a 0 0 220 60 box
    letters: str  # attributes of the wordmark


_SERIF = "font-family=\"Didot,'Bodoni MT','Noto Serif Display','URW Palladio L',P052,serif\""
_SANS = "font-family=\"Inter,'Helvetica Neue',Helvetica,Arial,sans-serif\""
_LINE = 'fill="none" stroke="currentColor" stroke-width="1.5"'


def _letters(
    face: str, size: float, spacing: float, x: float = 110, anchor: str = "middle", y: float = 38
) -> str:
    return f'x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" letter-spacing="{spacing}" {face}'


# fmt: off
HOUSES: tuple[House, ...] = (
    House(
        "Halden", "halden", "Tailoring from the north: wool, linen and a quiet shoulder.",
        ("outerwear", "tops", "bottoms"), 1.15, (241, 237, 229),
        f'<path d="M20 16v28M32 16v28M20 30h12" {_LINE}/>', _letters(_SERIF, 26, 3, 52, "start"),
    ),
    House(
        "Fjord", "fjord", "Everyday cotton in the colours of cold water and warm stone.",
        ("tops", "bottoms", "accessories"), 0.9, (238, 239, 236),
        f'<path d="M14 40q10 -22 20 0t20 0" {_LINE}/>', _letters(_SANS, 22, 5, 70, "start"),
    ),
    House(
        "Maren", "maren", "Dresses and blouses that move, drawn and cut by the sea.",
        ("dresses", "tops", "bottoms"), 1.0, (244, 238, 231), "", _letters(_SERIF, 30, 7),
    ),
    House(
        "Orso", "orso", "Leather goods made to be carried for twenty years.", ("bags", "accessories", "shoes"),
        1.2, (240, 234, 224),
        f'<circle cx="34" cy="30" r="15" {_LINE}/><circle cx="24" cy="15" r="4" fill="currentColor"/>'
        '<circle cx="44" cy="15" r="4" fill="currentColor"/>',
        _letters(_SERIF, 27, 4, 66, "start"),
    ),
    House(
        "Low & Co", "low-co", "Denim, and what you wear with denim.", ("bottoms", "outerwear", "tops"), 0.95,
        (240, 238, 233), f'<path d="M30 48h160" {_LINE} stroke-dasharray="5 4"/>', _letters(_SANS, 26, 1, y=37),
    ),
    House(
        "Atelier Nine", "atelier-nine", "Small series of evening pieces, numbered by hand.",
        ("dresses", "tops", "shoes", "bags"), 1.35, (239, 235, 232),
        f'<circle cx="30" cy="30" r="17" {_LINE}/>'
        f'<text x="30" y="38" text-anchor="middle" font-size="22" {_SERIF} fill="currentColor">9</text>',
        _letters(_SERIF, 20, 2, 58, "start", 37),
    ),
    House(
        "Kestrel", "kestrel", "Gear for running, rain and the long way home.",
        ("shoes", "bottoms", "outerwear", "bags", "tops"), 1.0, (237, 238, 238),
        '<path d="M12 36l22 -18 14 6 -12 2 8 8 -14 -4z" fill="currentColor"/>',
        _letters(_SANS, 21, 3, 60, "start"),
    ),
    House(
        "Sable & Rye", "sable-rye", "Coats and knitwear for weather worth dressing for.",
        ("outerwear", "tops", "accessories"), 1.2, (241, 235, 226), "", _letters(_SERIF, 25, 1.5),
    ),
    House(
        "Pavé", "pave", "City shoes on sensible soles.", ("shoes", "bags"), 1.1, (242, 238, 234),
        f'<path d="M60 50h100" {_LINE}/>', _letters(_SERIF, 32, 8),
    ),
    House(
        "Tilda", "tilda", "Cheerful prints, honest prices, pockets in everything.",
        ("dresses", "bottoms", "tops", "accessories"), 0.8, (245, 239, 228),
        f'<path d="M80 50q10 -7 20 0t20 0t20 0" {_LINE}/>', _letters(_SANS, 28, 0),
    ),
    House(
        "Corvo", "corvo", "Black first. Then everything else.",
        ("outerwear", "shoes", "bottoms", "tops", "bags"), 1.25, (236, 235, 233),
        '<rect x="14" y="16" width="28" height="28" fill="currentColor"/>', _letters(_SANS, 22, 8, 58, "start"),
    ),
    House(
        "Ember Lane", "ember-lane", "Rust, ochre and brick: a wardrobe with the heating on.",
        ("tops", "dresses", "outerwear", "accessories"), 1.0, (244, 236, 226),
        f'<path d="M34 14c10 10 12 14 8 22a10 10 0 1 1 -18 -4c2 -6 8 -8 10 -18z" {_LINE}/>',
        _letters(_SERIF, 22, 1, 60, "start"),
    ),
    House(
        "Nordhus", "nordhus", "Shirts with the patience of a good carpenter.", ("tops", "bottoms", "outerwear"),
        1.05, (239, 239, 235), f'<path d="M18 44v-16l14 -12 14 12v16z" {_LINE}/>',
        _letters(_SANS, 19, 5, 62, "start"),
    ),
    House(
        "Vela", "vela", "Hats, scarves and glasses for people who sit outside.",
        ("accessories", "bags", "shoes"), 1.0, (241, 239, 232),
        f'<path d="M34 14v30h-20zM38 20v24h14z" {_LINE}/>', _letters(_SERIF, 29, 6, 70, "start", 39),
    ),
    House(
        "Petit Jour", "petit-jour", "Soft things for slow mornings.",
        ("tops", "bottoms", "dresses", "shoes", "accessories"), 0.9, (245, 240, 235),
        f'<path d="M50 47h120M94 47a16 16 0 0 1 32 0" {_LINE}/>', _letters(_SERIF, 24, 2, y=26),
    ),
)

# fmt: on

BY_SLUG: dict[str, House] = {house.slug: house for house in HOUSES}


def logo_svg(house: House) -> str:
    """Return the house's logo as SVG in the colour of the text around it."""
    name = house.name.replace("&", "&amp;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 60" role="img" aria-label="{name}">'
        f'{house.mark}<text {house.letters} fill="currentColor">{name}</text></svg>'
    )
