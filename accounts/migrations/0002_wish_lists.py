"""What shoppers saved moves onto lists; and sizes that they wait for."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.alerts

# Everybody who saved something gets a default list with it. The constraints are checked at once, since PostgreSQL alters
# no table whose rows wait to be checked.
_MOVE = """
INSERT INTO accounts_wishlist (user_id, visitor, name, is_default, shows_name, mails_price_drops, created_at, used_at)
SELECT user_id, '', 'Wish list', TRUE, FALSE, FALSE, min(created_at), max(created_at)
FROM accounts_wishlistitem GROUP BY user_id;
UPDATE accounts_wishlistitem AS item SET list_id = list.id
FROM accounts_wishlist AS list WHERE list.user_id = item.user_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalog", "0007_former_slugs"),
    ]

    operations = [
        migrations.AddField(
            model_name="wishlistitem",
            name="mailed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="wishlistitem",
            name="note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="wishlistitem",
            name="saved_currency",
            field=models.CharField(blank=True, editable=False, max_length=3),
        ),
        migrations.AddField(
            model_name="wishlistitem",
            name="saved_price",
            field=models.DecimalField(blank=True, decimal_places=2, editable=False, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name="wishlistitem",
            name="told_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="wishlistitem",
            name="variant",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="catalog.variant",
                verbose_name="wanted size",
            ),
        ),
        migrations.AlterField(
            model_name="wishlistitem",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wishlist_items",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="StockAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="a guest's address")),
                (
                    "secret",
                    models.CharField(
                        default=accounts.models.alerts.new_secret, editable=False, max_length=43, unique=True
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=12)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stock_alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stock_alerts",
                        to="catalog.variant",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="WishList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visitor", models.CharField(blank=True, max_length=32)),
                ("name", models.CharField(max_length=60)),
                ("is_default", models.BooleanField(default=False)),
                (
                    "secret",
                    models.CharField(blank=True, editable=False, max_length=43, null=True, unique=True),
                ),
                (
                    "shows_name",
                    models.BooleanField(
                        default=False,
                        help_text="To those who have the secret link.",
                        verbose_name="show the owner's name",
                    ),
                ),
                (
                    "mails_price_drops",
                    models.BooleanField(
                        default=False,
                        help_text="Only where the shopper has asked for it.",
                        verbose_name="mail when something costs less",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("used_at", models.DateTimeField(auto_now=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wish_lists",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-is_default", "name", "id"],
            },
        ),
        migrations.AddField(
            model_name="wishlistitem",
            name="list",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="items",
                to="accounts.wishlist",
            ),
        ),
        migrations.RunSQL(_MOVE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="wishlistitem",
            name="list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="accounts.wishlist"
            ),
        ),
        migrations.AddConstraint(
            model_name="wishlistitem",
            constraint=models.UniqueConstraint(fields=("list", "product"), name="product_once_on_each_list"),
        ),
        migrations.AddIndex(
            model_name="stockalert",
            index=models.Index(
                condition=models.Q(("confirmed_at__isnull", False), ("sent_at__isnull", True)),
                fields=["variant", "confirmed_at"],
                name="stock_alerts_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockalert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), ("user__isnull", False)),
                    models.Q(("user__isnull", True), models.Q(("email", ""), _negated=True)),
                    _connector="OR",
                ),
                name="stock_alert_has_one_reader",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockalert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sent_at__isnull", True)),
                fields=("variant", "user"),
                name="user_waits_once_per_size",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockalert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sent_at__isnull", True), models.Q(("email", ""), _negated=True)),
                fields=("variant", "email"),
                name="guest_waits_once_per_size",
            ),
        ),
        migrations.AddConstraint(
            model_name="wishlist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("user__isnull", False), ("visitor", "")),
                    models.Q(("user__isnull", True), models.Q(("visitor", ""), _negated=True)),
                    _connector="OR",
                ),
                name="wish_list_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="wishlist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("user",),
                name="one_default_wish_list_per_user",
            ),
        ),
        migrations.AddConstraint(
            model_name="wishlist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("visitor", ""), _negated=True),
                fields=("visitor",),
                name="one_wish_list_per_visitor",
            ),
        ),
    ]
