"""The queue of what waits to be read: published or refused with one click, in the list or on its own page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import linebreaksbr, truncatechars
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin, StackedInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from shop.reviews import tasks
from shop.reviews.models import Answer, Contribution, Question, Review, ReviewPhoto
from shop.reviews.moderating import StillPreparing, answer_as_staff, publish, refuse
from shop.reviews.rating import STARS

STATUS_LABELS = {"Waiting": "warning", "Published": "success", "Refused": "danger"}
PUBLISH = "publish"


class ModeratedAdmin(ModelAdmin):
    """Nobody writes or changes what a shopper said: it is published or refused, or deleted."""

    list_filter = [("status", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter)]
    list_filter_submit = True
    list_per_page = 50
    ordering = ["-created_at", "-id"]
    view_on_site = False
    actions = ["publish_chosen"]
    change_form_outer_before_template = "admin/reviews/decide.html"

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        return [path("<int:pk>/decide/", decide, name=self._decide_name), *super().get_urls()]

    @property
    def _decide_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_decide"

    @display(description="Status", label=STATUS_LABELS, ordering="status")
    def state(self, row: Contribution) -> str:
        return row.get_status_display()

    @admin.display(description="words")
    def all_words(self, row: Contribution) -> SafeString:
        return linebreaksbr(row.words)

    @admin.display(description="Words")
    def some_words(self, row: Contribution) -> str:
        return truncatechars(row.words, 140)

    @admin.display(description="Decide")
    def buttons(self, row: Contribution) -> SafeString:
        """One button for each decision. They belong to the list's own form, whose token protects them."""
        decide = reverse(f"admin:{self._decide_name}", args=[row.pk])
        choices = [] if row.is_published else [(PUBLISH, "Publish")]
        if row.status != Contribution.Status.REFUSED:
            choices += [(value, f"Refuse: {words.lower()}") for value, words in Contribution.Refusal.choices]
        rows = ((decide, value, words) for value, words in choices)
        button = '<button class="tool" type="submit" formaction="{}" name="decision" value="{}">{}</button>'
        return format_html(
            '<details class="sure" {}><summary class="tool">Decide…</summary>{}</details>',
            SafeString("open" if row.status == Contribution.Status.WAITING else ""),
            format_html_join(" ", button, rows),
        )

    def get_list_display(self, request: HttpRequest) -> list[str]:
        shown = list(super().get_list_display(request))
        return [*shown, "buttons"] if self.has_change_permission(request) else shown

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row and self.has_change_permission(request, row):
            context["decide_address"] = reverse(f"admin:{self._decide_name}", args=[row.pk])
            context["refusals"] = Contribution.Refusal.choices
        return super().render_change_form(request, context, *args, **kwargs)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish it or refuse it for a reason, and go back to the list."""
        row = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        decision = request.POST.get("decision", "")
        if decision == PUBLISH:
            self._publish(request, row)
        elif decision in Contribution.Refusal.values:
            if refuse(row, decision):
                self.log_change(request, row, f"Refused: {Contribution.Refusal(decision).label.lower()}.")
            self.message_user(request, f"“{row}” is refused.", messages.SUCCESS)
        else:
            return HttpResponseBadRequest("Choose to publish, or a reason to refuse.")
        opts = self.opts
        return HttpResponseRedirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))

    @admin.action(description="Publish", permissions=["change"])
    def publish_chosen(self, request: HttpRequest, queryset: QuerySet[Contribution]) -> None:
        for row in queryset:
            self._publish(request, row)

    def _publish(self, request: HttpRequest, row: Contribution) -> None:
        try:
            is_new = publish(row)
        except StillPreparing:
            sentence = f"The pictures of “{row}” are not ready to be looked at. Try again in a minute."
            self.message_user(request, sentence, messages.ERROR)
            return
        if is_new:
            self.log_change(request, row, "Published.")
            self.after_publishing(row)
        self.message_user(request, f"“{row}” can be read in the shop.", messages.SUCCESS)

    def after_publishing(self, row: Contribution) -> None:
        """What else follows."""


@admin.register(Review)
class ReviewAdmin(ModeratedAdmin):
    """What buyers say."""

    list_display = ["title", "rating", "product", "some_words", "pictures", "state"]
    list_filter = ["stars", *ModeratedAdmin.list_filter]
    list_select_related = ["product"]
    search_fields = ["title", "words", "author", "product__name"]
    fields = [
        "state", "refusal", "rating", "title", "all_words", "pictures", "fit", "size", "product", "author", "user",
        "helpful", "created_at", "published_at",
    ]  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return super().get_queryset(request).prefetch_related("photos")

    @admin.display(description="Stars", ordering="stars")
    def rating(self, review: Review) -> str:
        return "★" * review.stars + "☆" * (STARS - review.stars)

    @admin.display(description="Pictures")
    def pictures(self, review: Review) -> SafeString | str:
        photos = review.photos.all()
        ready = [photo for photo in photos if photo.state == ReviewPhoto.State.READY]
        waiting = sum(photo.state == ReviewPhoto.State.WAITING for photo in photos)
        shown = format_html_join(
            " ",
            '<a href="{}"><img src="{}" alt="{}" width="48" height="64" loading="lazy"></a>',
            ((photo.url, photo.url_for(160), str(photo)) for photo in ready),
        )
        return format_html("{} {} on their way", shown, waiting) if waiting else shown or "–"


class AnswerForm(forms.ModelForm):
    class Meta:
        model = Answer
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}


class AnswerInline(StackedInline):
    """The shop's own answer; those of buyers have a list of their own."""

    model = Answer
    form = AnswerForm
    extra = 1
    max_num = 1
    verbose_name = "answer of the shop"
    verbose_name_plural = "answer of the shop"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).filter(is_staff=True)


