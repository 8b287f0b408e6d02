"""What a shopper does is written down once, moved at sign-in, and forgotten on demand."""

import pytest

from accounts.shopper import Shopper
from recommendations import recording
from recommendations.models import Interaction
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tee():
    return ProductFactory(name="Breton tee")


@pytest.fixture
def visitor():
    return Shopper(visitor="v" * 32)


def test_a_visitors_click_is_written_down(tee, visitor):
    assert recording.record(visitor, tee.pk, "click")
    (event,) = recording.recent_events(visitor)
    assert (event.product_id, event.kind) == (tee.pk, "click")


def test_nobody_is_recorded_before_there_is_somebody(tee):
    assert not recording.record(Shopper(), tee.pk, "view")
    assert not Interaction.objects.exists()


def test_nothing_is_recorded_or_read_when_personal_pages_are_off(tee, shopper):
    recording.record(Shopper(user_id=shopper.pk), tee.pk, "view")
    private = Shopper(user_id=shopper.pk, personalised=False)
    assert not recording.record(private, tee.pk, "view")
    assert recording.recent_events(private) == []
    assert Interaction.objects.count() == 1


def test_an_unknown_kind_is_refused(tee, visitor):
    with pytest.raises(ValueError, match="'stare' is none of view, click"):
        recording.record(visitor, tee.pk, "stare")


def test_signing_in_moves_the_visitors_history_once(tee, visitor, shopper):
    recording.record(visitor, tee.pk, "view")
    assert recording.merge_visitor(visitor.visitor, shopper) == 1
    assert recording.merge_visitor(visitor.visitor, shopper) == 0
    assert [event.product_id for event in recording.recent_events(Shopper(user_id=shopper.pk))] == [tee.pk]
    assert recording.recent_events(visitor) == []


def test_the_history_of_one_who_wants_none_is_erased_at_sign_in(tee, visitor):
    private = UserFactory(personalised=False)
    recording.record(visitor, tee.pk, "view")
    recording.merge_visitor(visitor.visitor, private)
    assert not Interaction.objects.exists()


def test_forgetting_erases_ones_own_history_only(tee, visitor, shopper):
    me = Shopper(user_id=shopper.pk)
    other = ProductFactory()
    for product in (tee, other):
        recording.record(me, product.pk, "view")
        recording.record(visitor, product.pk, "view")
    assert recording.forget(me, [tee.pk]) == 1
    assert [e.product_id for e in recording.recent_events(me)] == [other.pk]
    assert recording.forget(me) == 1
    assert len(recording.recent_events(visitor)) == 2


def test_a_wish_is_an_interaction(tee, shopper):
    from accounts.signals import wish_added

    wish_added.send(None, shopper=Shopper(user_id=shopper.pk), product_id=tee.pk)
    assert Interaction.objects.get().kind == "wish"
