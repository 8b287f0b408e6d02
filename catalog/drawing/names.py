"""Words for the drawn garments: a name a shopper believes, and two or three honest sentences."""

from collections.abc import Mapping

import numpy as np

_MATERIAL = {
    "Jersey": ("cotton", "heavy cotton", "organic cotton", "washed cotton"),
    "Piqué": ("piqué", "cotton piqué"),
    "Poplin": ("poplin", "cotton poplin", "crisp poplin"),
    "Oxford": ("oxford", "washed oxford"),
    "Cotton": ("cotton", "washed cotton", "brushed cotton"),
    "Chunky knit": ("chunky", "hand-framed"),
    "Rib": ("ribbed", "fine-rib"),
    "Fleece": ("loopback", "brushed fleece", "heavyweight"),
    "Stretch": ("stretch", "smoothing"),
    "Down": ("quilted", "down"),
    "Mesh": ("mesh", "light", "cushioned"),
    "Rubber": ("",),
    "Metal": ("steel",),
    "Denim": ("rigid", "washed", "selvedge", "everyday"),
    "Straw": ("woven",),
    "Felt": ("felt",),
    "Wool": ("wool", "felted wool", "virgin wool"),
    "Silk": ("silk", "washed silk"),
    "Leather": ("leather", "grained leather", "soft leather"),
}

_HAND = {
    "Jersey": "Knitted from long-staple cotton with a dry, steady hand.",
    "Piqué": "The honeycomb knit keeps its shape and lets the air through.",
    "Poplin": "Closely woven poplin that irons in a minute and stays crisp.",
    "Oxford": "A sturdy basket weave that gets better with every wash.",
    "Cotton": "Washed once before it leaves us, so it fits you from the first day.",
    "Linen": "European linen that creases gracefully and cools on warm days.",
    "Flannel": "Brushed on both sides until it is as soft as an old favourite.",
    "Denim": "Twelve-ounce denim with a little give, sewn with copper thread.",
    "Twill": "A dense twill with enough weight to hang well.",
    "Corduroy": "Even wales with a soft sheen that deepens where you touch them.",
    "Wool": "Full-bodied wool from a mill that does little else.",
    "Tweed": "Yarn-dyed tweed with flecks you only see up close.",
    "Merino": "Fine merino that is warm in the morning and never too warm at noon.",
    "Lambswool": "Soft lambswool, washed to take the itch out.",
    "Chunky knit": "Knitted slowly from thick yarn; the cables are real.",
    "Rib": "A springy rib that holds close and lets go easily.",
    "Fleece": "Loopback fleece with a smooth face and a warm inside.",
    "Silk": "Washed silk with a low gleam and a weightless fall.",
    "Satin": "Heavy satin that catches the light as you move.",
    "Viscose": "A fluid cloth that falls straight and moves with you.",
    "Chiffon": "Light chiffon over a cotton lining.",
    "Nylon": "Tightly woven nylon that shrugs off wind and a short shower.",
    "Down": "Filled with recycled down, light enough to forget.",
    "Leather": "Vegetable-tanned leather that darkens and softens with use.",
    "Suede": "Soft suede with a short, even nap.",
    "Canvas": "Robust canvas that takes wear as a compliment.",
    "Mesh": "A breathable mesh upper with support where the foot asks for it.",
    "Stretch": "Four-way stretch that keeps its shape after a long day.",
    "Straw": "Woven by hand from natural fibre, with a band inside for a quiet fit.",
    "Felt": "Pressed wool felt that springs back into shape.",
    "Rubber": "Light, waterproof and easy to rinse.",
}

_WEAR = {
    "Casual": (
        "Goes with jeans and nothing to prove.",
        "Easy to pack, easier to wear.",
        "Made for most days of the week.",
    ),
    "Smart casual": (
        "Dressed up or down, it holds its own.",
        "At ease between the desk and dinner.",
        "Goes further than its price suggests.",
    ),
    "Formal": (
        "For the days with a handshake in them.",
        "Quietly correct from nine to midnight.",
        "Cut cleanly, finished by hand where it shows.",
    ),
    "Party": (
        "It does the talking, so you can listen.",
        "For evenings that run late.",
        "A little shine goes a long way.",
    ),
    "Sports": ("Tested on wet mornings.", "Moves when you do.", "Light, quick to dry, out of your way."),
}

_PATTERN = {
    "Striped:breton": "striped",
    "Striped:even": "striped",
    "Striped:pinstripe": "pinstriped",
    "Striped:bengal": "Bengal-stripe",
    "Checked:gingham": "gingham",
    "Checked:tartan": "checked",
    "Checked:windowpane": "windowpane",
    "Dotted:dots": "dotted",
    "Dotted:pin": "pin-dot",
    "Floral:ditsy": "ditsy-print",
    "Floral:garden": "floral",
    "Print:brush": "brushstroke",
    "Print:leaves": "leaf-print",
    "Print:geometric": "geometric",
}


def material_word(fabric: str, rng: np.random.Generator) -> str:
    """Return what a label calls the fabric, one of a few words."""
    words = _MATERIAL.get(fabric, (fabric.lower(),))
    return words[int(rng.integers(len(words)))]


def product_name(
    noun: str, fabric: str, motif: str, traits: Mapping[str, str], rng: np.random.Generator
) -> str:
    """Return a name such as "Slim poplin shirt" or "Breton tee"."""
    words: list[str] = []
    fit = traits.get("Fit", "").lower()
    if fit and fit not in ("regular", *noun.lower().split()) and rng.random() < 0.35:
        words.append(fit)
    pattern = _PATTERN.get(motif, "")
    if pattern and "striped" not in noun and "breton" not in noun and "checked" not in noun:
        words.append(pattern)
    material = material_word(fabric, rng)
    if material and material.split()[-1] not in noun and not (pattern and rng.random() < 0.5):
        words.append(material)
    style = traits.get("Sleeve", "")
    if style == "Sleeveless" and not words:
        words.append("sleeveless")
    name = " ".join([*words[:2], noun])
    return name[0].upper() + name[1:]


def description(
    noun: str, fabric: str, colour: str, traits: Mapping[str, str], usage: str, rng: np.random.Generator
) -> str:
    """Return three short sentences: what it is, what it is made of, what it is for."""
    plural = noun.endswith("s") and noun.split()[-1].split("-")[-1] not in ("dress",)
    article = "" if plural else ("an " if colour[0] in "AEIOU" else "a ")
    details = []
    if "Neckline" in traits:
        details.append(
            f"{traits['Neckline'].lower() if len(traits['Neckline']) > 1 else traits['Neckline']} neck"
        )
    if "Sleeve" in traits and traits["Sleeve"] != "Sleeveless":
        details.append(f"{traits['Sleeve'].lower()} sleeves")
    if "Fit" in traits:
        details.append(f"{traits['Fit'].lower()} fit")
    if "Lapel" in traits:
        details.append(f"{traits['Lapel'].lower()} lapels")
    if "Length" in traits:
        details.append(f"{traits['Length'].lower()} length")
    opening = f"{article}{colour.lower()} {noun}"
    if details:
        joined = details[0] if len(details) == 1 else f"{', '.join(details[:-1])} and {details[-1]}"
        opening += (
            f" with {joined}" if plural or "neck" in joined or "sleeve" in joined else f" cut with {joined}"
        )
    opening = opening[0].upper() + opening[1:] + "."
    wear = _WEAR[usage]
    hand = _HAND.get(fabric, "")
    return " ".join(part for part in (opening, hand, wear[int(rng.integers(len(wear)))]) if part)
