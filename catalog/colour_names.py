"""What the colours that shops name look like, for swatches of products that come without a hex value."""

from catalog.drawing.palette import COLOURS

_MORE_COLOURS = {
    "Bronze": "#8c6a3f",
    "Burgundy": "#5f1f2e",
    "Camel": "#b88a57",
    "Coffee Brown": "#4b3428",
    "Copper": "#a9653f",
    "Coral": "#e0725c",
    "Fluorescent Green": "#a9e34b",
    "Gold": "#c2a14d",
    "Grey Melange": "#a6a8ab",
    "Khaki": "#8d8360",
    "Lavender": "#b3a5cf",
    "Light Blue": "#9dbfdf",
    "Lime Green": "#9fc54d",
    "Magenta": "#b23a7f",
    "Mauve": "#a4808f",
    "Metallic": "#a3a6ab",
    "Mint": "#a9d3bd",
    "Mushroom Brown": "#97846f",
    "Nude": "#dcb9a0",
    "Peach": "#efb491",
    "Rose": "#c96a7c",
    "Sea Green": "#3f8f78",
    "Silver": "#b9bcc1",
    "Skin": "#d9b293",
    "Steel": "#7b8189",
    "Taupe": "#8c7d70",
    "Turquoise Blue": "#3fa7b5",
}
_HEX_BY_NAME = {name.lower(): value for name, value in (COLOURS | _MORE_COLOURS).items()}


def hex_of(colour: str) -> str:
    """``#rrggbb`` of a colour's name in any case; empty for several colours ("Multi") and for names unknown here."""
    return _HEX_BY_NAME.get(colour.strip().lower(), "")
