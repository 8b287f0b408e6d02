"""The colours of the shop and what goes with them."""

import numpy as np

RGB = tuple[int, int, int]

COLOURS: dict[str, str] = {
    "Black": "#24242a",
    "White": "#f4f3f0",
    "Off White": "#ebe5d6",
    "Grey": "#8f9297",
    "Charcoal": "#46484e",
    "Navy Blue": "#263558",
    "Blue": "#4571a8",
    "Green": "#41704f",
    "Olive": "#6b6d43",
    "Red": "#b5293a",
    "Maroon": "#6c2333",
    "Pink": "#dba0a8",
    "Purple": "#6b5188",
    "Yellow": "#edcb55",
    "Mustard": "#c6952f",
    "Orange": "#da7737",
    "Rust": "#a5492c",
    "Brown": "#6b4731",
    "Tan": "#b98a5b",
    "Beige": "#d3bd97",
    "Cream": "#f0e4c5",
    "Teal": "#2c6e74",
}

# What a second colour may be, best first; picked by the seed.
_COMPANIONS: dict[str, tuple[str, ...]] = {
    "Black": ("Off White", "Tan", "Grey"),
    "White": ("Navy Blue", "Black", "Red", "Green"),
    "Off White": ("Navy Blue", "Rust", "Olive", "Charcoal"),
    "Grey": ("White", "Charcoal", "Navy Blue"),
    "Charcoal": ("Grey", "Cream", "Rust"),
    "Navy Blue": ("White", "Off White", "Red"),
    "Blue": ("White", "Navy Blue", "Cream"),
    "Green": ("Cream", "Navy Blue", "White"),
    "Olive": ("Cream", "Rust", "Charcoal"),
    "Red": ("Off White", "Navy Blue", "White"),
    "Maroon": ("Cream", "Pink", "Navy Blue"),
    "Pink": ("White", "Maroon", "Red"),
    "Purple": ("Cream", "Pink", "White"),
    "Yellow": ("White", "Navy Blue", "Green"),
    "Mustard": ("Cream", "Charcoal", "White"),
    "Orange": ("Cream", "Brown", "White"),
    "Rust": ("Cream", "Beige", "Navy Blue"),
    "Brown": ("Cream", "Tan", "Beige"),
    "Tan": ("Cream", "Brown", "White"),
    "Beige": ("White", "Brown", "Navy Blue"),
    "Cream": ("Brown", "Navy Blue", "Green", "Rust"),
    "Teal": ("Cream", "Mustard", "White"),
}


def rgb(hex_colour: str) -> RGB:
    """Return (red, green, blue), 0..255, of ``#rrggbb``."""
    return int(hex_colour[1:3], 16), int(hex_colour[3:5], 16), int(hex_colour[5:7], 16)


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """Return ``a`` with a share (0..1) of ``b`` in it."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def darker(colour: RGB, share: float) -> RGB:
    """Return the colour in shade: towards a warm black."""
    return mix(colour, (22, 16, 14), share)


def lighter(colour: RGB, share: float) -> RGB:
    """Return the colour in light: towards a warm white."""
    return mix(colour, (255, 251, 244), share)


def brightness(colour: RGB) -> float:
    """Return the perceived brightness, 0 (black) to 1 (white)."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def companion(colour: str, rng: np.random.Generator) -> RGB:
    """Return a second colour that goes with the named one."""
    names = _COMPANIONS[colour]
    return rgb(COLOURS[names[min(int(rng.exponential(0.8)), len(names) - 1)]])
