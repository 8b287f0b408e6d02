"""From a drawn product to renditions. Imports no model: the processes that draw have no Django."""

from catalog.drawing.demo import DrawnProduct
from catalog.drawing.render import draw_product
from catalog.picture_sizes import Renditions, make_renditions


def draw_renditions(product: DrawnProduct, view: str, width: int, height: int) -> Renditions:
    """Draw one view and encode it."""
    return make_renditions(draw_product(product, width, height, view))
