"""Where a shopper's bag is reckoned to go, before an address says so: as chosen last in this session."""

from django.conf import settings
from django.http import HttpRequest

from accounts.countries import COUNTRIES
from shop.checkout.terms import Destination

DESTINATION_KEY = "destination"


def usual_destination(request: HttpRequest) -> Destination:
    """What the shopper chose last; a newcomer's bag goes to the shop's own country."""
    chosen = request.session.get(DESTINATION_KEY, {})
    country = chosen.get("country")
    return Destination(country if country in COUNTRIES else settings.DEFAULT_COUNTRY, chosen.get("method"))


def remember_destination(request: HttpRequest, destination: Destination) -> None:
    """Keep the choice for the bag page and the next order."""
    chosen = {"country": destination.country, "method": destination.method}
    if request.session.get(DESTINATION_KEY) != chosen:
        request.session[DESTINATION_KEY] = chosen
