"""Why something is shown, and how to stop it: the history can be seen, corrected piece by piece, and erased."""

import pytest

from accounts.shopper import Shopper
from recommendations import recording, serving, versions
from recommendations.models import Interaction, RecommendationList, RecommendationVersion
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, shopper):
    client.force_login(shopper)
    return client


@pytest.fixture
def me(shopper):
    return Shopper(user_id=shopper.pk)


@pytest.fixture
def list_because_of_a_coat(shopper):
    """A list of the last refresh: one thing because of a coat, one by taste. Returns (coat, because, taste)."""
    coat, near, liked = (ProductFactory(name=name) for name in ("Coat", "Near", "Liked"))
    version = versions.begin(RecommendationVersion)
    RecommendationList.objects.create(
        version=version,
        user=shopper,
        products=[near.pk, liked.pk],
        scores=[1.0, 0.9],
        reasons=["because", "taste"],
        because=[coat.pk, 0],
    )
    versions.activate(version)
    return coat, near, liked


def test_the_reason_of_a_card_is_an_event_that_exists(signed_in, me, list_because_of_a_coat):
    coat, _, _ = list_because_of_a_coat
    recording.record(me, coat.pk, "wish")
    by_name = {answer.product.name: answer for answer in serving.home_for(me).for_you}
    assert by_name["Near"].reason == "Because you saved Coat"
    assert by_name["Near"].why.startswith("You saved Coat.")
    assert Interaction.objects.filter(
        user=me.user_id, product=by_name["Near"].because_id, kind="wish"
    ).exists()
    page = signed_in.get("/").content.decode()
    assert f'name="product" value="{coat.pk}">Stop using this' in page


def test_what_is_used_no_more_is_no_reason_any_more(signed_in, me, list_because_of_a_coat):
    coat, _, liked = list_because_of_a_coat
    recording.record(me, coat.pk, "view")
    signed_in.post("/account/history/forget/", {"product": coat.pk, "next": "/"})
    assert recording.recent_events(me) == []
    assert RecommendationList.objects.get(user=me.user_id).products == [liked.pk]
    assert "because" not in {answer.reason_code for answer in serving.home_for(me).for_you}


def test_one_thing_done_is_removed_and_the_others_stay(signed_in, me, list_because_of_a_coat):
    coat, _, _ = list_because_of_a_coat
    for kind in ("view", "wish"):
        recording.record(me, coat.pk, kind)
    newest, oldest = recording.recent_events(me)
    page = signed_in.get("/account/history/").content.decode()
    assert f'name="event" value="{newest.pk}"' in page
    signed_in.post("/account/history/forget/", {"event": newest.pk})
    assert recording.recent_events(me) == [oldest]
    assert len(RecommendationList.objects.get(user=me.user_id).products) == 2
    signed_in.post("/account/history/forget/", {"event": oldest.pk})
    assert len(RecommendationList.objects.get(user=me.user_id).products) == 1


def test_nobody_removes_what_somebody_else_did(signed_in, stranger):
    theirs = Shopper(user_id=stranger.pk)
    recording.record(theirs, ProductFactory().pk, "view")
    (event,) = recording.recent_events(theirs)
    signed_in.post("/account/history/forget/", {"event": event.pk})
    assert recording.recent_events(theirs) == [event]


def test_the_whole_history_goes_with_the_list_made_from_it(signed_in, me, list_because_of_a_coat):
    recording.record(me, list_because_of_a_coat[0].pk, "view")
    signed_in.post("/account/history/forget/")
    assert not RecommendationList.objects.filter(user=me.user_id).exists()
    assert not serving.home_for(me).is_personal


def test_nonsense_is_refused_and_erases_nothing(signed_in, me):
    recording.record(me, ProductFactory().pk, "view")
    for data in ({"event": "all"}, {"product": "-1"}, {"product": "²"}):
        answer = signed_in.post("/account/history/forget/", data, follow=True)
        assert "That is not in your history." in answer.content.decode()
    assert len(recording.recent_events(me)) == 1


def test_a_script_gets_its_answer_in_place(signed_in, me):
    product = ProductFactory(name="Coat")
    json = {"Accept": "application/json"}
    answer = signed_in.post(f"/not-for-me/{product.pk}/", headers=json).json()
    assert answer == {"dismissed": True, "message": "We will not show you Coat again, and less of its like."}
    assert not signed_in.post(f"/not-for-me/{product.pk}/", {"undo": 1}, headers=json).json()["dismissed"]
    assert recording.recent_events(me) == []
