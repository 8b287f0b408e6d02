"""The Celery application. Tasks live in each app's ``tasks.py``."""

import os
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.signals import beat_init, celeryd_init
from django.conf import settings
from django.db import transaction
from django_structlog.celery.steps import DjangoStructLogInitStep

from shop import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")


class ShopTask(DjangoTask):
    """A task whose queueing after commit never breaks the page that caused it.

    When the broker is away the error is logged and the page is served; beat's sweeps find the work later. ``delay``
    itself is for where somebody waits to hear whether it was queued (a photo, a button, a command): outside of
    transactions, its error answered with a sentence.
    """

    abstract = True

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        def queue() -> None:  # a function, not a partial: Django names it in the log when it fails
            self.delay(*args, **kwargs)

        transaction.on_commit(queue, robust=True)


app = Celery("shop", task_cls=ShopTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@celeryd_init.connect
@beat_init.connect
def find_servers(**kwargs: Any) -> None:
    """Find the embedded servers or start them, where no others are configured."""
    embedded.ensure_running(settings.VAR_DIR, **settings.EMBEDDED_SERVICES)
