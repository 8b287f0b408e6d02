"""News from the catalogue that other apps may want to hear."""

from django.dispatch import Signal

# Sent after a picture's renditions were written or a new upload was stored: image_id, product_id.
product_image_saved = Signal()
# Sent after a product's status or words changed, or it was deleted: product_ids.
products_changed = Signal()
