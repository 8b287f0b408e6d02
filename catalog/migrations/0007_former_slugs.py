"""Addresses that changed: the database remembers the former ones."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_TRIGGERS = """
CREATE FUNCTION catalog_keep_product_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_formerslug (slug, product_id, until) VALUES (OLD.slug, OLD.id, clock_timestamp())
    ON CONFLICT (slug) WHERE product_id IS NOT NULL
        DO UPDATE SET product_id = EXCLUDED.product_id, until = EXCLUDED.until;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_keep_category_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_formerslug (slug, category_id, until) VALUES (OLD.slug, OLD.id, clock_timestamp())
    ON CONFLICT (slug) WHERE category_id IS NOT NULL
        DO UPDATE SET category_id = EXCLUDED.category_id, until = EXCLUDED.until;
    RETURN NULL;
END $$;

CREATE TRIGGER slug_changed AFTER UPDATE ON catalog_product
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug AND OLD.status <> 'draft')
    EXECUTE FUNCTION catalog_keep_product_slug();
CREATE TRIGGER slug_changed AFTER UPDATE ON catalog_category
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION catalog_keep_category_slug();
"""
_NO_TRIGGERS = """
DROP TRIGGER slug_changed ON catalog_product;
DROP TRIGGER slug_changed ON catalog_category;
DROP FUNCTION catalog_keep_product_slug, catalog_keep_category_slug;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_price_log")]

    operations = [
        migrations.CreateModel(
            "FormerSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=220)),
                ("until", models.DateTimeField()),
                (
                    "category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="catalog.category",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="catalog.product",
                    ),
                ),
            ],
            options={
                "ordering": ["-until", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(product__isnull=False), fields=["slug"], name="former_product_slug_once"
                    ),
                    models.UniqueConstraint(
                        condition=Q(category__isnull=False), fields=["slug"], name="former_category_slug_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(category=None, product__isnull=False)
                        | Q(category__isnull=False, product=None),
                        name="former_slug_of_one_thing",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
    ]
