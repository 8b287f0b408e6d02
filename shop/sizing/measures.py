"""Body measures in centimetres and inches. No database here."""

import re

CM_PER_INCH = 2.54
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def in_inches(text: str) -> str:
    """``80–84`` (centimetres) as ``31.5–33.1`` (inches): every number of the text, to one digit."""
    return NUMBER.sub(lambda found: f"{float(found[0]) / CM_PER_INCH:.1f}".removesuffix(".0"), text)
