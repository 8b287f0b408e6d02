"""Rows of one reason each, made of what was chosen for a shopper. Plain values; no database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.hydration import Answer

FEWEST = 4  # a row of fewer would look like a mistake
LONGEST = 6
NEWS = {
    "back_in_stock": gettext_lazy("Back in stock"),
    "price_drop": gettext_lazy("Costs less than when you looked"),
}
BECAUSE = ("because", "because_wish", "because_cart", "because_purchase", "because_quiz")


@dataclass(frozen=True)
class Rail:
    """A row of a page: everything in it is there for the reason that its title gives."""

    name: str
    title: str
    answers: list[Answer]


def news_rails(answers: Sequence[Answer]) -> list[Rail]:
    """A row for each kind of news about what a shopper met; here a single card is no mistake."""
    rails = [
        Rail(code, str(title), [a for a in answers if a.reason_code == code]) for code, title in NEWS.items()
    ]
    return [
        Rail(rail.name.replace("_", "-"), rail.title, rail.answers[:LONGEST])
        for rail in rails
        if rail.answers
    ]


def rails_of(answers: Sequence[Answer], wished: Collection[int] = ()) -> list[Rail]:
    """The rails that ``answers``, best first, can fill truly: because of one product (the one with most to show),
    by shoppers of the same taste, and with what is on the wish list (``wished``, product ids).

    No product is in two.
    """
    because: dict[tuple[int, str], list[Answer]] = {}
    for answer in answers:
        if answer.reason_code in BECAUSE and answer.because_id:
            because.setdefault((answer.because_id, answer.reason), []).append(answer)
    (_because_id, title), of_one = max(
        because.items(), key=lambda group: len(group[1]), default=((0, ""), [])
    )
    rails = [
        Rail("because", title, of_one),
        Rail("taste", _("Shoppers with your taste"), [a for a in answers if a.reason_code == "taste"]),
        Rail(
            "with-wishes",
            _("Goes with your wish list"),
            [a for a in answers if a.reason_code == "goes_with" and a.because_id in wished],
        ),
    ]
    return [Rail(r.name, r.title, r.answers[:LONGEST]) for r in rails if len(r.answers) >= FEWEST]
