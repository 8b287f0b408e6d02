"""Several clients at once, on real connections."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """``at_once(job, job, …)`` starts the jobs together and returns what each returned or raised, in order."""

    def run(*jobs: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(jobs))
        answers: list[Any] = [None] * len(jobs)

        def work(number: int, job: Callable[[], Any]) -> None:
            try:
                start.wait(timeout=30)
                answers[number] = job()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                answers[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return answers

    return run
