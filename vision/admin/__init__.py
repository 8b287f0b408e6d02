"""The curator's pages of what the network saw."""

from vision.admin import pictures, products, versions  # noqa: F401 - they register themselves
