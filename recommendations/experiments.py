"""Experiments on the home page: who is in which arm, what they were shown first, and what came of it.

None runs until somebody starts one in the admin. Nobody is in one who is unknown, wants no personal pages, or is no
person; nothing is written down about them.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.fields import DateTimeField
from django.utils import timezone

from accounts.models import User
from accounts.shopper import Shopper
from recommendations.experiment_results import Comparison, compare
from recommendations.exposures import Arrangement, Experiment, Exposure
from recommendations.models import Interaction
from recommendations.serving import Home, home_for

RUNNING = "running-experiment"  # in the cache, so that a page without an experiment asks the database for nothing more
RUNNING_SECONDS = 60
COUNTING = {
    Experiment.Outcome.CLICK: (Interaction.Kind.CLICK, Interaction.Kind.CART, Interaction.Kind.PURCHASE),
    Experiment.Outcome.CART: (Interaction.Kind.CART, Interaction.Kind.PURCHASE),
    Experiment.Outcome.PURCHASE: (Interaction.Kind.PURCHASE,),
}


def arranged_home(shopper: Shopper, n: int = 24, *, is_person: bool) -> Home:
    """``home_for``, arranged as the running experiment, if any, has it for this shopper.

    The arms differ for those of whom something is known that they like: the first such page is written down.
    """
    taking_part = is_person and shopper.is_known and shopper.personalised
    experiment = _running() if taking_part else None
    if experiment is None:
        return home_for(shopper, n)
    pk, trial = experiment
    known = _exposures_of(shopper).filter(experiment=pk).values_list("in_trial", flat=True).first()
    in_trial = falls_into_trial(pk, shopper) if known is None else known
    home = home_for(shopper, n, arrangement=Arrangement(trial) if in_trial else Arrangement.TASTE)
    if known is None and home.knows_taste:
        exposure = Exposure(
            experiment_id=pk,
            user_id=shopper.user_id,
            session_key="" if shopper.user_id else shopper.visitor,
            in_trial=in_trial,
            list_version=home.version,
        )
        Exposure.objects.bulk_create(
            [exposure], ignore_conflicts=True
        )  # two pages may open at the same moment
    return home


def falls_into_trial(experiment_id: int, shopper: Shopper) -> bool:
    """A coin that falls for the same shopper and experiment always alike."""
    who = f"user {shopper.user_id}" if shopper.user_id is not None else f"visitor {shopper.visitor}"
    return sha256(f"experiment {experiment_id}, {who}".encode()).digest()[0] % 2 == 1


def start(experiment: Experiment) -> None:
    """Begin a new experiment.

    Raises:
        IntegrityError: when another one is running.
    """
    experiment.save(force_insert=True)
    transaction.on_commit(lambda: cache.delete(RUNNING))


def stop(experiment: Experiment) -> bool:
    """End it: everybody gets the usual arrangement again. False when it was over already."""
    stopped = Experiment.objects.filter(pk=experiment.pk, stopped_at=None).update(stopped_at=timezone.now())
    transaction.on_commit(lambda: cache.delete(RUNNING))
    return bool(stopped)


def results(experiment: Experiment) -> Comparison:
    """The arms compared by all whose window was over while the experiment ran, in the order in which they came.

    Nobody is counted sooner, not even whose outcome is known: successes show before failures do.
    """
    rows = _counted(experiment).annotate(
        until=ExpressionWrapper(F("shown_at") + experiment.window, output_field=DateTimeField())
    )
    done = Interaction.objects.filter(
        kind__in=COUNTING[Experiment.Outcome(experiment.outcome)],
        created_at__gt=OuterRef("shown_at"),
        created_at__lte=OuterRef("until"),
    )
    by_user = done.filter(user_id=OuterRef("user_id"))
    by_visitor = done.filter(user=None, session_key=OuterRef("session_key"))
    pairs = list(
        rows.annotate(succeeded=Q(Exists(by_user)) | Q(Exists(by_visitor))).values_list(
            "in_trial", "succeeded"
        )
    )
    return compare([in_trial for in_trial, _ in pairs], [succeeded for _, succeeded in pairs])


def n_waiting(experiment: Experiment) -> int:
    """How many were shown the difference and are not counted: their window is not over, or was not at the end."""
    return _willing(experiment).filter(shown_at__gt=experiment.counted_until).count()


def merge_exposures(visitor: str, user: User) -> None:
    """Hand what the anonymous ``visitor`` was shown to ``user``, who has just signed in with that session, and with it
    the arm. Who was in an experiment twice counts once, with what they saw first. A user who wants no personal pages
    gets nothing: the visitor's rows are erased."""
    if not visitor:
        return
    with transaction.atomic():
        rows = Exposure.objects.select_for_update().filter(session_key=visitor, user=None)
        if not user.personalised:
            rows.delete()
            return
        for row in rows:
            own = Exposure.objects.filter(user=user, experiment=row.experiment_id)
            own.filter(shown_at__gt=row.shown_at).delete()
            row.user, row.session_key = user, ""
            try:
                with transaction.atomic():
                    row.save(update_fields=["user", "session_key"])
            except IntegrityError:  # the user saw theirs first, perhaps in another window just now
                Exposure.objects.filter(pk=row.pk).delete()


def forget_exposures(shopper: Shopper) -> int:
    """Erase what the shopper was shown, in every experiment. Returns how many rows went."""
    return _exposures_of(shopper).delete()[0] if shopper.is_known else 0


def exposures_told(user: User) -> Sequence[dict[str, object]]:
    """What is known of the user's part in experiments, as plain values."""
    return [
        {
            "arrangement": Arrangement(row.experiment.trial if row.in_trial else Arrangement.TASTE).label,
            "list_version": row.list_version,
            "first_shown_at": row.shown_at,
        }
        for row in user.exposures.select_related("experiment")
    ]


def _running() -> tuple[int, str] | None:
    """The running experiment's id and what it tries."""
    known = cache.get(RUNNING)
    if known is None:
        known = list(Experiment.objects.filter(stopped_at=None).values_list("pk", "trial").first() or ())
        cache.set(RUNNING, known, RUNNING_SECONDS)
    return (known[0], known[1]) if known else None


def _exposures_of(shopper: Shopper) -> QuerySet[Exposure]:
    """The rows of a known shopper."""
    if shopper.user_id is not None:
        return Exposure.objects.filter(user_id=shopper.user_id)
    return Exposure.objects.filter(session_key=shopper.visitor, user=None)


def _willing(experiment: Experiment) -> QuerySet[Exposure]:
    """The exposures of those who have not switched personal pages off since."""
    return experiment.exposures.exclude(user__personalised=False)


def _counted(experiment: Experiment) -> QuerySet[Exposure]:
    return _willing(experiment).filter(shown_at__lte=experiment.counted_until).order_by("shown_at", "pk")
