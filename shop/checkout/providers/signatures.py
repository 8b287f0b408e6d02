"""Signatures of the form ``t=<seconds>,v1=<hex>``: HMAC-SHA256 over ``<seconds>.<body>``, as Stripe signs."""

import hashlib
import hmac
import time

from shop.checkout.providers.interface import Forged

TOLERANCE = 300  # seconds that a message may be on its way


def signed(secret: str, body: bytes, stamp: int | None = None) -> str:
    """The header that goes with ``body``."""
    stamp = int(time.time()) if stamp is None else stamp
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def check(secret: str, body: bytes, header: str) -> None:
    """Accept a body whose header holds one right signature (there are two while a secret is changed).

    Raises:
        Forged: otherwise, and for a message that is older than ``TOLERANCE``: somebody may have kept it.
    """
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if not secret or not given or len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit()):
        raise Forged("The message is not signed.")
    expected = _mac(secret, int(stamps[0]), body)
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise Forged("The signature is not ours.")
    if abs(time.time() - int(stamps[0])) > TOLERANCE:
        raise Forged("The message is too old.")


def _mac(secret: str, stamp: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
