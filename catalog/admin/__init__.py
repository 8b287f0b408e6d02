"""The curator's pages of the catalogue."""

from catalog.admin import changes, products, shelves, words  # noqa: F401 - they register themselves
