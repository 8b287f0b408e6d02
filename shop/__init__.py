"""The shop: settings, pages, checkout, and the services it runs on."""

from shop.celery import app as celery_app

__all__ = ["celery_app"]
