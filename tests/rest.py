"""A program that uses the REST API."""

from typing import Any

from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import User

V1 = "/api/v1/"


def program(user: User | None = None, **headers: Any) -> APIClient:
    """A client that speaks JSON; with ``user`` it sends a token of theirs."""
    client = APIClient(headers=headers)
    client.default_format = "json"
    if user is not None:
        _, token = AuthToken.objects.create(user)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    """The answer is an error of the promised form with this status; returns its body."""
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"].startswith("application/problem+json")
    body = response.json()
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["status"] == status
    assert body["detail"]
    return body
