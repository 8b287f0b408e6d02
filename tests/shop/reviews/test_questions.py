"""Shoppers ask, the shop and buyers answer."""

import pytest
from django.core import mail
from django.test import Client
from django.utils.html import escape

from shop.reviews import tasks
from shop.reviews.mailing import mail_answer
from shop.reviews.models import Answer, Question
from shop.reviews.moderating import answer_as_staff, publish, refuse
from tests.shop.reviews.conftest import buy

ASKED = {"words": "Is it lined?", "author": "Gwen", "email": "gwen@example.com"}


def ask(client: Client, product, **changes):
    return client.post(f"/p/{product.slug}/questions/", {**ASKED, **changes})


@pytest.fixture
def question(dress, client) -> Question:
    """A visitor's, which can be read."""
    ask(client, dress)
    question = Question.objects.get()
    publish(question)
    question.refresh_from_db()
    return question


def answered(question: Question, member) -> Answer:
    answer = Answer(question=question, words="Yes, with cotton.")
    answer_as_staff(member, answer)
    return answer


def test_a_question_waits_until_it_has_been_read(dress, client, page_of):
    assert ask(client, dress).url == f"/p/{dress.slug}/questions/"
    assert "Is it lined?" not in page_of(dress.get_absolute_url())
    publish(Question.objects.get())
    for url in (dress.get_absolute_url(), f"/p/{dress.slug}/questions/"):
        assert "Is it lined?" in page_of(url)
        assert "Not answered yet." in page_of(url)
        assert "gwen@example.com" not in page_of(url)


def test_a_question_is_shown_with_all_colours(question, red_dress, page_of):
    assert "Is it lined?" in page_of(red_dress.get_absolute_url())


def test_a_visitor_says_where_the_answer_goes(dress, client):
    assert ask(client, dress, email="").status_code == 400
    assert not Question.objects.exists()


def test_a_shopper_need_not(dress, shopper, client):
    client.force_login(shopper)
    ask(client, dress, email="somebody-else@example.com")
    question = Question.objects.get()
    assert (question.user, question.email) == (shopper, "")


def test_a_program_is_thanked_and_nothing_kept(dress, client):
    assert ask(client, dress, website="spam").status_code == 302
    assert not Question.objects.exists()


def test_five_questions_an_hour_are_enough(dress, client):
    for _ in range(5):
        assert ask(client, dress).status_code == 302
    answer = ask(client, dress)
    assert answer.status_code == 429
    assert "a little later" in answer.content.decode()
    assert Question.objects.count() == 5


def test_the_asker_hears_of_the_answer_once(question, curator, dress):
    answer = answered(question, curator)
    assert mail_answer(answer.pk)
    assert not mail_answer(answer.pk)
    (sent,) = mail.outbox
    assert sent.to == ["gwen@example.com"]
    assert "Linen dress" in sent.subject
    for words in ("Is it lined?", "Yes, with cotton.", f"/p/{dress.slug}/questions/"):
        assert words in sent.body


def test_a_shopper_hears_at_the_address_of_the_account(dress, shopper, curator, client):
    client.force_login(shopper)
    ask(client, dress)
    question = Question.objects.get()
    publish(question)
    mail_answer(answered(question, curator).pk)
    assert mail.outbox[0].to == ["ada@example.com"]


def test_nobody_hears_of_an_answer_to_what_is_not_shown(question, curator):
    refuse(question, "rude")
    assert not mail_answer(answered(question, curator).pk)
    assert mail.outbox == []


def test_an_answer_whose_mail_was_lost_is_found_again(
    question, curator, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(tasks.mail_answer, "delay", queued.append)
    answer = answered(question, curator)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.catch_up()
    assert queued == []
    Answer.objects.update(published_at="2026-01-01T00:00Z")
    with django_capture_on_commit_callbacks(execute=True):
        tasks.catch_up()
    assert queued == [answer.pk]


def test_a_name_on_several_lines_makes_no_header(question, curator, dress):
    dress.name = "Linen\r\nBcc: everybody@example.com"
    dress.save()
    mail_answer(answered(question, curator).pk)
    assert mail.outbox[0].bcc == []
    assert "\n" not in mail.outbox[0].subject


def test_a_buyer_answers_and_is_read_first(question, buyer, page_of, dress):
    said = {"words": "Mine is not.", "author": "Ada"}
    assert buyer.post(f"/questions/{question.pk}/answer/", said).status_code == 302
    assert "Mine is not." not in page_of(dress.get_absolute_url())
    publish(Answer.objects.get())
    assert "Mine is not." in page_of(dress.get_absolute_url())


def test_a_buyer_who_answers_again_changes_the_answer(question, buyer):
    for words in ("Mine is not.", "It is, I looked."):
        buyer.post(f"/questions/{question.pk}/answer/", {"words": words, "author": "Ada"})
    answer = Answer.objects.get()
    assert (answer.words, answer.status) == ("It is, I looked.", "waiting")


def test_who_has_not_bought_it_answers_nothing(question, stranger, client):
    client.force_login(stranger)
    answer = client.post(f"/questions/{question.pk}/answer/", {"words": "No idea.", "author": "Eve"})
    assert answer.status_code == 403
    assert not Answer.objects.exists()


def test_the_shop_answers_first(question, stranger, client, curator, page_of, dress):
    buy(stranger, dress)
    client.force_login(stranger)
    client.post(f"/questions/{question.pk}/answer/", {"words": "I think so.", "author": "Eve"})
    publish(Answer.objects.get())
    answered(question, curator)
    page = page_of(f"/p/{dress.slug}/questions/")
    assert page.index("Yes, with cotton.") < page.index("I think so.")


def test_script_in_any_field_is_shown_as_text(dress, client, buyer, page_of):
    script = "<script>alert(1)</script>"
    ask(client, dress, words=script, author=script)
    question = Question.objects.get()
    publish(question)
    buyer.post(f"/questions/{question.pk}/answer/", {"words": script, "author": script})
    publish(Answer.objects.get())
    for url in (dress.get_absolute_url(), f"/p/{dress.slug}/questions/"):
        page = page_of(url)
        assert script not in page
        assert page.count(escape(script)) >= 4
