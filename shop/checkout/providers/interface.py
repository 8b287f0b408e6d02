"""What every payment provider can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from shop.checkout.models import OutboxMessage, Payment, Refund

State = Literal["paid", "declined", "redirect", "waiting"]


@dataclass(frozen=True)
class Outcome:
    """What a provider says to an attempt to pay.

    Paid; declined (``message`` tells the shopper why); redirect: send the shopper to ``url``; waiting: the answer comes
    later by itself. ``reference`` is the provider's own name for the payment, if it has one.
    """

    state: State
    message: str = ""
    url: str = ""
    reference: str = ""


@dataclass(frozen=True)
class News:
    """What a message of a provider says. ``reference`` is ours, of a payment; ``is_paid`` is None where the message
    does not tell. ``failed_refund`` is the id of a refund that did not get through."""

    event_id: str
    kind: str
    reference: str = ""
    is_paid: bool | None = None
    amount: Decimal | None = None
    message: str = ""
    failed_refund: int | None = None


class Forged(Exception):
    """A message that does not come from the provider, or cannot be read."""


class ProviderRefused(Exception):
    """The provider will not do it, however often it is asked; ``str(error)`` says why."""


class Provider(Protocol):
    """Somebody who moves money."""

    name: str

    @property
    def choices(self) -> Mapping[str, str]:
        """The ways to pay, each with its words for the shopper."""

    def start(self, payment: Payment, choice: str) -> Outcome:
        """Ask for the payment's amount. Called outside of any transaction: it may take its time.

        Raises:
            OSError: when the provider is away.
            ProviderRefused: when it will not take the payment.
        """

    def look(self, payment: Payment) -> News | None:
        """What has become of a pending payment; None: nothing that is final. Raises ``OSError`` when away."""

    def refund(self, refund: Refund) -> None:
        """Give the refund's amount back; the same ``refund.key`` again gives nothing more.

        Raises:
            OSError: when the provider is away.
            ProviderRefused: when it will not.
        """

    def read(self, body: bytes, headers: Mapping[str, str]) -> News:
        """Understand a message that came to ``/payments/<name>/webhook/``.

        Raises:
            Forged: when its signature is not the provider's, or too old.
        """

    def answer(self, message: OutboxMessage) -> None:
        """Send what the provider has put into the outbox itself; most put nothing there."""
