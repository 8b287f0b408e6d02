"""One key, one write."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.checkout.idempotency import KeyReused, answer_once, fingerprint_of, forget_old_answers
from shop.checkout.models import IdempotencyKey

pytestmark = pytest.mark.django_db
PRINT = fingerprint_of("POST", "/orders/", b'{"a": 1}')


class Write:
    """Counts how often it runs."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> tuple[int, dict[str, int]]:
        self.runs += 1
        return 201, {"run": self.runs}


def test_the_second_call_gets_the_first_answer():
    write = Write()
    first = answer_once("k", "user:1", PRINT, write)
    second = answer_once("k", "user:1", PRINT, write)
    assert (first.status_code, first.body, first.is_replay) == (201, {"run": 1}, False)
    assert (second.status_code, second.body, second.is_replay) == (201, {"run": 1}, True)
    assert write.runs == 1


def test_another_caller_with_the_same_key_is_another_write():
    write = Write()
    answer_once("k", "user:1", PRINT, write)
    assert answer_once("k", "user:2", PRINT, write).body == {"run": 2}


def test_the_same_key_for_another_body_is_refused():
    write = Write()
    answer_once("k", "user:1", PRINT, write)
    with pytest.raises(KeyReused):
        answer_once("k", "user:1", fingerprint_of("POST", "/orders/", b'{"a": 2}'), write)
    assert write.runs == 1


def test_a_write_that_fails_leaves_the_key_free():
    def fail() -> tuple[int, None]:
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        answer_once("k", "user:1", PRINT, fail)
    assert not IdempotencyKey.objects.exists()
    assert answer_once("k", "user:1", PRINT, Write()).body == {"run": 1}


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_a_key_has_a_length(key):
    with pytest.raises(ValueError, match="1 to 100 characters"):
        answer_once(key, "user:1", PRINT, Write())


def test_method_path_and_body_all_count():
    prints = {
        fingerprint_of(*request)
        for request in [("POST", "/a", b"x"), ("PUT", "/a", b"x"), ("POST", "/b", b"x"), ("POST", "/a", b"y")]
    }
    assert len(prints) == 4
    assert fingerprint_of("post", "/a", b"x") == fingerprint_of("POST", "/a", b"x")


def test_old_answers_are_forgotten():
    answer_once("old", "user:1", PRINT, Write())
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=3))
    answer_once("new", "user:1", PRINT, Write())
    assert forget_old_answers() == 1
    assert IdempotencyKey.objects.get().key == "new"
