"""The drawn catalogue: invented brands, a category tree, and as many products as anyone asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice

import numpy as np

from catalog.drawing.brands import HOUSES, House, logo_svg
from catalog.drawing.names import description, product_name
from catalog.drawing.palette import COLOURS
from catalog.drawing.styles import EXTRA_SHELVES, SHELVES, TOP_SHELVES, Style
from catalog.drawing.styles_of_clothes import CLOTHES
from catalog.drawing.styles_of_things import THINGS

_SIZES = {
    "letters": ("XS", "S", "M", "L", "XL", "XXL"),
    "waist": ("28", "30", "31", "32", "33", "34", "36", "38"),
    "women": ("36", "37", "38", "39", "40", "41"),
    "men": ("40", "41", "42", "43", "44", "45", "46"),
    "unisex": ("36", "37", "38", "39", "40", "41", "42", "43", "44", "45"),
    "socks": ("36–39", "40–43", "44–46"),
    "belts": ("80", "85", "90", "95", "100"),
    "one": ("",),  # no size to choose: pages call it one size
}


@dataclass(frozen=True)
class DrawnBrand:
    """An invented brand with its logo (SVG in ``currentColor``)."""

    name: str
    slug: str
    story: str
    logo_svg: str


@dataclass(frozen=True)
class DrawnCategory:
    """A shelf; ``parent`` is the slug of the shelf it stands on."""

    slug: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class DrawnProduct:
    """One model in one colour, with everything the shop says about it and everything needed to draw it."""

    external_id: str
    name: str
    description: str
    brand: str
    category: str
    article_type: str
    gender: str
    colour: str
    colour_hex: str
    pattern: str
    fabric: str
    season: str
    usage: str
    style_code: str
    price: Decimal
    was_price: Decimal | None
    sizes: tuple[tuple[str, int], ...]
    attributes: Mapping[str, str]
    views: tuple[str, ...]
    seed: int


def demo_brands() -> list[DrawnBrand]:
    """Return the invented brands."""
    return [DrawnBrand(h.name, h.slug, h.story, logo_svg(h)) for h in HOUSES]


def demo_categories() -> list[DrawnCategory]:
    """Return the shelves, parents before their children."""
    tops = [DrawnCategory(slug, name, None) for slug, name in TOP_SHELVES.items()]
    leaves = [DrawnCategory(slug, name, top) for top, slug, name in (*SHELVES.values(), *EXTRA_SHELVES)]
    return [*tops, *leaves]


def demo_products(n: int = 640, seed: int = 7) -> list[DrawnProduct]:
    """Return ``n`` products: every style once, then again with other cuts, three to five colours per model."""
    return list(islice(_products(seed), n))


@lru_cache(maxsize=1)
def _round() -> tuple[Style, ...]:
    """Return the styles of one round, each as often as its share."""
    return tuple(style for style in (*CLOTHES, *THINGS) for _ in range(style.share))


def _products(seed: int) -> Iterator[DrawnProduct]:
    styles = _round()
    model = 0
    while True:
        order = np.random.default_rng((seed, model)).permutation(len(styles))
        for index in order:
            model += 1
            yield from _colours_of(styles[int(index)], model, np.random.default_rng((seed, model, 1)))


def _pick(options: tuple[str, ...], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _house_for(style: Style, rng: np.random.Generator) -> House:
    shelf = SHELVES[style.article_type][0]
    makers = [house for house in HOUSES if shelf in house.shelves]
    return makers[int(rng.integers(len(makers)))]


def _price(style: Style, house: House, rng: np.random.Generator) -> Decimal:
    low, high = style.price
    euros = max(7, round(float(rng.uniform(low, high)) * house.level))
    cents = "00" if euros >= 60 or rng.random() < 0.5 else "90"
    return Decimal(f"{euros}.{cents}")


def _sizes(style: Style, gender: str, rng: np.random.Generator) -> tuple[tuple[str, int], ...]:
    """Return (size, stock); about one size in seven is sold out, about one product in twenty-five altogether."""
    shelf = SHELVES[style.article_type][0]
    if shelf == "shoes":
        run = _SIZES[gender.lower()]
    elif style.article_type in ("Jeans", "Trousers") and gender == "Men":
        run = _SIZES["waist"]
    elif style.article_type in ("Socks", "Belts"):
        run = _SIZES[style.article_type.lower()]
    elif shelf in ("bags", "accessories"):
        run = _SIZES["one"]
    else:
        run = _SIZES["letters"]
    gone = rng.random() < 0.04
    stock = rng.integers(1, 25, len(run)) * (rng.random(len(run)) > (0.14 if len(run) > 1 else 0.0))
    return tuple((size, 0 if gone else int(left)) for size, left in zip(run, stock, strict=True))


def views_of(article_type: str) -> tuple[str, ...]:
    """Return the pictures a product of the type has, cover first."""
    shelf = SHELVES[article_type][0]
    if shelf == "shoes":
        return ("pair", "detail") if article_type == "Flip Flops" else ("side", "pair", "detail")
    if shelf in ("bags", "accessories") or article_type in ("Leggings",):
        return ("flat", "detail")
    return ("flat", "hanger", "detail")


def _colours_of(style: Style, model: int, rng: np.random.Generator) -> Iterator[DrawnProduct]:
    """Yield one model in its three to five colours."""
    house = _house_for(style, rng)
    gender = _pick(style.genders, rng)
    fabric = _pick(style.fabrics, rng)
    motif = _pick(style.patterns, rng)
    traits = {
        key.capitalize(): value if isinstance(value, str) else _pick(value, rng)
        for key, value in style.traits.items()
    }
    attributes = dict(traits)
    if ":" in motif:
        attributes["Motif"] = motif.split(":")[1]
    name = product_name(style.noun, fabric, motif, traits, rng)
    price = _price(style, house, rng)
    on_sale = rng.random() < 0.14
    colours = rng.permutation(style.colours)[: int(rng.integers(3, 6))]
    code = f"{house.slug[:3].upper()}{model:05d}"
    for number, colour in enumerate(str(c) for c in colours):
        was = None
        if on_sale and rng.random() < 0.8:
            was = (price / (1 - Decimal(int(rng.integers(2, 5))) / 10)).quantize(Decimal("1")) + Decimal(
                "0.00"
            )
        yield DrawnProduct(
            external_id=f"D{model:05d}-{number + 1}",
            name=name,
            description=description(style.noun, fabric, colour, traits, style.usage, rng),
            brand=house.slug,
            category=style.leaf or SHELVES[style.article_type][1],
            article_type=style.article_type,
            gender=gender,
            colour=colour,
            colour_hex=COLOURS[colour],
            pattern=motif.split(":")[0],
            fabric=fabric,
            season=style.season,
            usage=style.usage,
            style_code=code,
            price=price,
            was_price=was,
            sizes=_sizes(style, gender, rng),
            attributes=attributes,
            views=views_of(style.article_type),
            seed=model * 8 + number,
        )
