"""The owner's own words on the short pages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PageText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        choices=[
                            ("delivery", "Delivery"),
                            ("returns", "Returns"),
                            ("privacy", "Privacy"),
                            ("imprint", "Imprint"),
                        ],
                        max_length=20,
                        verbose_name="page",
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("title", models.CharField(max_length=80)),
                (
                    "lead",
                    models.CharField(blank=True, help_text="One sentence below the title.", max_length=200),
                ),
                (
                    "body",
                    models.TextField(
                        help_text="Markdown: an empty line begins a paragraph, # a heading, - a list; [words](address) is a link."
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["name", "language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "language"),
                        name="page_text_once_per_language",
                        violation_error_message="There is a text for this page in this language already: change that one.",
                    )
                ],
            },
        ),
    ]
