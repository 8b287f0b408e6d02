from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0003_order_events_and_outbox")]

    operations = [
        migrations.RemoveIndex(
            model_name="order",
            name="order_unmailed",
        ),
        migrations.RemoveField(
            model_name="order",
            name="mailed_at",
        ),
    ]