@admin.register(Question)
class QuestionAdmin(ModeratedAdmin):
    """What shoppers ask. The shop's answer is written here; whoever asked is told of it once the question is shown."""

    list_display = ["some_words", "product", "author", "answered", "state"]
    list_select_related = ["product"]
    search_fields = ["words", "author", "email", "product__name"]
    fields = [
        "state",
        "refusal",
        "all_words",
        "product",
        "author",
        "user",
        "email",
        "created_at",
        "published_at",
    ]
    readonly_fields = fields
    inlines = [AnswerInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        published = Count("answers", filter=Q(answers__status=Answer.Status.PUBLISHED))
        return super().get_queryset(request).annotate(n_answers=published)

    @admin.display(description="Answers", ordering="n_answers")
    def answered(self, question: Question) -> int:
        return question.n_answers

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for answer in formset.save(commit=False):
            answer_as_staff(request.user, answer)
            tasks.mail_answer.delay_on_commit(answer.pk)
        for answer in formset.deleted_objects:
            answer.delete()

    def after_publishing(self, row: Contribution) -> None:
        """Answers that waited for the question can be read now."""
        for pk in Answer.objects.filter(question=row.pk, status=Answer.Status.PUBLISHED).values_list(
            "pk", flat=True
        ):
            tasks.mail_answer.delay_on_commit(pk)


@admin.register(Answer)
class AnswerAdmin(ModeratedAdmin):
    """What buyers answer."""

    list_display = ["some_words", "asked", "author", "state"]
    search_fields = ["words", "author", "question__words"]
    fields = [
        "state",
        "refusal",
        "asked",
        "all_words",
        "author",
        "user",
        "is_staff",
        "created_at",
        "published_at",
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).select_related("question")

    @admin.display(description="Question")
    def asked(self, answer: Answer) -> str:
        return str(answer.question)

    def after_publishing(self, row: Contribution) -> None:
        tasks.mail_answer.delay_on_commit(row.pk)
