"""Who is looking at this page: a user, or a visitor known by a number in the session."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest

VISITOR_KEY = "visitor"
PERSONALISED_KEY = "personalised"


@dataclass(frozen=True)
class Shopper:
    """A user (``user_id``) or an anonymous visitor (``visitor``); both are empty before the first click.

    ``personalised`` is False when the shopper wants nothing recorded and no personal pages.
    """

    user_id: int | None = None
    visitor: str = ""
    personalised: bool = True

    @property
    def is_known(self) -> bool:
        return self.user_id is not None or bool(self.visitor)


def shopper_of(request: HttpRequest, *, create: bool = False) -> Shopper:
    """The shopper behind ``request``; with ``create`` a new visitor gets a number (and so a session cookie)."""
    if request.user.is_authenticated:
        return Shopper(user_id=request.user.pk, personalised=request.user.personalised)
    personalised = request.session.get(PERSONALISED_KEY, True)
    if create and VISITOR_KEY not in request.session:
        request.session[VISITOR_KEY] = uuid.uuid4().hex
    return Shopper(visitor=request.session.get(VISITOR_KEY, ""), personalised=personalised)
