"""Is each part there? Every check returns "" or a sentence that says what is missing and what to do."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from shop.celery import app
from vision.registry import model_problem


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"PostgreSQL does not answer ({error}). Look at DATABASE_URL and at the server's log."
    return ""


def redis_server() -> str:
    try:
        with redis.Redis.from_url(settings.CACHE_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except redis.RedisError as error:
        return f"Redis does not answer ({error}). Look at REDIS_URL and at the server's log."
    return ""


def worker() -> str:
    try:
        answers = app.control.ping(timeout=0.5)
    except (OperationalError, redis.RedisError, OSError) as error:
        return f"The broker does not answer ({error}), so no worker can be asked."
    return (
        ""
        if answers
        else "No Celery worker answers. Start one: celery -A shop worker -Q vision,default,refresh"
    )


def model() -> str:
    try:
        return model_problem()
    except DatabaseError:
        return "The database does not answer, so nobody can say which model is in use."


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "redis": redis_server,
    "worker": worker,
    "model": model,
}
