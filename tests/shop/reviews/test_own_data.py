"""What a shopper said belongs to the shopper."""

from django.test import Client

from accounts.privacy import erase, export
from shop.reviews.models import Answer, HelpfulVote, Question, Review, ReviewPhoto, StyleSummary, style_of
from tests.shop.reviews.conftest import published


def test_the_export_has_everything_that_was_said(shopper, stranger, dress):
    review = published(dress, user=shopper, title="Airy")
    published(dress, user=stranger, title="Somebody else's")
    question = Question.objects.create(
        product=dress, style=style_of(dress), user=shopper, words="Is it lined?"
    )
    Answer.objects.create(question=question, user=shopper, words="I looked: it is.")
    HelpfulVote.objects.create(review=review, user=shopper)
    told = export(shopper)
    assert [said["title"] for said in told["reviews"]] == ["Airy"]
    assert [said["words"] for said in told["questions"]] == ["Is it lined?"]
    assert [said["words"] for said in told["answers"]] == ["I looked: it is."]
    assert len(told["helpful_reviews"]) == 1


def test_an_erased_buyer_leaves_the_words_without_the_name_and_the_pictures(shopper, dress, page_of):
    review = published(dress, user=shopper, title="Airy", author="Ada Lovelace", n_photos=1)
    ReviewPhoto.objects.create(review=review, state="ready", widths=[160], width=160, height=213, stem="x")
    HelpfulVote.objects.create(review=published(dress, title="Other"), user=shopper)
    erase(shopper)
    page = page_of(dress.get_absolute_url())
    assert "Airy" in page
    assert "Ada Lovelace" not in page
    assert not ReviewPhoto.objects.exists()
    assert not HelpfulVote.objects.exists()
    assert StyleSummary.objects.get().rating.n == 2


def test_what_nobody_could_read_goes_with_the_account(shopper, dress):
    published(dress, user=shopper)
    Review.objects.update(status="waiting")
    Question.objects.create(product=dress, style=style_of(dress), user=shopper, words="Is it lined?")
    erase(shopper)
    assert not Review.objects.exists()
    assert not Question.objects.exists()


def test_a_guests_question_with_the_same_address_is_forgotten_too(shopper, dress):
    Client().post(
        f"/p/{dress.slug}/questions/",
        {"words": "Is it lined?", "author": "Ada", "email": shopper.email.upper()},
    )
    erase(shopper)
    question = Question.objects.get()
    assert (question.email, question.author) == ("", "Erased")
