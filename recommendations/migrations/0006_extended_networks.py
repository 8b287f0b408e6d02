import django.db.models.deletion
from django.db import migrations, models

# Arrays of numbers do not shrink: to try it costs more than half of writing them.
AS_THEY_ARE = "ALTER TABLE {} ALTER COLUMN arrays SET STORAGE EXTERNAL"
AS_USUAL = "ALTER TABLE {} ALTER COLUMN arrays SET STORAGE EXTENDED"
TABLES = ("recommendations_categorynetwork", "recommendations_networkcomplements")


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0005_curation")]

    operations = [
        migrations.AddField(
            model_name="clusternetwork",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                help_text="The version from which what did not change is taken over.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="recommendations.clusternetwork",
            ),
        ),
        migrations.AddField(
            model_name="categorynetwork",
            name="outline",
            field=models.BinaryField(
                help_text="safetensors: what each product was when it was placed (recommendations.outlines).",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="categorynetwork",
            name="digest",
            field=models.CharField(
                blank=True, db_default="", help_text="Of how it was made, beside the products.", max_length=64
            ),
        ),
        migrations.CreateModel(
            name="NetworkComplements",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("arrays", models.BinaryField(help_text="safetensors: ComplementFinder.to_arrays.")),
                (
                    "digest",
                    models.CharField(help_text="Of how it was made, beside the products.", max_length=64),
                ),
                (
                    "learned_from",
                    models.PositiveIntegerField(help_text="So many products it was learned from."),
                ),
                (
                    "joined",
                    models.PositiveIntegerField(
                        default=0, help_text="So many have come, changed or gone since."
                    ),
                ),
                (
                    "network",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="complements",
                        to="recommendations.clusternetwork",
                    ),
                ),
            ],
        ),
        *(migrations.RunSQL(AS_THEY_ARE.format(table), AS_USUAL.format(table)) for table in TABLES),
    ]
