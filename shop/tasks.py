"""House-keeping."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="shop.clear_sessions")
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    call_command("clearsessions")
