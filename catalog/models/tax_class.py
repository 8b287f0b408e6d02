"""Which tax goods fall under; how much that is in which country, the till knows."""

from django.db import models


class TaxClass(models.TextChoices):
    STANDARD = "standard"
    REDUCED = "reduced"
