"""Staff read what was written."""

import pytest
from django.test import Client

from shop.reviews.models import Answer, Question, Review, ReviewPhoto, StyleSummary, style_of
from tests.shop.reviews.conftest import published

LIST = "/admin/reviews/review/"


@pytest.fixture
def staff(curator) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def waiting(dress) -> Review:
    review = published(dress, title="Airy")
    Review.objects.update(status="waiting", published_at=None)
    return review


def decide(client: Client, review: Review, decision: str):
    return client.post(f"{LIST}{review.pk}/decide/", {"decision": decision}, follow=True)


def test_the_list_has_a_button_for_each_decision(staff, waiting):
    page = staff.get(LIST).content.decode()
    assert "Airy" in page
    for words in ("Publish", "Refuse: advertising", "Refuse: rude or hateful"):
        assert words in page


def test_one_click_publishes(staff, waiting, dress, page_of):
    assert "can be read in the shop" in decide(staff, waiting, "publish").content.decode()
    waiting.refresh_from_db()
    assert waiting.status == "published"
    assert waiting.published_at
    assert "Airy" in page_of(dress.get_absolute_url())
    assert StyleSummary.objects.get().rating.n == 1


def test_one_click_refuses_with_a_reason_that_the_writer_reads(
    staff, waiting, dress, buyer, shopper, page_of
):
    Review.objects.update(user=shopper)
    decide(staff, waiting, "advertising")
    waiting.refresh_from_db()
    assert (waiting.status, waiting.refusal) == ("refused", "advertising")
    assert "Airy" not in page_of(dress.get_absolute_url())
    assert "We did not show it: Advertising." in buyer.get(f"/p/{dress.slug}/reviews/write/").content.decode()


def test_what_was_published_can_still_be_refused(staff, dress, page_of):
    review = published(dress, title="Airy")
    decide(staff, review, "false")
    assert "Airy" not in page_of(dress.get_absolute_url())
    assert StyleSummary.objects.get().rating.n == 0


def test_a_decision_that_is_none_changes_nothing(staff, waiting):
    assert decide(staff, waiting, "burn").status_code == 400
    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_several_are_published_at_once_but_not_before_their_pictures_are_there(staff, waiting, dress):
    with_picture = published(dress, title="With me in it")
    Review.objects.update(status="waiting")
    ReviewPhoto.objects.create(review=with_picture)
    chosen = {"action": "publish_chosen", "_selected_action": [waiting.pk, with_picture.pk]}
    page = staff.post(LIST, chosen, follow=True).content.decode()
    assert "not ready to be looked at" in page
    assert Review.objects.get(status="published") == waiting


def test_nobody_else_decides(waiting, buyer):
    answer = buyer.post(f"{LIST}{waiting.pk}/decide/", {"decision": "publish"})
    assert answer.url.startswith("/admin/login/")
    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_a_looked_at_review_has_its_own_page_and_cannot_be_rewritten(staff, waiting):
    url = f"{LIST}{waiting.pk}/change/"
    page = staff.get(url).content.decode()
    assert "I wear it every day." in page
    assert "Refuse: not about the product" in page
    staff.post(url, {"title": "Buy at my shop", "words": "Cheaper."})
    waiting.refresh_from_db()
    assert waiting.title == "Airy"


def test_the_shop_answers_a_question_in_the_admin_and_the_asker_is_told(
    staff, dress, page_of, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr("shop.reviews.tasks.mail_answer.delay", told.append)
    question = Question.objects.create(
        product=dress, style=style_of(dress), author="Gwen", email="gwen@example.com", words="Is it lined?"
    )
    url = f"/admin/reviews/question/{question.pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(
            f"{url}change/",
            {
                "answers-TOTAL_FORMS": 1,
                "answers-INITIAL_FORMS": 0,
                "answers-0-question": question.pk,
                "answers-0-words": "Yes, with cotton.",
            },
        )
        staff.post(f"{url}decide/", {"decision": "publish"})
    answer = Answer.objects.get()
    assert (answer.is_staff, answer.status) == (True, "published")
    assert answer.pk in told
    assert "Yes, with cotton." in page_of(dress.get_absolute_url())


def test_lists_of_questions_and_answers_open(staff, dress):
    question = Question.objects.create(
        product=dress, style=style_of(dress), author="Gwen", words="Is it lined?"
    )
    Answer.objects.create(question=question, author="Ada", words="Mine is not.")
    assert "Is it lined?" in staff.get("/admin/reviews/question/").content.decode()
    assert "Mine is not." in staff.get("/admin/reviews/answer/").content.decode()
