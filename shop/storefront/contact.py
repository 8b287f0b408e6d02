"""The contact page."""

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.limits import may_again
from shop.storefront.forms import ContactForm
from shop.storefront.tasks import mail_contact_message

MESSAGES_PER_HOUR = 5
TOO_MANY = _(
    "You have written several times within the hour. We have your messages; please try again a little later."
)
THANKS = _("Thank you. Your message has arrived, and we answer by e-mail, usually within a day.")


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Take a message, keep it, and have a worker mail it."""
    if request.method != "POST":
        return render(request, "storefront/contact.html", {"form": ContactForm(initial=_known(request))})
    form = ContactForm(request.POST)
    if form.is_from_a_program:  # it gets the same answer as everybody, and nothing is kept
        messages.success(request, THANKS)
        return redirect("contact")
    if not form.is_valid():
        return render(request, "storefront/contact.html", {"form": form}, status=400)
    if not may_again(
        "contact", get_client_ip_address(request) or "", most=MESSAGES_PER_HOUR, seconds=60 * 60
    ):
        form.add_error(None, TOO_MANY)
        return render(request, "storefront/contact.html", {"form": form}, status=429)
    message = form.save(commit=False)
    message.user = request.user if request.user.is_authenticated else None
    message.save()
    mail_contact_message.delay_on_commit(message.pk)
    messages.success(request, THANKS)
    return redirect("contact")


def _known(request: HttpRequest) -> dict[str, str]:
    if not request.user.is_authenticated:
        return {}
    return {"name": request.user.get_full_name(), "email": request.user.email}
