"""What a shopper types."""

from django.test import Client

DELIVERY = {
    "email": "guest@example.com",
    "name": "Gwen Guest",
    "street": "7 Bobbin Street",
    "postcode": "1010",
    "city": "Vienna",
    "country": "AT",
}


def checkout_form(client: Client, **changes: str) -> dict[str, str]:
    """What the checkout page's form sends when it is filled in."""
    form = client.get("/checkout/").context["form"]
    return {"seen": form["seen"].value(), "token": form["token"].value(), **DELIVERY, **changes}
