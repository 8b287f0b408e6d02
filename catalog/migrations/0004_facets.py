"""Products repeat the sizes they have in stock, and an index holds all that a listing's filters count."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

_FILL = """
UPDATE catalog_product AS product SET sizes_in_stock = available.sizes
FROM (
    SELECT product_id, (array_agg(DISTINCT size ORDER BY size))[:100] AS sizes
    FROM catalog_variant WHERE stock > 0 AND size <> '' GROUP BY product_id
) AS available
WHERE product.id = available.product_id
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_seen_words")]

    operations = [
        migrations.AddField(
            "product",
            "sizes_in_stock",
            ArrayField(
                models.CharField(max_length=20), blank=True, db_default=[], default=list, editable=False
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex("product", "product_listing_new"),
        migrations.AddIndex(
            "product",
            models.Index(fields=["status", "-created_at", "-id"], name="product_listing_newest"),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                fields=["status", "category"],
                include=[
                    "article_type",
                    "colour",
                    "colour_hex",
                    "brand",
                    "gender",
                    "price",
                    "in_stock",
                    "sizes_in_stock",
                ],
                name="product_facets",
            ),
        ),
    ]
