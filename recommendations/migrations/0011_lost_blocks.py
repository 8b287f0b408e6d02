from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0010_experiments")]

    operations = [
        migrations.AddField(
            model_name="categorynetwork",
            name="begun_at",
            field=models.DateTimeField(
                blank=True, help_text="When a worker last began to build it.", null=True
            ),
        )
    ]
