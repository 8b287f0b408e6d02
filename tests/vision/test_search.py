"""Ranked products for a picture: exact and indexed search agree, filters work inside, the exact match is proven."""

import numpy as np
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.images import decode_image, encode_jpeg, resize_within
from catalog.models import Product
from tests import factories
from tests.eyes import jpeg, patchwork, uploaded, write_model
from vision import registry
from vision.analysis import analyse_images
from vision.blend import MATCHES, blend, kinds_seen
from vision.exact import NEAREST_IN_DETAIL, Comparison, exact_match, likely_match, product_of_file
from vision.indexing import create_index, index_name
from vision.inference import Label
from vision.labels import OTHER
from vision.looking import Look, classifier_of, look_at
from vision.models import COLOUR_SIZE, EMBEDDING_SIZE, ImageAnalysis, LabelCorrection
from vision.registry import model_in_use
from vision.search import Neighbour, nearest_by_looks, similar_to_embedding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("eyes")]


def unit(size: int, *entries: tuple[int, float]) -> np.ndarray:
    vector = np.zeros(size, np.float32)
    for place, value in entries:
        vector[place] = value
    return vector / np.linalg.norm(vector)


def looks(*entries: tuple[int, float]) -> np.ndarray:
    return unit(EMBEDDING_SIZE, *entries)


def colour(*entries: tuple[int, float]) -> np.ndarray:
    return unit(COLOUR_SIZE, *entries)


def seen(embedding: np.ndarray, histogram: np.ndarray, product: Product | None = None, **fields) -> Product:
    """A product (or one more picture of it) that the model has seen like this."""
    product = product or factories.ProductFactory(pictures=0, **fields)
    image = factories.ProductImageFactory(product=product, position=product.images.count())
    ImageAnalysis.objects.create(
        image=image,
        model=model_in_use(),
        source_hash=image.source_hash,
        embedding=embedding,
        colour_histogram=histogram,
        perceptual_hash=image.pk,
    )
    return product


def found(embedding: np.ndarray, histogram: np.ndarray, **options) -> list[int]:
    matches = similar_to_embedding(embedding, histogram, version=model_in_use(), **options)
    return [match.product_id for match in matches]


def test_the_nearest_looks_come_first():
    near = seen(looks((0, 1), (1, 0.1)), colour((0, 1)))
    far = seen(looks((2, 1)), colour((0, 1)))
    middle = seen(looks((0, 1), (1, 1)), colour((0, 1)))
    assert found(looks((0, 1)), colour((0, 1))) == [near.pk, middle.pk, far.pk]


def test_colour_is_a_channel_of_its_own():
    same_shape = seen(looks((0, 1)), colour((5, 1)))
    same_colour = seen(looks((0, 1), (1, 1)), colour((0, 1)))
    assert found(looks((0, 1)), colour((0, 1)), colour_weight=0) == [same_shape.pk, same_colour.pk]
    assert found(looks((0, 1)), colour((0, 1)), colour_weight=0.9) == [same_colour.pk, same_shape.pk]


def test_a_score_is_one_for_the_same_picture_and_says_what_each_channel_thinks():
    seen(looks((0, 1)), colour((0, 1)))
    (match,) = similar_to_embedding(looks((0, 1)), colour((0, 1)), version=model_in_use())
    assert (match.score, match.looks, match.colour) == pytest.approx((1, 1, 1))


def test_several_pictures_of_a_product_count_once_by_the_best():
    shirt = seen(looks((3, 1)), colour((0, 1)))
    seen(looks((0, 1)), colour((0, 1)), product=shirt)
    other = seen(looks((0, 1), (1, 1)), colour((0, 1)))
    assert found(looks((0, 1)), colour((0, 1))) == [shirt.pk, other.pk]


