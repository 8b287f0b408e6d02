"""Pages of reviews and questions."""

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.limits import may_again
from accounts.redirects import back_to
from accounts.shopper import shopper_of
from catalog.models import Product
from shop.reviews import tasks
from shop.reviews.forms import AnswerForm, QuestionForm, ReviewForm
from shop.reviews.models import Question, Review, ReviewPhoto
from shop.reviews.reading import SORTS, ReviewQuery, page_of_reviews, questions_about, rating_of
from shop.reviews.writing import (
    NotABuyer,
    answer_as_buyer,
    ask,
    purchases_of,
    review_of,
    save_review,
    sizes_bought,
    toggle_helpful,
)

HOUR = 60 * 60
VOTES_PER_HOUR = 60
QUESTIONS_PER_HOUR = 5


@require_safe
@cache_control(private=True, no_cache=True)
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """All reviews of a style, filtered and in the order that the shopper wants."""
    product = _product(slug)
    query = ReviewQuery.parse(request.GET)
    context = {
        "product": product,
        "rating": rating_of(product),
        "query": query,
        "page": page_of_reviews(product, query, shopper_of(request)),
        "sorts": [(query.sorted_by(sort), sort == query.sort, sort) for sort in SORTS],
    }
    return render(request, "reviews/reviews.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a buyer's review, new or to be changed."""
    product = _product(slug)
    lines = list(purchases_of(request.user, product))
    if not lines:
        return _only_buyers(request, product)
    review = review_of(request.user, product)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        instance=review,
        sizes=sizes_bought(lines),
        has_sizes=any(line.size for line in lines),
        initial={} if review else {"author": request.user.first_name, "size": lines[0].size},
    )
    if request.method == "POST" and form.is_valid():
        photos = form.cleaned_data["photos"]
        without = [photo.pk for photo in form.cleaned_data.get("without") or ()]
        saved, _is_new = save_review(request.user, product, form.said(), photos=photos, without=without)
        if photos:
            tasks.render_photos.delay_on_commit(saved.pk)
        messages.success(request, _("Thank you. Your review is shown as soon as we have read it."))
        return redirect(product)
    context = {"product": product, "form": form, "review": review, "broken": _broken(review)}
    return render(request, "reviews/write.html", context, status=400 if form.is_bound else 200)


@login_required
@require_POST
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Take one's own review away."""
    product = _product(slug)
    review = review_of(request.user, product)
    if review is not None:
        review.delete()
        messages.success(request, _("Your review is deleted."))
    return redirect(product)


@require_POST
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """Find a review helpful, or no longer."""
    review = get_object_or_404(
        Review.objects.select_related("product"), pk=pk, status=Review.Status.PUBLISHED
    )
    if _may_again(request, "helpful", VOTES_PER_HOUR):
        toggle_helpful(review, shopper_of(request, create=True))
    else:
        messages.error(request, _("That was a lot of votes. Please try again a little later."))
    return back_to(request, reverse("reviews", args=[review.product.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions about a style with their answers, and the form of a new one."""
    product = _product(slug)
    signed_in = request.user.is_authenticated
    if request.method != "POST":
        known = {"author": request.user.first_name} if signed_in else {}
        return _questions(request, product, QuestionForm(initial=known, signed_in=signed_in))
    form = QuestionForm(request.POST, signed_in=signed_in)
    thanks = _("Thank you. We read your question, show it here, and tell you by e-mail when it is answered.")
    if form.is_from_a_program:  # it gets the same answer as everybody, and nothing is kept
        messages.success(request, thanks)
        return redirect("questions", product.slug)
    if not form.is_valid():
        return _questions(request, product, form, status=400)
    if not _may_again(request, "question", QUESTIONS_PER_HOUR):
        form.add_error(
            None, _("You have asked several times within the hour. Please try again a little later.")
        )
        return _questions(request, product, form, status=429)
    ask(
        product,
        form.cleaned_data["words"],
        form.cleaned_data["author"],
        user=request.user if signed_in else None,
        email=form.cleaned_data.get("email", ""),
    )
    messages.success(request, thanks)
    return redirect("questions", product.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The form in which a buyer answers a question."""
    published = Question.objects.filter(
        status=Question.Status.PUBLISHED, product__status=Product.Status.ACTIVE
    )
    question = get_object_or_404(published.select_related("product"), pk=pk)
    if not purchases_of(request.user, question.product).exists():
        return _only_buyers(request, question.product)
    form = AnswerForm(request.POST or None, initial={"author": request.user.first_name})
    if form.is_valid():
        try:
            answer_as_buyer(request.user, question, form.cleaned_data["words"], form.cleaned_data["author"])
        except NotABuyer:
            return _only_buyers(request, question.product)
        messages.success(request, _("Thank you. Your answer is shown as soon as we have read it."))
        return redirect("questions", question.product.slug)
    context = {"product": question.product, "question": question, "form": form}
    return render(request, "reviews/answer.html", context, status=400 if form.is_bound else 200)


def _product(slug: str) -> Product:
    rows = Product.objects.visible().select_related("category", "brand").with_card_data()
    return get_object_or_404(rows, slug=slug)


def _may_again(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more ``what`` of this sender; False when it is too often within the hour."""
    return may_again(what, get_client_ip_address(request) or "", most=most, seconds=HOUR)


def _only_buyers(request: HttpRequest, product: Product) -> HttpResponse:
    return render(request, "reviews/only_buyers.html", {"product": product}, status=403)


def _questions(request: HttpRequest, product: Product, form: QuestionForm, status: int = 200) -> HttpResponse:
    context = {"product": product, "questions": questions_about(product), "form": form}
    return render(request, "reviews/questions.html", context, status=status)


def _broken(review: Review | None) -> list[ReviewPhoto]:
    """Pictures that could not be used, so that their sender hears why."""
    return list(review.photos.filter(state=ReviewPhoto.State.BROKEN)) if review else []
