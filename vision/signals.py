"""News from vision that the apps above may want to hear."""

from django.dispatch import Signal

# Pictures were looked at and what was seen is stored: product_ids.
picture_analysed = Signal()