def test_filters_work_inside_the_search_so_that_few_answers_are_not_filtered_away():
    for _ in range(30):
        seen(looks((0, 1)), colour((0, 1)), gender="Men")
    for_her = seen(looks((9, 1)), colour((9, 1)), gender="Women")
    among = Product.objects.visible().filter(gender="Women")
    assert found(looks((0, 1)), colour((0, 1)), among=among, n=3) == [for_her.pk]
    assert found(looks((0, 1)), colour((0, 1)), among=among, n=3, exact_below=0) == [for_her.pk]


def test_hidden_products_are_not_found():
    seen(looks((0, 1)), colour((0, 1)), status=Product.Status.ARCHIVED)
    assert found(looks((0, 1)), colour((0, 1))) == []


def test_what_another_model_saw_is_not_compared():
    product = seen(looks((0, 1)), colour((0, 1)))
    other = model_in_use()
    other.pk, other.version, other.is_active = None, "2", False
    other.save()
    ImageAnalysis.objects.filter(image__product=product).update(model=other)
    assert found(looks((0, 1)), colour((0, 1))) == []


def test_the_kind_that_was_seen_comes_before_a_better_likeness_of_another_kind():
    bag = seen(looks((0, 1)), colour((0, 1)), article_type="Handbags")
    shirt = seen(looks((0, 1), (1, 0.8)), colour((0, 1)), article_type="Shirts")
    vest = seen(looks((1, 1)), colour((0, 1)), article_type="Camisoles")
    kinds = kinds_seen([Label("Shirts", "type", 0.9), Label("tops", "category", 0.95)])
    assert found(looks((0, 1)), colour((0, 1))) == [bag.pk, shirt.pk, vest.pk]
    assert found(looks((0, 1)), colour((0, 1)), kinds=kinds) == [shirt.pk, bag.pk, vest.pk]
    assert found(looks((0, 1)), colour((0, 1)), kinds=kinds, exact_below=0) == [shirt.pk, bag.pk, vest.pk]


def test_a_kind_on_a_shelf_that_was_seen_is_worth_a_little():
    kinds = kinds_seen([Label("Shirts", "type", 0.9), Label("tops", "category", 1.0)])
    assert kinds["Shirts"] > kinds["Tshirts"] > 0
    assert "Handbags" not in kinds


def test_the_index_and_the_whole_scan_agree():
    rng = np.random.default_rng(7)
    for _ in range(60):
        vector = rng.normal(size=EMBEDDING_SIZE).astype(np.float32)
        seen(vector / np.linalg.norm(vector), colour((int(rng.integers(64)), 1)))
    query = rng.normal(size=EMBEDDING_SIZE).astype(np.float32)
    query /= np.linalg.norm(query)
    by_scan = found(query, colour((3, 1)), n=10)
    assert found(query, colour((3, 1)), n=10, exact_below=0) == by_scan
    assert len(by_scan) == 10


def test_the_same_shape_in_another_colour_and_the_same_colour_in_another_shape():
    twin = seen(looks((0, 1)), colour((0, 1)))
    other_dye = seen(looks((0, 1), (1, 0.1)), colour((5, 1)))
    other_shape = seen(looks((7, 1)), colour((0, 1), (1, 0.1)))
    seen(looks((8, 1)), colour((9, 1)))  # neither
    asked = (looks((0, 1)), colour((0, 1)))
    assert found(*asked, n=2) == [twin.pk, other_dye.pk]
    assert found(*asked, n=1, match="shape") == [other_dye.pk]
    assert twin.pk not in found(*asked, match="shape")
    assert found(*asked, match="colour") == [other_shape.pk]
    for match in MATCHES:
        assert found(*asked, n=1, match=match, exact_below=0) == found(*asked, n=1, match=match)


