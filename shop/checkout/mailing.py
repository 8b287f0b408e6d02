"""The mails about an order: what each says, as text and as HTML."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from shop.checkout.access import link_to
from shop.checkout.models import Order, OrderEvent, OutboxMessage


@dataclass(frozen=True)
class Letter:
    """What a mail says. ``url`` is a link of somebody else's, such as the carrier's; ``lists_pieces``: with all lines
    and sums of the order."""

    subject: str
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    url: str = ""
    url_words: str = ""
    lists_pieces: bool = False


def send(message: OutboxMessage) -> None:
    """Hand the message's mail over to the mail server; a person that was erased meanwhile gets none.

    Raises:
        OSError: when the mail server is away or refuses it.
    """
    order = message.event.order if message.event else message.order
    if not order.email:
        return
    with translation.override(order.language or settings.LANGUAGE_CODE):
        letter = letter_about(message.event) if message.event else _link_letter(order)
        mail = compose(order, letter)
    # The same message has the same id: a mail server or a mailbox that gets it twice can tell.
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    mail.extra_headers["Message-ID"] = f"<order-{order.number}-{message.pk}@{domain}>"
    mail.send()


def compose(order: Order, letter: Letter) -> EmailMultiAlternatives:
    """The mail of a letter, in the language of the moment."""
    context = {
        "order": order,
        "letter": letter,
        "lines": list(order.lines.all()) if letter.lists_pieces else [],
        "shop_name": settings.SHOP_NAME,
        "shop_email": settings.SHOP_EMAIL,
        "language": translation.get_language(),
        "link": f"{settings.SHOP_URL}{link_to(order)}",
    }
    mail = EmailMultiAlternatives(
        subject=letter.subject, body=render_to_string("checkout/mail/letter.txt", context), to=[order.email]
    )
    mail.attach_alternative(render_to_string("checkout/mail/letter.html", context), "text/html")
    return mail


def letter_about(event: OrderEvent) -> Letter:
    """What the shopper is told of an event.

    Raises:
        ValueError: for an event that no mail tells of.
    """
    order, kind = event.order, OrderEvent.Kind
    about = {"number": order.number, "shop": settings.SHOP_NAME, "name": order.name}
    match event.kind:
        case kind.PAID:
            return Letter(
                _("Your order %(number)s at %(shop)s") % about,
                _("Thank you, %(name)s.") % about,
                [_("Your order %(number)s is paid, and we are packing it.") % about],
                lists_pieces=True,
            )
        case kind.SHIPPED:
            return Letter(
                _("Your order %(number)s is on its way") % about,
                _("It is on its way."),
                [event.words],
                url=event.details.get("tracking_url", ""),
                url_words=_("Follow the parcel"),
            )
        case kind.CANCELLED:
            money = (
                _("What you paid goes back to you; another mail tells how much.")
                if order.paid_at
                else _("Nothing was charged.")
            )
            return Letter(
                _("Your order %(number)s is cancelled") % about,
                _("Your order is cancelled."),
                [event.words, money],
            )
        case kind.REFUNDED:
            return Letter(
                _("Money back for your order %(number)s") % about,
                _("Money comes back to you."),
                [event.words, _("It goes the way it came. Banks take up to five working days.")],
            )
        case kind.RETURN_ASKED:
            return Letter(
                _("Your return of order %(number)s") % about,
                _("We have your return."),
                [event.words, _("We look at it and write to you, usually within a working day.")],
            )
        case kind.RETURN_ACCEPTED:
            return Letter(
                _("How to send order %(number)s back") % about,
                _("You may send it back."),
                [
                    _("Put the pieces into a parcel and write the number %(number)s on it.") % about,
                    _("Send it to: %(address)s") % {"address": ", ".join(settings.SHOP_ADDRESS)},
                    _("The money follows when the parcel has arrived here."),
                ],
            )
        case kind.RETURN_REFUSED:
            return Letter(
                _("Your return of order %(number)s") % about,
                _("We cannot take it back."),
                [event.details.get("why", ""), _("Answer to this mail if you see it differently.")],
            )
        case kind.RETURN_RECEIVED:
            return Letter(
                _("Your parcel of order %(number)s has arrived") % about,
                _("Your parcel has arrived here."),
                [_("We look at the pieces now. Another mail tells how much money comes back.")],
            )
    raise ValueError(f"No mail tells of {event.kind!r}.")


def _link_letter(order: Order) -> Letter:
    about = {"number": order.number, "shop": settings.SHOP_NAME}
    return Letter(
        _("The way to your order %(number)s at %(shop)s") % about,
        _("Here is your order."),
        [
            _("Somebody asked us for the way to order %(number)s. If that was not you, ignore this mail.")
            % about
        ],
    )
