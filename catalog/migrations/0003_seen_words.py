"""Products carry the words for what was seen on their pictures, and the search ranks those last.

PostgreSQL 15 cannot change the expression of a generated column, so the column is made anew, with its index.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_initial")]

    operations = [
        migrations.AddField(
            "product",
            "seen_words",
            models.TextField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="What a network saw on the cover, in everyday words. A guess: the search ranks it last.",
            ),
        ),
        migrations.RemoveIndex("product", "product_search_vector"),
        migrations.RemoveField("product", "search_vector"),
        migrations.AddField(
            "product",
            "search_vector",
            models.GeneratedField(
                db_persist=True,
                expression=SearchVector("name", weight="A", config="english")
                + SearchVector("search_terms", weight="B", config="english")
                + SearchVector("description", weight="C", config="english")
                + SearchVector("seen_words", weight="D", config="english"),
                output_field=SearchVectorField(),
            ),
        ),
        migrations.AddIndex("product", GinIndex(fields=["search_vector"], name="product_search_vector")),
    ]
