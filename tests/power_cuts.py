"""A process that is killed between two statements."""

from collections.abc import Callable
from typing import Any

from django.db import connection


class PowerCut(Exception):
    """The process ends here."""


class CutAfter:
    """Lets so many statements through and then cuts the power."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == -1:  # once: the roll-back is the database's own and needs no statement
            raise PowerCut(sql)
        return execute(sql, params, many, context)


def cut_everywhere(work: Callable[[], Any], books: Callable[[], Any]) -> int:
    """Kill ``work`` before each of its statements in turn; then let it through. Returns how often it was killed.

    Raises:
        AssertionError: when ``books()`` are not as before after a cut.
    """
    before = books()
    for statements in range(200):
        try:
            with connection.execute_wrapper(CutAfter(statements)):
                work()
        except PowerCut:
            assert books() == before, f"after {statements} statements"
        else:
            return statements
    raise AssertionError("The work never ends.")
