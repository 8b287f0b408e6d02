"""News from the catalogue that other apps may want to hear."""

from django.dispatch import Signal

# A picture has new content (an upload that waits, or fresh renditions): image_ids.
product_image_saved = Signal()
# Products were imported, changed status or words: product_ids.
products_changed = Signal()
