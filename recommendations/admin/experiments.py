"""Experiments: start one, see what it tells so far, stop it. They stay, so that nobody forgets what has been tried."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from catalog.admin.read_only import ReadOnlyAdmin
from recommendations import experiments
from recommendations.experiment_results import conclusion
from recommendations.exposures import Arrangement, Experiment


class ExperimentForm(forms.ModelForm):
    """What to try. To save it is to start it."""

    class Meta:
        model = Experiment
        fields = ["trial", "outcome", "days"]

    def clean(self) -> dict[str, Any]:
        running = Experiment.objects.filter(stopped_at=None).first()
        if running is not None:
            raise forms.ValidationError(
                f"{running} is still running, and two at once would blur each other. Stop it first."
            )
        return super().clean()


@admin.register(Experiment)
class ExperimentAdmin(ReadOnlyAdmin):
    """A list of what was tried, and a page for each with its figures."""

    form = ExperimentForm
    list_display = ["number", "trial", "outcome", "days", "state", "started_at", "stopped_at"]
    list_display_links = ["number"]
    list_before_template = "admin/recommendations/experiment_words.html"
    change_form_outer_after_template = "admin/recommendations/experiment.html"

    @admin.display(description="Experiment", ordering="pk")
    def number(self, experiment: Experiment) -> str:
        return f"No. {experiment.pk}"

    @display(description="Status", label={"Running": "success", "Stopped": "info"})
    def state(self, experiment: Experiment) -> str:
        return "Stopped" if experiment.stopped_at else "Running"

    def get_fields(self, request: HttpRequest, obj: Experiment | None = None) -> list[str]:
        asked = ["trial", "outcome", "days"]
        return asked if obj is None else [*asked, "started_at", "stopped_at"]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return ModelAdmin.has_add_permission(self, request)

    def save_model(self, request: HttpRequest, obj: Experiment, form: forms.ModelForm, change: bool) -> None:
        experiments.start(obj)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.stop))
        return [path("<int:pk>/stop/", view, name="recommendations_experiment_stop"), *super().get_urls()]

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End an experiment; its figures stay as they are now."""
        if not self.may_act(request):
            raise PermissionDenied
        experiment = get_object_or_404(Experiment, pk=pk)
        if experiments.stop(experiment):
            self.log_change(request, experiment, "Stopped.")
            words = "Stopped. Everybody gets the usual page again; the figures below stay."
        else:
            words = "It was over already; nothing has changed."
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:recommendations_experiment_change", pk)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        experiment = Experiment.objects.filter(pk=object_id).first() if (object_id or "").isdigit() else None
        may_see = experiment is not None and self.has_view_permission(request, experiment)
        figures = {**figures_of(experiment), "may_stop": self.may_act(request)} if may_see else {}
        return super().changeform_view(request, object_id, form_url, {**figures, **(extra_context or {})})


def figures_of(experiment: Experiment) -> dict[str, Any]:
    """What the page of an experiment shows."""
    comparison = experiments.results(experiment)
    usual, tried = Arrangement.TASTE.label, experiment.get_trial_display()
    return {
        "experiment": experiment,
        "arms": [
            (f"{usual} (as ever)", comparison.control),
            (f"{tried} (tried)", comparison.trial),
        ],
        "low": comparison.low,
        "high": comparison.high,
        "conclusion": conclusion(comparison, f"“{usual}”", f"“{tried}”"),
        "n_waiting": experiments.n_waiting(experiment),
    }
