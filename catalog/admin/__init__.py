"""The curator's pages of the catalogue."""

from catalog.admin import products, shelves  # noqa: F401 - they register themselves
