"""Experiments: who takes part, what they see, what is counted, what is forgotten."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import privacy
from accounts.shopper import VISITOR_KEY, Shopper
from recommendations import experiments, recording, versions
from recommendations.exposures import Arrangement, Experiment, Exposure
from recommendations.models import Interaction, RecommendationList, RecommendationVersion
from recommendations.serving import home_for
from tests.factories import CategoryFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db
ADMIN = "/admin/recommendations/experiment/"


@pytest.fixture
def experiment():
    """Popular things against taste; what counts is the bag, within a week."""
    return Experiment.objects.create(trial=Arrangement.POPULAR, outcome="cart", days=7)


@pytest.fixture
def me(shopper):
    """A signed-in shopper who has looked at something."""
    known = Shopper(user_id=shopper.pk)
    recording.record(known, ProductFactory(name="Seen").pk, "view")
    return known


@pytest.fixture
def desk(curator):
    client = Client()
    client.force_login(curator)
    return client


def exposed(experiment, *, in_trial, days_ago, **who):
    return Exposure.objects.create(
        experiment=experiment, in_trial=in_trial, shown_at=timezone.now() - timedelta(days=days_ago), **who
    )


def did(kind, *, days_ago, **who):
    Interaction.objects.create(
        product=ProductFactory(), kind=kind, created_at=timezone.now() - timedelta(days=days_ago), **who
    )


def look(client, **headers):
    return client.get("/", headers={"User-Agent": "Mozilla/5.0", **headers})


# --- Taking part ------------------------------------------------------------------------------------------------------


def test_without_an_experiment_nothing_is_noted_and_the_page_costs_what_it_did(me, django_assert_num_queries):
    assert experiments.arranged_home(me, is_person=True) == home_for(me)
    assert not Exposure.objects.exists()
    with CaptureQueriesContext(connection) as usual:
        home_for(me)
    with django_assert_num_queries(len(usual)):
        experiments.arranged_home(me, is_person=True)


def test_the_first_page_that_differs_is_noted_once_with_the_version_of_the_lists(experiment, me):
    version = versions.begin(RecommendationVersion)
    RecommendationList.objects.create(version=version, user=None)
    versions.activate(version)
    for _ in range(2):
        experiments.arranged_home(me, is_person=True)
    (exposure,) = Exposure.objects.all()
    assert exposure.user_id == me.user_id
    assert exposure.list_version == version.pk
    assert exposure.in_trial == experiments.falls_into_trial(experiment.pk, me)


def test_a_newcomer_sees_no_difference_and_is_noted_only_after_the_first_click(experiment):
    newcomer = Shopper(visitor="v1")
    product = ProductFactory()
    experiments.arranged_home(newcomer, is_person=True)
    assert not Exposure.objects.exists()
    recording.record(newcomer, product.pk, "click")
    experiments.arranged_home(newcomer, is_person=True)
    assert Exposure.objects.get().session_key == "v1"


def test_half_of_the_shoppers_fall_into_the_trial_each_always_alike_and_anew_in_the_next_experiment():
    first = [experiments.falls_into_trial(1, Shopper(visitor=f"v{n}")) for n in range(2000)]
    second = [experiments.falls_into_trial(2, Shopper(visitor=f"v{n}")) for n in range(2000)]
    assert first == [experiments.falls_into_trial(1, Shopper(visitor=f"v{n}")) for n in range(2000)]
    assert 900 < sum(first) < 1100
    assert 900 < sum(a == b for a, b in zip(first, second, strict=True)) < 1100


def test_each_arm_gets_its_own_page_and_says_what_it_is(experiment, client):
    for number in range(8):
        ProductFactory(name=f"Piece {number}", category=CategoryFactory(name=f"Shelf {number % 4}"))
    for in_trial in (True, False):
        user = UserFactory()
        recording.record(Shopper(user_id=user.pk), ProductFactory().pk, "view")
        exposed(experiment, in_trial=in_trial, days_ago=1, user=user)
        client.force_login(user)
        page = look(client).content.decode()
        assert ("Popular this week" in page) == in_trial
        assert ("From what you looked at" in page) != in_trial
        assert "Look at a piece, and this page turns" not in page


def test_best_first_leaves_the_spreading_out(me):
    many, few = CategoryFactory(name="Many"), CategoryFactory(name="Few")
    products = [ProductFactory(category=many) for _ in range(6)] + [ProductFactory(category=few)]
    version = versions.begin(RecommendationVersion)
    RecommendationList.objects.create(
        version=version,
        user_id=me.user_id,
        products=[product.pk for product in products],
        scores=[1 - place / 10 for place in range(7)],
        reasons=["taste"] * 7,
        because=[0] * 7,
    )
    versions.activate(version)
    best, usual = (
        home_for(me, 4, arrangement=each).for_you for each in (Arrangement.BEST_FIRST, Arrangement.TASTE)
    )
    assert [answer.product for answer in best] == products[:4]
    assert products[6] in [answer.product for answer in usual]
    newcomers = [home_for(Shopper(), 4, arrangement=each).for_you for each in Arrangement]
    assert newcomers[0] == newcomers[1] == newcomers[2]


def test_whoever_wants_no_personal_pages_is_in_no_experiment(experiment, me, client, shopper):
    shopper.personalised = False
    shopper.save()
    client.force_login(shopper)
    look(client)
    assert not Exposure.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"User-Agent": "Googlebot/2.1"}, {"User-Agent": ""}, {"Sec-Purpose": "prefetch;prerender"}]
)
def test_programs_and_prefetches_are_never_counted(experiment, me, client, shopper, headers):
    client.force_login(shopper)
    look(client, **headers)
    client.head("/", headers={"User-Agent": "Mozilla/5.0"})
    assert not Exposure.objects.exists()
    look(client)
    assert Exposure.objects.count() == 1


def test_a_program_that_speaks_for_a_person_takes_part_like_a_browser(experiment, me, client, shopper):
    client.force_login(shopper)
    client.get("/api/v1/recommendations/home/", headers={"User-Agent": "ShopApp/1.0"})
    assert Exposure.objects.get().user_id == shopper.pk


# --- Signing in, and being forgotten ----------------------------------------------------------------------------------


def sign_in(user, client):
    """The visitor "v1" signs in."""
    session = client.session
    session[VISITOR_KEY] = "v1"
    session.save()
    client.force_login(user)


@pytest.mark.parametrize("in_trial", [True, False])
def test_the_arm_stays_the_same_across_signing_in(experiment, me, shopper, client, in_trial):
    exposed(experiment, in_trial=in_trial, days_ago=1, session_key="v1")
    sign_in(shopper, client)
    experiments.arranged_home(me, is_person=True)
    (exposure,) = Exposure.objects.all()
    assert (exposure.user_id, exposure.session_key, exposure.in_trial) == (shopper.pk, "", in_trial)


@pytest.mark.parametrize(("visitor_saw", "user_saw", "stays"), [(3, 1, True), (1, 3, False)])
def test_who_was_in_it_twice_counts_once_with_what_came_first(
    experiment, shopper, client, visitor_saw, user_saw, stays
):
    exposed(experiment, in_trial=True, days_ago=visitor_saw, session_key="v1")
    exposed(experiment, in_trial=False, days_ago=user_saw, user=shopper)
    sign_in(shopper, client)
    assert Exposure.objects.get(user=shopper).in_trial is stays
    assert Exposure.objects.count() == 1


def test_signing_in_without_personal_pages_erases_what_the_visitor_was_shown(experiment, shopper, client):
    exposed(experiment, in_trial=True, days_ago=1, session_key="v1")
    shopper.personalised = False
    shopper.save()
    sign_in(shopper, client)
    assert not Exposure.objects.exists()


def test_erasing_the_account_or_the_history_erases_the_exposure_and_nobody_elses(
    experiment, shopper, stranger, client
):
    exposed(experiment, in_trial=True, days_ago=1, user=shopper)
    others = exposed(experiment, in_trial=True, days_ago=1, user=stranger)
    client.force_login(shopper)
    client.post("/account/history/forget/")
    assert list(Exposure.objects.all()) == [others]
    privacy.erase(stranger)
    assert not Exposure.objects.exists()


def test_the_export_tells_what_was_shown(experiment, shopper):
    exposed(experiment, in_trial=True, days_ago=1, user=shopper, list_version=4)
    (told,) = privacy.export(shopper)["experiments"]
    assert told["arrangement"] == "What is popular"
    assert told["list_version"] == 4


# --- Figures ----------------------------------------------------------------------------------------------------------


def test_what_counts_is_done_after_the_first_sight_and_within_the_window(experiment):
    for visitor, days_ago in {"in time": 9, "before": 11, "too late": 2}.items():
        exposed(experiment, in_trial=True, days_ago=10, session_key=visitor)
        did("cart", days_ago=days_ago, session_key=visitor)
    exposed(experiment, in_trial=False, days_ago=10, session_key="only looked")
    did("view", days_ago=9, session_key="only looked")
    comparison = experiments.results(experiment)
    assert (comparison.trial.n, comparison.trial.successes) == (3, 1)
    assert (comparison.control.n, comparison.control.successes) == (1, 0)


@pytest.mark.parametrize(
    ("outcome", "counted"), [("click", {"click", "cart", "purchase"}), ("purchase", {"purchase"})]
)
def test_to_do_more_than_what_counts_counts_too(outcome, counted):
    experiment = Experiment.objects.create(trial=Arrangement.POPULAR, outcome=outcome, days=7)
    for kind in ("view", "click", "cart", "purchase"):
        exposed(experiment, in_trial=True, days_ago=8, session_key=kind)
        did(kind, days_ago=7.5, session_key=kind)
    assert experiments.results(experiment).trial.successes == len(counted)


def test_nobody_is_counted_before_the_window_is_over_nor_who_switched_personal_pages_off(experiment, shopper):
    exposed(experiment, in_trial=True, days_ago=6, session_key="early")
    did("cart", days_ago=5, session_key="early")
    exposed(experiment, in_trial=True, days_ago=8, user=shopper)
    shopper.personalised = False
    shopper.save()
    assert experiments.results(experiment).trial.n == 0
    assert experiments.n_waiting(experiment) == 1


def test_stopping_leaves_the_figures_as_they_are(experiment):
    exposed(experiment, in_trial=True, days_ago=8, session_key="counted")
    exposed(experiment, in_trial=True, days_ago=6, session_key="not over yet")
    assert experiments.stop(experiment)
    assert not experiments.stop(experiment)
    Experiment.objects.update(stopped_at=timezone.now() - timedelta(days=0.5))  # time goes on
    exposed(experiment, in_trial=True, days_ago=7.2, session_key="over only after the end")
    stopped = Experiment.objects.get()
    assert experiments.results(stopped).trial.n == 1
    assert experiments.n_waiting(stopped) == 2


def test_starting_and_stopping_count_on_the_next_page(me, django_capture_on_commit_callbacks):
    experiments.arranged_home(me, is_person=True)
    with django_capture_on_commit_callbacks(execute=True):
        experiments.start(experiment := Experiment(trial=Arrangement.POPULAR))
    experiments.arranged_home(me, is_person=True)
    assert Exposure.objects.count() == 1
    Exposure.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        experiments.stop(experiment)
    experiments.arranged_home(me, is_person=True)
    assert not Exposure.objects.exists()


def test_two_never_run_at_once(experiment):
    with pytest.raises(IntegrityError), transaction.atomic():
        experiments.start(Experiment(trial=Arrangement.BEST_FIRST))


# --- The admin --------------------------------------------------------------------------------------------------------


def test_a_curator_starts_one_sees_that_nothing_may_be_concluded_yet_and_stops_it(desk):
    wish = {"trial": "popular", "outcome": "cart", "days": 7}
    desk.post(f"{ADMIN}add/", wish)
    experiment = Experiment.objects.get()
    page = desk.get(f"{ADMIN}{experiment.pk}/change/").content.decode()
    assert "Nothing may be concluded yet" in page
    assert "by −100.0 to +100.0 percentage points" in page
    assert "Stop it first." in desk.post(f"{ADMIN}add/", wish).content.decode()
    assert f'action="{ADMIN}{experiment.pk}/stop/"' in page
    stopped = desk.post(f"{ADMIN}{experiment.pk}/stop/", follow=True).content.decode()
    assert "Everybody gets the usual page again" in stopped
    assert Experiment.objects.get().stopped_at
    assert "Stop the experiment" not in desk.get(f"{ADMIN}{experiment.pk}/change/").content.decode()


def test_the_page_names_the_better_arm_once_it_may(desk, experiment):
    for number in range(160):
        visitor, in_trial = f"v{number}", number % 2 == 0
        exposed(experiment, in_trial=in_trial, days_ago=9, session_key=visitor)
    product = ProductFactory()
    Interaction.objects.bulk_create(
        Interaction(
            product=product,
            kind="cart",
            session_key=f"v{number}",
            created_at=timezone.now() - timedelta(days=8),
        )
        for number in range(0, 160, 2)
    )
    page = desk.get(f"{ADMIN}{experiment.pk}/change/").content.decode()
    assert "“What is popular” is better than “By taste, spread over categories”" in page


def test_whoever_may_only_look_cannot_start_or_stop(experiment, client):
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_experiment"))
    client.force_login(user)
    assert "Stop the experiment" not in client.get(f"{ADMIN}{experiment.pk}/change/").content.decode()
    assert client.post(f"{ADMIN}{experiment.pk}/stop/").status_code == 403
    assert client.get(f"{ADMIN}add/").status_code == 403
    assert not Experiment.objects.get().stopped_at
