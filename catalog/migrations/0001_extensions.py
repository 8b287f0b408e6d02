from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations
from pgvector.django import VectorExtension


class Migration(migrations.Migration):
    """pgvector, pg_trgm and unaccent: in the embedded server's wheel and in every pgvector image."""

    initial = True
    dependencies = []
    operations = [VectorExtension(), TrigramExtension(), UnaccentExtension()]