@pytest.mark.parametrize("match", MATCHES)
def test_the_database_and_arrays_give_the_same_order(match):
    rng = np.random.default_rng(11)
    types = ["Shirts", "Tshirts", "Handbags"]
    places = rng.integers(0, 4, (40, 2))
    gallery_looks = np.stack([looks((int(place), 1), (9, rng.random())) for place in places[:, 0]])
    gallery_colours = np.stack([colour((int(place), 1), (9, rng.random() / 3)) for place in places[:, 1]])
    products = [
        seen(embedding, histogram, article_type=types[i % 3])
        for i, (embedding, histogram) in enumerate(zip(gallery_looks, gallery_colours, strict=True))
    ]
    asked = looks((0, 1), (1, 0.5)), colour((0, 1), (1, 0.5))
    kinds = kinds_seen([Label("Shirts", "type", 0.6), Label("tops", "category", 0.9)])
    scores = blend(
        gallery_looks @ asked[0],
        gallery_colours @ asked[1],
        np.array([kinds.get(types[i % 3], 0.0) for i in range(40)], np.float32),
        colour_weight=0.4,
        match=match,
    )
    order = [products[i].pk for i in np.argsort(-scores, kind="stable") if scores[i] > -np.inf]
    assert 0 < len(order) <= 40
    assert found(*asked, kinds=kinds, match=match, colour_weight=0.4, n=40) == order


@pytest.mark.parametrize("exact_below", [20_000, 0])
def test_each_of_several_pictures_gets_its_own_neighbours_in_one_query(exact_below):
    shirt = seen(looks((0, 1)), colour((0, 1)))
    seen(looks((0, 1), (1, 1)), colour((0, 1)), product=shirt)
    bag = seen(looks((5, 1), (0, 0.1)), colour((0, 1)))
    seen(looks((5, 1)), colour((0, 1)), status=Product.Status.ARCHIVED)
    with CaptureQueriesContext(connection) as queries:
        found = nearest_by_looks(
            [looks((5, 1)), looks((0, 1))], version=model_in_use(), n=2, exact_below=exact_below
        )
    assert [[one.product_id for one in nearest] for nearest in found] == [
        [bag.pk, shirt.pk],
        [shirt.pk, bag.pk],
    ]
    assert found[1][0].looks == pytest.approx(1)
    assert len([query for query in queries if "<#>" in query["sql"]]) == 1


def test_the_nearest_by_looks_are_those_of_a_search_in_which_colour_has_no_weight():
    rng = np.random.default_rng(5)
    for _ in range(30):
        seen(looks(*enumerate(rng.normal(size=EMBEDDING_SIZE))), colour((int(rng.integers(64)), 1)))
    asked = [looks(*enumerate(rng.normal(size=EMBEDDING_SIZE))) for _ in range(3)]
    found = nearest_by_looks(asked, version=model_in_use(), n=10)
    for embedding, nearest in zip(asked, found, strict=True):
        matches = similar_to_embedding(
            embedding, colour((0, 1)), version=model_in_use(), n=10, colour_weight=0
        )
        assert [(one.image_id, one.looks) for one in nearest] == [
            (one.image_id, one.looks) for one in matches
        ]


def test_nothing_asked_is_no_query(django_assert_num_queries):
    version = model_in_use()
    with django_assert_num_queries(0):
        assert nearest_by_looks([], version=version, n=3) == []


