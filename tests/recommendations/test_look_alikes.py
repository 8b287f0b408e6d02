"""More like a product of the shop: the same shape in another colour, or the same colour in another shape."""

import cv2
import numpy as np
import pytest

from catalog.images import encode_jpeg
from catalog.models import Product
from recommendations.look_alikes import look_alikes
from tests import factories
from tests.eyes import jpeg, patchwork, uploaded
from vision.analysis import analyse_images

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eyes")]


@pytest.fixture
def family():
    """A product, the same thing in grey, and another thing in the first one's colours."""
    grey = cv2.cvtColor(cv2.cvtColor(patchwork(1), cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    turned = np.ascontiguousarray(patchwork(1)[::-1, ::-1])
    images = [uploaded(data) for data in (jpeg(1), encode_jpeg(grey), encode_jpeg(turned))]
    analyse_images([image.pk for image in images])
    return [image.product for image in images]


def found(product: Product, match: str) -> list[tuple[Product, str]]:
    return [(answer.product, answer.reason_code) for answer in look_alikes(product, match)]


def test_the_same_shape_comes_in_another_colour(family):
    product, in_grey, _ = family
    assert found(product, "shape") == [(in_grey, "same_shape")]


def test_the_same_colour_comes_in_another_shape(family):
    product, _, turned = family
    assert found(product, "colour") == [(turned, "same_colour")]


def test_a_sibling_of_the_very_model_is_called_so(family):
    product, in_grey, _ = family
    Product.objects.filter(pk__in=[product.pk, in_grey.pk]).update(style_code="one-model")
    assert found(product, "shape") == [(in_grey, "same_style")]


def test_what_nobody_has_looked_at_has_no_look_alikes():
    assert look_alikes(factories.ProductFactory(), "shape") == []
    assert look_alikes(factories.ProductFactory(pictures=0), "shape") == []


def test_they_cost_a_page_seven_queries(family, django_assert_num_queries):
    product = Product.objects.with_page_data().get(pk=family[0].pk)
    with django_assert_num_queries(7):
        look_alikes(product, "shape")
