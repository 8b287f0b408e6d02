"""Records become products: once, in blocks, with the good rows kept and the bad ones named."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from catalog.importing import ImportRecord
from catalog.models import Product, ProductImage, Variant
from catalog.picture_sizes import PictureJob, make_renditions
from catalog.signals import product_image_saved
from catalog.stocking import stock
from tests.conftest import make_picture

pytestmark = pytest.mark.django_db


def render(seed: int):
    if seed < 0:
        raise ValueError("seed.jpg: this is not a picture")
    return make_renditions(make_picture(seed, 400, 533))


def pictures_of(record: ImportRecord):
    return [
        PictureJob(hashlib.sha256(name.encode()).hexdigest(), render, (int(name),), record.name)
        for name in record.pictures
    ]


def record(number: int = 1, **changes) -> ImportRecord:
    given = {
        "row": number,
        "external_id": f"P{number}",
        "name": f"Breton tee {number}",
        "category": ("Apparel", "Tops"),
        "brand": "Fjord",
        "price": Decimal("39.00"),
        "sizes": (("S", 2), ("M", 0)),
        "attributes": {"season": "Summer"},
        "pictures": (str(number),),
    }
    return ImportRecord(**{**given, **changes})


def put(*records, **options):
    with ThreadPoolExecutor(1) as executor:
        return stock(records, pictures_of, executor, **options)


def test_a_record_becomes_a_product_with_all_that_belongs_to_it():
    report = put(record())
    product = Product.objects.get()
    assert (report.created, report.rejected) == (1, [])
    assert (product.category.name, product.category.parent.name, product.brand.name) == (
        "Tops",
        "Apparel",
        "Fjord",
    )
    assert (product.price, product.in_stock) == (Decimal("39.00"), True)
    assert [(v.size, v.stock) for v in product.variants.all()] == [("S", 2), ("M", 0)]
    assert [(a.attribute.name, a.value) for a in product.attributes.all()] == [("season", "Summer")]
    image = product.images.get()
    assert (image.state, image.width, image.height, image.widths) == ("ready", 400, 533, [160, 320, 400])


def test_the_same_record_again_changes_nothing(django_assert_max_num_queries):
    put(record())
    before = Product.objects.get().updated_at
    with django_assert_max_num_queries(6):
        report = put(record())
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert Product.objects.get().updated_at == before


def test_a_changed_record_updates_its_product_and_keeps_unchanged_pictures():
    put(record())
    picture = ProductImage.objects.get()
    report = put(record(name="Striped tee", sizes=(("S", 7),)))
    product = Product.objects.get()
    assert report.updated == 1
    assert product.name == "Striped tee"
    assert {v.size: v.stock for v in product.variants.all()} == {"S": 7, "M": 0}
    assert ProductImage.objects.get() == picture


def test_a_broken_picture_rejects_its_row_and_keeps_the_others():
    report = put(record(1, pictures=("-1",)), record(2))
    assert [(r.external_id, r.error) for r in report.rejected] == [("P1", "seed.jpg: this is not a picture")]
    assert Product.objects.get().external_id == "P2"


def test_an_interrupted_import_ends_with_the_same_rows():
    put(*(record(n) for n in range(1, 4)))
    report = put(*(record(n) for n in range(1, 7)))
    assert (report.created, report.unchanged) == (3, 3)
    assert Product.objects.count() == ProductImage.objects.count() == 6
    assert Variant.objects.count() == 12


def test_two_products_of_one_name_have_addresses_of_their_own():
    put(record(1, name="Tee"), record(2, name="Tee"))
    assert len(set(Product.objects.values_list("slug", flat=True))) == 2


def test_new_pictures_are_announced_for_analysis():
    heard = []

    def hear(sender, image_ids, **kwargs):
        heard.extend(image_ids)

    product_image_saved.connect(hear)
    try:
        put(record())
        put(record())
    finally:
        product_image_saved.disconnect(hear)
    assert heard == [ProductImage.objects.get().pk]


def test_a_row_without_a_price_can_be_bought_all_the_same():
    put(record(price=None))
    first = Product.objects.get().price
    assert Decimal("9.90") <= first <= Decimal("149.90")


def test_files_go_with_their_picture(django_capture_on_commit_callbacks):
    from django.core.files.storage import default_storage

    put(record())
    image = ProductImage.objects.get()
    name = image.rendition_name(160)
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    assert not default_storage.exists(name)


def test_a_rehearsal_tells_what_would_happen_and_writes_nothing():
    put(record(1), record(2))
    before = list(Product.objects.order_by("pk").values())
    report = put(
        record(1), record(2, name="New name"), record(3), record(4, pictures=("-1",)), is_rehearsal=True
    )
    assert (report.unchanged, report.updated, report.created) == (1, 1, 1)
    assert [rejected.external_id for rejected in report.rejected] == ["P4"]
    assert list(Product.objects.order_by("pk").values()) == before
    assert ProductImage.objects.count() == 2
