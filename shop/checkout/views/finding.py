"""Find my order: for guests who have lost the mail."""

from axes.helpers import get_client_ip_address
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shop.checkout import finding


class FindForm(forms.Form):
    """The two things that the shopper knows of an order."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    number = forms.CharField(
        label=gettext_lazy("Order number"),
        max_length=20,
        help_text=gettext_lazy("Ten letters and digits, such as 7KX2M9QRTA."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_number(self) -> str:
        return self.cleaned_data["number"].replace(" ", "")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find_order(request: HttpRequest) -> HttpResponse:
    """Mail the way to an order. The answer is the same whether there is such an order or not."""
    if request.method != "POST":
        return render(request, "checkout/find_order.html", {"form": FindForm()})
    form = FindForm(request.POST)
    if not form.is_valid():
        return render(request, "checkout/find_order.html", {"form": form}, status=422)
    if not finding.may_ask(get_client_ip_address(request) or ""):
        form.add_error(None, _("That was a lot of questions. Come back in an hour, or write to us."))
        return render(request, "checkout/find_order.html", {"form": form}, status=429)
    finding.mail_the_way(form.cleaned_data["email"], form.cleaned_data["number"])
    messages.success(
        request,
        _("If there is such an order, the way to it is on its way to that address. Look into your mail."),
    )
    return redirect("order_find")
