"""Waiting for a photo's answer: heard when it is there, and not for ever."""

import threading
import time

import pytest
from django.db import connection

from recommendations.answering_photos import _save
from recommendations.photo_waiting import LOOK_AGAIN, wait_for
from vision.models import PhotoQuery


@pytest.mark.django_db
def test_a_photo_that_is_answered_already_is_not_waited_for():
    query = PhotoQuery.objects.create(session_key="v" * 32, status=PhotoQuery.Status.PENDING)
    PhotoQuery.objects.update(status=PhotoQuery.Status.DONE, progress=100)
    assert wait_for(query, 60).progress == 100


@pytest.mark.django_db
def test_a_photo_that_is_not_answered_in_time_comes_back_as_it_is():
    query = PhotoQuery.objects.create(session_key="v" * 32)
    assert wait_for(query, 0.05).status == "pending"
    assert wait_for(query, 0).status == "pending"


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_heard_when_it_is_written_not_at_the_next_look(monkeypatch):
    monkeypatch.setattr("recommendations.photo_waiting.LOOK_AGAIN", 30.0)
    query = PhotoQuery.objects.create(session_key="v" * 32)
    waits = threading.Event()

    def answer() -> None:
        try:
            waits.wait(10)
            _save(query, status=PhotoQuery.Status.DONE, progress=100)
        finally:
            connection.close()

    worker = threading.Thread(target=answer)
    worker.start()
    waiting = PhotoQuery.objects.get(pk=query.pk)
    waits.set()
    started = time.monotonic()
    assert wait_for(waiting, 25).progress == 100
    assert time.monotonic() - started < 20
    worker.join()
    assert LOOK_AGAIN < 1  # where notices are lost, one still looks soon
