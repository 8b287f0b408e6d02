from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vision", "0004_corrections")]

    operations = [
        migrations.AlterField(
            model_name="photoquery",
            name="picture",
            field=models.BinaryField(
                help_text="The photo re-encoded (JPEG, upright, no metadata), for the answer's page.",
                null=True,
            ),
        ),
        # Pictures are compressed already: to try once more took half the time of taking a photo in.
        migrations.RunSQL(
            "ALTER TABLE vision_photoquery ALTER COLUMN upload SET STORAGE EXTERNAL,"
            " ALTER COLUMN picture SET STORAGE EXTERNAL",
            "ALTER TABLE vision_photoquery ALTER COLUMN upload SET STORAGE EXTENDED,"
            " ALTER COLUMN picture SET STORAGE EXTENDED",
        ),
    ]
