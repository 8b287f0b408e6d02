"""Triggers that remember what the catalogue was before each change."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0007_former_slugs"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="BrandBefore",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("name", models.CharField(max_length=80)),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("story", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CategoryBefore",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("name", models.CharField(max_length=80)),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("position", models.PositiveIntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ProductBefore",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("name", models.CharField(max_length=200)),
                ("slug", models.SlugField(db_index=False, max_length=220)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("description", models.TextField(blank=True)),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Women", "Women"),
                            ("Men", "Men"),
                            ("Unisex", "Unisex"),
                            ("Girls", "Girls"),
                            ("Boys", "Boys"),
                        ],
                        max_length=10,
                    ),
                ),
                ("article_type", models.CharField(blank=True, max_length=60)),
                ("colour", models.CharField(blank=True, max_length=40)),
                (
                    "colour_hex",
                    models.CharField(blank=True, help_text="For the swatch, such as #8c1d2f.", max_length=7),
                ),
                (
                    "style_code",
                    models.CharField(
                        blank=True, help_text="Shared by the colours of one model.", max_length=100
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StockBefore",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("stock", models.IntegerField(default=0)),
            ],
            options={
                "verbose_name": "change of stock",
                "verbose_name_plural": "changes of stock",
            },
        ),
        migrations.CreateModel(
            name="VariantBefore",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("sku", models.CharField(max_length=120, verbose_name="SKU")),
                ("size", models.CharField(blank=True, max_length=20)),
                ("colour", models.CharField(blank=True, max_length=40)),
                ("price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(default="EUR", max_length=3)),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="brand",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."story" IS DISTINCT FROM (NEW."story"))',
                    func='INSERT INTO "catalog_brandbefore" ("name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "story") VALUES (OLD."name", _pgh_attach_context(), NOW(), \'before\', OLD."id", OLD."slug", OLD."story"); RETURN NULL;',
                    hash="8623f766b27278fbfc56c433c50ff43eea8e5239",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_7f6d0",
                    table="catalog_brand",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="category",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."slug" IS DISTINCT FROM (NEW."slug"))',
                    func='INSERT INTO "catalog_categorybefore" ("name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "slug") VALUES (OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'before\', OLD."id", OLD."position", OLD."slug"); RETURN NULL;',
                    hash="01a314f4d41361545ed07b8c4c5300800d39b38c",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_71be6",
                    table="catalog_category",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."article_type" IS DISTINCT FROM (NEW."article_type") OR OLD."brand_id" IS DISTINCT FROM (NEW."brand_id") OR OLD."category_id" IS DISTINCT FROM (NEW."category_id") OR OLD."colour" IS DISTINCT FROM (NEW."colour") OR OLD."colour_hex" IS DISTINCT FROM (NEW."colour_hex") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."gender" IS DISTINCT FROM (NEW."gender") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."slug" IS DISTINCT FROM (NEW."slug") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."style_code" IS DISTINCT FROM (NEW."style_code"))',
                    func='INSERT INTO "catalog_productbefore" ("article_type", "brand_id", "category_id", "colour", "colour_hex", "description", "gender", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "status", "style_code") VALUES (OLD."article_type", OLD."brand_id", OLD."category_id", OLD."colour", OLD."colour_hex", OLD."description", OLD."gender", OLD."name", _pgh_attach_context(), NOW(), \'before\', OLD."id", OLD."slug", OLD."status", OLD."style_code"); RETURN NULL;',
                    hash="a682d748faececa7076c4e8bfe6cdf8e9a70ee5d",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_c1bb4",
                    table="catalog_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="variant",
            trigger=pgtrigger.compiler.Trigger(
                name="before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."colour" IS DISTINCT FROM (NEW."colour") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."price" IS DISTINCT FROM (NEW."price") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."sku" IS DISTINCT FROM (NEW."sku"))',
                    func='INSERT INTO "catalog_variantbefore" ("colour", "currency", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "size", "sku") VALUES (OLD."colour", OLD."currency", _pgh_attach_context(), NOW(), \'before\', OLD."id", OLD."price", OLD."size", OLD."sku"); RETURN NULL;',
                    hash="69731a06ad30dc09f6951843f83f8a41ac7b5422",
                    operation="UPDATE",
                    pgid="pgtrigger_before_update_6c9ef",
                    table="catalog_variant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="variant",
            trigger=pgtrigger.compiler.Trigger(
                name="stock_before_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."stock" IS DISTINCT FROM (NEW."stock"))',
                    func='INSERT INTO "catalog_stockbefore" ("pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stock") VALUES (_pgh_attach_context(), NOW(), \'stock_before\', OLD."id", OLD."stock"); RETURN NULL;',
                    hash="d457602bee01a1e1d64875e07d1f010fbe3d42e2",
                    operation="UPDATE",
                    pgid="pgtrigger_stock_before_update_2dd1a",
                    table="catalog_variant",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="brandbefore",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="brandbefore",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="name_slug_story_events",
                to="catalog.brand",
            ),
        ),
        migrations.AddField(
            model_name="categorybefore",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="catalog.category",
                verbose_name="parent",
            ),
        ),
        migrations.AddField(
            model_name="categorybefore",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="categorybefore",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="name_slug_parent_position_events",
                to="catalog.category",
            ),
        ),
        migrations.AddField(
            model_name="productbefore",
            name="brand",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="catalog.brand",
            ),
        ),
        migrations.AddField(
            model_name="productbefore",
            name="category",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="catalog.category",
            ),
        ),
        migrations.AddField(
            model_name="productbefore",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="productbefore",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="name_slug_status_description_category_brand_gender_article_type_colour_colour_hex_style_code_events",
                to="catalog.product",
            ),
        ),
        migrations.AddField(
            model_name="stockbefore",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="stockbefore",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="stock_events",
                to="catalog.variant",
            ),
        ),
        migrations.AddField(
            model_name="variantbefore",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="variantbefore",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="sku_size_colour_price_currency_events",
                to="catalog.variant",
            ),
        ),
    ]
