"""What a browser would send if somebody opened a page and pressed its button."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class _Fields(HTMLParser):
    """Collects the fields of the form ``form_id``, each with the value that the page shows."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.values: dict[str, list[str]] = {}
        self._inside = False
        self._open: tuple[str, str] | None = None  # tag and name of the select or textarea that is being read

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = given.get("id") == self.form_id
        elif self._inside and tag == "input" and "name" in given and "disabled" not in given:
            kind = given.get("type", "text")
            if kind in {"file", "submit", "button"} or (
                kind in {"checkbox", "radio"} and "checked" not in given
            ):
                return
            usual = "on" if kind == "checkbox" else ""
            self.values.setdefault(given["name"], []).append(given.get("value", usual))
        elif self._inside and tag in {"select", "textarea"}:
            self._open = (tag, given.get("name", ""))
            if tag == "textarea":
                self.values[given["name"]] = [""]
        elif self._open and tag == "option" and "selected" in given:
            self.values.setdefault(self._open[1], []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._open and self._open[0] == "textarea":
            self.values[self._open[1]] = [self.values[self._open[1]][0] + data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[0]:
            self._open = None
        elif tag == "form":
            self._inside = False


def filled_form(page: HttpResponse, form_id: str, **changes: Any) -> dict[str, Any]:
    """The fields of a form as the page shows them, with ``changes`` typed in (dashes in names as ``__``)."""
    parser = _Fields(form_id)
    parser.feed(page.content.decode())
    assert parser.values, f"the page has no form {form_id}"
    return {**parser.values, **{name.replace("__", "-"): value for name, value in changes.items()}}
