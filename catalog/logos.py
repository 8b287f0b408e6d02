"""Brand logos: SVG text from people, never trusted.

An SVG file can carry scripts and fetch things from elsewhere. ``check_logo`` takes only drawings, and ``logo_address``
shows them the safe way: a browser runs nothing of an SVG that it is shown as an image.
"""

import base64
import xml.etree.ElementTree as ET

MAX_BYTES = 50_000
_DRAWING = {
    "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text",
    "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "use", "symbol",
}  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"


class LogoRejected(ValueError):
    """A logo that is not taken; the text says why and what to do."""


def check_logo(svg: str) -> str:
    """Return ``svg`` without the space around it.

    Raises:
        LogoRejected: when it is no SVG, is too large, or holds anything but a drawing.
    """
    svg = svg.strip()
    if len(svg.encode()) > MAX_BYTES:
        raise LogoRejected(
            f"This logo has more than {MAX_BYTES // 1000} kB. Simplify its paths and paste it again."
        )
    if "<!" in svg.replace("<!--", ""):  # a document type may define entities that grow without end
        raise LogoRejected("A logo may not have a DOCTYPE. Delete that line and save again.")
    try:
        root = ET.fromstring(svg)  # noqa: S314 - without a document type there are no entities to expand
    except ET.ParseError as error:
        raise LogoRejected(f"This is not an SVG drawing ({error}). Paste the whole <svg>…</svg>.") from error
    if root.tag != f"{_SVG}svg":
        raise LogoRejected('A logo begins with <svg xmlns="http://www.w3.org/2000/svg" …>.')
    for element in root.iter():
        name = element.tag.removeprefix(_SVG)
        if name not in _DRAWING:
            raise LogoRejected(f"A logo may not hold <{name}>. Delete it and save again.")
        for attribute, value in element.attrib.items():
            _check_attribute(attribute.rpartition("}")[2], value)
    return svg


def _check_attribute(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise LogoRejected(f"A logo may not react to events ({name}). Delete it and save again.")
    refers = "".join(value.lower().split())
    if (name == "href" and not refers.startswith("#")) or "url(" in refers.replace("url(#", ""):
        raise LogoRejected(
            f"A logo may not fetch anything from elsewhere ({name}). Delete it and save again."
        )


def logo_address(svg: str) -> str:
    """A ``data:`` address for an ``<img>``."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