def test_another_models_pictures_do_not_crowd_the_index(tmp_path):
    mine = seen(looks((9, 1)), colour((0, 1)))
    other = registry.register(write_model(tmp_path / "other", version="2"))
    create_index(other)
    for _ in range(30):
        product = seen(looks((9, 1)), colour((0, 1)))
        ImageAnalysis.objects.filter(image__product=product).update(
            model=other, embedding=looks((0, 1)).tolist()
        )
    assert found(looks((0, 1)), colour((0, 1)), n=1, exact_below=0) == [mine.pk]
    with CaptureQueriesContext(connection) as queries:
        found(looks((0, 1)), colour((0, 1)), n=1, exact_below=0)
    searched = next(q["sql"] for q in queries if "halfvec" in q["sql"] and "EXPLAIN" not in q["sql"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {searched}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index_name(model_in_use()) in plan
    assert index_name(other) not in plan


def photo_of(picture: np.ndarray) -> Look:
    (look,) = look_at([picture], classifier_of(model_in_use()))
    return look


def near(look: Look) -> list[Neighbour]:
    (nearest,) = nearest_by_looks([look.embedding], version=model_in_use(), n=NEAREST_IN_DETAIL)
    return nearest


@pytest.fixture
def shelf():
    """Three products whose pictures have been looked at; the first shows the picture of seed 1."""
    images = [uploaded(jpeg(seed)) for seed in (1, 2, 3)]
    analyse_images([image.pk for image in images])
    return [image.product_id for image in images]


def exact(picture: np.ndarray) -> int | None:
    look = photo_of(picture)
    return exact_match(Comparison(look, model_in_use()), picture, near(look))


def changed(kind: str) -> np.ndarray:
    """The picture of the first product, changed as on its way through other programs."""
    picture = decode_image(jpeg(1))
    height, width = picture.shape[:2]
    if kind == "half the size":
        return resize_within(picture, 240)
    if kind == "encoded badly":
        return decode_image(encode_jpeg(picture, quality=40))
    if kind == "cropped":
        return np.ascontiguousarray(picture[20 : height - 20, 15 : width - 15])
    if kind == "turned a little":
        return np.asarray(
            Image.fromarray(picture).rotate(4, Image.Resampling.BICUBIC, fillcolor=(120, 120, 120))
        )
    return (picture * 0.8).astype(np.uint8)


def test_the_very_file_is_found_without_looking(shelf):
    digest = Product.objects.get(pk=shelf[0]).cover.source_hash
    assert product_of_file(digest) == shelf[0]
    Product.objects.filter(pk=shelf[0]).update(status=Product.Status.ARCHIVED)
    assert product_of_file(digest) is None
    assert product_of_file("0" * 64) is None


@pytest.mark.parametrize("kind", ["half the size", "encoded badly", "cropped", "turned a little", "darker"])
def test_the_same_picture_is_recognised_after_what_programs_do_to_it(shelf, kind):
    assert exact(changed(kind)) == shelf[0]


def test_another_picture_is_never_called_the_same(shelf):
    for seed in range(10, 20):
        assert exact(patchwork(seed)) is None


def test_the_same_photo_in_another_dye_is_not_the_same_product(shelf):
    assert exact(np.ascontiguousarray(changed("as it is")[:, :, ::-1])) is None


def test_a_hidden_product_is_not_offered_as_the_exact_one(shelf):
    Product.objects.filter(pk=shelf[0]).update(status=Product.Status.ARCHIVED)
    assert exact(decode_image(jpeg(1))) is None


def likely(picture: np.ndarray) -> int | None:
    look = photo_of(picture)
    match = likely_match(Comparison(look, model_in_use()), near(look))
    return match.product_id if match else None


def test_a_picture_on_another_ground_is_likely_the_one_whose_keypoints_agree(shelf):
    picture = decode_image(jpeg(1))
    photo = np.full((picture.shape[0] + 160, picture.shape[1] + 120, 3), (90, 120, 80), np.uint8)
    photo[80:-80, 60:-60] = picture
    assert exact(photo) is None
    assert likely(photo) == shelf[0]


def test_no_product_is_likely_in_a_picture_of_something_else(shelf):
    assert [likely(patchwork(seed)) for seed in range(10, 14)] == [None] * 4


def test_a_picture_that_a_curator_has_called_nothing_we_sell_is_no_answer() -> None:
    chart = seen(looks((0, 1)), colour((0, 1)))
    shirt = seen(looks((0, 1), (1, 1)), colour((0, 1)))

    LabelCorrection.objects.create(image=chart.images.get(), kind="subject", label=OTHER)
    found = similar_to_embedding(looks((0, 1)), colour((0, 1)), version=model_in_use())

    assert [match.product_id for match in found] == [shirt.pk]
