"""A log of prices that the database keeps by itself; what was struck before, and typed in by hand, is struck no more."""

import django.db.models.deletion
from django.db import migrations, models

# The hour is the clock's, not the transaction's: who waited for a row's lock has changed it later. A product's row is
# locked after its variants, as orders and the admin do, so that no price slips past one that is just being shown.
_TRIGGERS = """
CREATE FUNCTION catalog_log_price() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    shown text;
BEGIN
    SELECT status INTO shown FROM catalog_product WHERE id = NEW.product_id FOR NO KEY UPDATE;
    IF shown = 'active' THEN
        INSERT INTO catalog_pricechange (variant_id, price, currency, since)
        VALUES (NEW.id, NEW.price, NEW.currency, clock_timestamp());
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_strike_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.was_price := NULL;
    RETURN NEW;
END $$;

CREATE FUNCTION catalog_log_visibility() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pricechange (variant_id, price, currency, since)
    SELECT id, CASE WHEN NEW.status = 'active' THEN price END, currency, clock_timestamp()
    FROM catalog_variant WHERE product_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_keep_price_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The price log is only ever added to. Change the price of the variant instead.';
END $$;

CREATE TRIGGER price_first AFTER INSERT ON catalog_variant
    FOR EACH ROW EXECUTE FUNCTION catalog_log_price();
CREATE TRIGGER price_changed AFTER UPDATE ON catalog_variant
    FOR EACH ROW WHEN ((OLD.price, OLD.currency) IS DISTINCT FROM (NEW.price, NEW.currency))
    EXECUTE FUNCTION catalog_log_price();
CREATE TRIGGER price_struck_first BEFORE INSERT ON catalog_variant
    FOR EACH ROW EXECUTE FUNCTION catalog_strike_nothing();
CREATE TRIGGER price_struck BEFORE UPDATE ON catalog_variant
    FOR EACH ROW WHEN ((OLD.price, OLD.currency) IS DISTINCT FROM (NEW.price, NEW.currency))
    EXECUTE FUNCTION catalog_strike_nothing();
CREATE TRIGGER price_offered AFTER UPDATE ON catalog_product
    FOR EACH ROW WHEN ((OLD.status = 'active') <> (NEW.status = 'active'))
    EXECUTE FUNCTION catalog_log_visibility();
CREATE TRIGGER price_log_kept BEFORE UPDATE ON catalog_pricechange
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_price_log();
"""
_NO_TRIGGERS = """
DROP TRIGGER price_first ON catalog_variant;
DROP TRIGGER price_changed ON catalog_variant;
DROP TRIGGER price_struck_first ON catalog_variant;
DROP TRIGGER price_struck ON catalog_variant;
DROP TRIGGER price_offered ON catalog_product;
DROP TRIGGER price_log_kept ON catalog_pricechange;
DROP FUNCTION catalog_log_price, catalog_strike_nothing, catalog_log_visibility, catalog_keep_price_log;
"""
_BEGIN = """
INSERT INTO catalog_pricechange (variant_id, price, currency, since)
SELECT variant.id, variant.price, variant.currency, clock_timestamp()
FROM catalog_variant AS variant JOIN catalog_product AS product ON product.id = product_id
WHERE product.status = 'active';
UPDATE catalog_variant SET was_price = NULL WHERE was_price IS NOT NULL;
UPDATE catalog_product SET was_price = NULL WHERE was_price IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_words")]

    operations = [
        migrations.CreateModel(
            "PriceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("price", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("currency", models.CharField(max_length=3)),
                ("since", models.DateTimeField()),
                (
                    "variant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="price_changes",
                        to="catalog.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "indexes": [models.Index(fields=["variant", "-since", "-id"], name="price_change_newest")],
            },
        ),
        migrations.AlterField(
            "variant",
            "was_price",
            models.DecimalField(blank=True, decimal_places=2, editable=False, max_digits=10, null=True),
        ),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
        migrations.RunSQL(_BEGIN, migrations.RunSQL.noop),
    ]
