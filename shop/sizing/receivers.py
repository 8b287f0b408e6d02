"""A changed table is read again at once."""

from django.db.models.signals import post_delete, post_save

from shop.sizing.choosing import forget_tables
from shop.sizing.models import SizeRow, SizeTable

for model in (SizeTable, SizeRow):
    post_save.connect(forget_tables, sender=model)
    post_delete.connect(forget_tables, sender=model)
