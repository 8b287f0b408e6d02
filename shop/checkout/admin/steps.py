"""Rows that nobody edits, but that staff move along by buttons, each with what it has to know."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from catalog.admin.read_only import ReadOnlyAdmin


class StepForm(forms.Form):
    """What a step asks for about ``row``; most ask for nothing."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row


class Step(NamedTuple):
    """Something that staff may do with a row; ``past`` is said when it is done. ``move(row, by=user, **details)`` takes
    what ``form`` asks for and returns False when the row was not where the step begins. What is final asks twice."""

    name: str
    words: str
    past: str
    move: Callable[..., bool]
    form: type[StepForm] = StepForm
    is_final: bool = False


class SteppedAdmin(ReadOnlyAdmin):
    """Offers the steps of a row's state. ``refusals`` are exceptions whose text is for staff."""

    steps: Mapping[str, tuple[Step, ...]] = {}
    state_field = "status"
    refusals: tuple[type[Exception], ...] = ()
    change_form_outer_before_template = "admin/checkout/steps.html"

    def get_urls(self) -> list[URLPattern]:
        step = self.admin_site.admin_view(require_POST(self.step))
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        return [path("<int:pk>/step/<slug:name>/", step, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row and self.may_act(request):
            steps = self.steps.get(getattr(row, self.state_field), ())
            context["steps"] = [
                (step, step.form(row=row), self._address("step", row.pk, step.name)) for step in steps
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def step(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Move a row along, if it is still where the page showed it."""
        if not self.may_act(request):
            raise PermissionDenied
        row = get_object_or_404(self.model, pk=pk)
        step = next((step for steps in self.steps.values() for step in steps if step.name == name), None)
        if step is None:
            raise Http404
        form = step.form(request.POST, row=row)
        if form.is_valid():
            self.message_user(request, *self._moved(request, row, step, form.cleaned_data))
        else:
            sentences = " ".join(f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items())
            self.message_user(request, f"Nothing was changed. {sentences}", messages.ERROR)
        return HttpResponseRedirect(self._address("change", row.pk))

    def _moved(
        self, request: HttpRequest, row: Model, step: Step, details: dict[str, Any]
    ) -> tuple[str, int]:
        """Take the step. Returns what staff are told, and how loudly."""
        try:
            is_moved = step.move(row, by=request.user, **details)
        except self.refusals as refusal:
            return str(refusal), messages.ERROR
        if is_moved:
            self.log_change(request, row, step.past)
            return f"{row}: {step.past}", messages.SUCCESS
        row.refresh_from_db()
        state = self.state_of(row).lower()
        return f"{row} is {state} by now; somebody was faster. Nothing was changed.", messages.ERROR

    def state_of(self, row: Any) -> str:
        """The row's state in words."""
        return str(getattr(row, f"get_{self.state_field}_display")())

    def _address(self, page: str, *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)
