"""News from the apps below."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.shopper import VISITOR_KEY, Shopper
from accounts.signals import personal_data_wanted, wish_added
from recommendations.experiments import exposures_told, merge_exposures
from recommendations.models import Interaction
from recommendations.recording import merge_visitor, record
from recommendations.tasks import attach_products
from vision.signals import picture_analysed


@receiver(wish_added)
def record_wish(sender: Any, shopper: Shopper, product_id: int, **kwargs: Any) -> None:
    record(shopper, product_id, Interaction.Kind.WISH)


@receiver(user_logged_in)
def merge_history(sender: Any, user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    """What a visitor looked at before signing in is the shopper's own from now on."""
    session = getattr(request, "session", None)
    if session is not None:
        visitor = session.get(VISITOR_KEY, "")
        moved = merge_visitor(visitor, user)
        merge_exposures(visitor, user)
        if moved:
            sentence = _("What you looked at before you signed in is part of your history now.")
            messages.info(request, sentence, fail_silently=True)  # not every way to sign in has pages


@receiver(personal_data_wanted)
def tell_the_history(sender: Any, user: User, **kwargs: Any) -> dict[str, Any]:
    """What a shopper did is part of what the shop knows about them."""
    rows = user.interactions.order_by("created_at", "id")
    history = list(rows.values("kind", "product__name", "product__slug", "created_at", "place", "reason"))
    return {"history": history, "experiments": exposures_told(user)}


@receiver(picture_analysed)
def attach_new_products(sender: Any, product_ids: Sequence[int], **kwargs: Any) -> None:
    """A product whose picture has just been looked at gets its place in the network."""
    attach_products.delay_on_commit(list(product_ids))
