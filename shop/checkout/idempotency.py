"""Writes that may be sent twice and must happen once.

The answer of a write is stored under the caller's key in the write's own transaction: a process that dies half-way
leaves neither. An advisory lock of that transaction marks the key as running, so that it too disappears with it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shop.checkout.models import IdempotencyKey

MAX_KEY_LENGTH = 100
LIFETIME = timedelta(days=2)


class StillRunning(Exception):
    """The first call with this key has not answered yet (HTTP 409, with Retry-After)."""


class KeyReused(Exception):
    """The key was used for another request (HTTP 422)."""


@dataclass(frozen=True)
class StoredAnswer:
    """The answer of a write, and whether it was given before."""

    status_code: int
    body: Any
    is_replay: bool


def fingerprint_of(method: str, path: str, body: bytes) -> str:
    """SHA-256 of what makes two requests the same request."""
    return hashlib.sha256(b"\0".join([method.upper().encode(), path.encode(), body])).hexdigest()


def answer_once(
    key: str, caller: str, fingerprint: str, write: Callable[[], tuple[int, Any]], *, wait: bool = False
) -> StoredAnswer:
    """Run ``write`` unless ``caller`` did so with ``key`` before; then replay its (status code, JSON body).

    An exception of ``write`` undoes everything, the key included, so that the caller may try again. While another
    call with the key runs, ``wait`` waits for its answer; otherwise the caller is told.

    Raises:
        ValueError: for an empty or over-long key.
        StillRunning: see above.
        KeyReused: when the stored answer belongs to another ``fingerprint``.
    """
    if not key or len(key) > MAX_KEY_LENGTH:
        raise ValueError(f"An idempotency key has 1 to {MAX_KEY_LENGTH} characters.")
    with transaction.atomic():
        if not _claim(f"{caller}\0{key}", wait=wait):
            raise StillRunning
        stored = IdempotencyKey.objects.filter(key=key, caller=caller).first()
        if stored is not None:
            if stored.fingerprint != fingerprint:
                raise KeyReused
            return StoredAnswer(stored.status_code, stored.body, is_replay=True)
        status_code, body = write()
        IdempotencyKey.objects.create(
            key=key, caller=caller, fingerprint=fingerprint, status_code=status_code, body=body
        )
    return StoredAnswer(status_code, body, is_replay=False)


def forget_old_answers() -> int:
    """Delete answers that nobody will ask for again. Returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - LIFETIME).delete()[0]


def _claim(name: str, *, wait: bool) -> bool:
    """Take the transaction's lock on ``name``; without ``wait``, False when another transaction holds it."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return cursor.fetchone()[0]
