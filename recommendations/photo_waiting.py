"""From the worker that has answered a photo to the request that waits for it: PostgreSQL's NOTIFY, since whoever waits
has a connection open anyway and the answer is visible once it is heard."""

import selectors
import time

from django.db import connection

from vision.models import PhotoQuery

# Seconds after which one looks even if nothing was heard: NOTIFY does not pass a pooler that shares connections.
LOOK_AGAIN = 0.25


def announce(query: PhotoQuery) -> None:
    """Tell whoever waits that ``query`` is finished; they hear it when the transaction around this commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [_channel(query)])


def wait_for(query: PhotoQuery, seconds: float) -> PhotoQuery:
    """The query once it is finished, or as it is after so many seconds."""
    if not seconds:
        return query
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        cursor.execute(f'LISTEN "{_channel(query)}"')
        try:
            # Listening comes first: an answer that comes between is not missed.
            query.refresh_from_db(fields=["status"])
            while not query.is_finished and (left := until - time.monotonic()) > 0:
                _listen(min(left, LOOK_AGAIN))
                query.refresh_from_db(fields=["status"])
        finally:
            cursor.execute("UNLISTEN *")
    query.refresh_from_db(fields=["status", "progress", "answer", "refused", "message", "width", "height"])
    return query


def _listen(seconds: float) -> None:
    """Wait until the database has something to say, at most so long."""
    raw = connection.connection
    with selectors.DefaultSelector() as selector:
        selector.register(raw, selectors.EVENT_READ)
        selector.select(seconds)
    raw.poll()
    raw.notifies.clear()


def _channel(query: PhotoQuery) -> str:
    return f"photo_{query.pk.hex}"
