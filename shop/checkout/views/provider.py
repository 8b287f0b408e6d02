"""Where shoppers and messages of payment providers come back to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shop.checkout import payments, provider_events
from shop.checkout.access import own_order
from shop.checkout.models import Payment
from shop.checkout.providers import Forged


@never_cache
@require_safe
def payment_return(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """The shopper is back from the provider's page: ask what has become of the payment, and show it.

    It changes nothing that the provider's own message would not change as well, so that a GET may do it.
    """
    order = own_order(request, number)
    payment = order.payments.filter(reference=reference).first()
    if payment is None:
        raise Http404("No such payment.")
    payment = payments.look(payment)
    if payment.status == Payment.Status.DECLINED:
        messages.error(request, payment.message)
        return redirect("payment", order.number)
    return redirect("order", order.number)


@csrf_exempt  # a program writes, known by its signature
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """A message of a payment provider. A forged one is refused; one that was heard before is thanked for again."""
    try:
        provider_events.receive(provider, request.body, request.headers)
    except KeyError as error:
        raise Http404("No such provider.") from error
    except Forged as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
