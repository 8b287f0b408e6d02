"""The shop's vocabulary, synonyms, and what shoppers search for."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

# What shoppers call things, and what catalogues do. A shop adds its own and takes away what does not fit.
_SYNONYMS = {
    "jumper": "sweater, pullover",
    "sweater": "jumper, pullover",
    "pullover": "sweater, jumper",
    "hoodie": "sweatshirt",
    "tee": "t-shirt, tshirt",
    "t-shirt": "tshirt, tee",
    "tshirt": "t-shirt, tee",
    "pants": "trousers",
    "trousers": "pants",
    "denims": "jeans",
    "trainers": "sneakers, sports shoes, casual shoes",
    "sneakers": "trainers, sports shoes, casual shoes",
    "flip-flops": "flip flops, slippers",
    "purse": "handbag, clutch",
    "handbag": "purse",
    "rucksack": "backpack",
    "backpack": "rucksack",
    "sunnies": "sunglasses",
    "frock": "dress",
    "gown": "dress",
    "gray": "grey",
    "grey": "gray",
}


def _add_synonyms(apps, schema_editor) -> None:
    synonym = apps.get_model("catalog", "Synonym")
    synonym.objects.bulk_create(synonym(word=word, also=also) for word, also in _SYNONYMS.items())


def _id() -> tuple[str, models.Field]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_facets")]

    operations = [
        migrations.CreateModel(
            "Word",
            fields=[
                _id(),
                ("text", models.CharField(max_length=30, unique=True)),
                ("n_products", models.PositiveIntegerField(default=0)),
                (
                    "shortened",
                    ArrayField(
                        models.CharField(max_length=7), help_text="Letters left out: see catalog.spelling."
                    ),
                ),
            ],
            options={
                "ordering": ["text"],
                "indexes": [GinIndex(fields=["shortened"], name="word_shortened")],
            },
        ),
        migrations.CreateModel(
            "Synonym",
            fields=[
                _id(),
                (
                    "word",
                    models.CharField(
                        help_text="What shoppers write, such as “jumper”.", max_length=60, unique=True
                    ),
                ),
                (
                    "also",
                    models.CharField(
                        "also finds",
                        help_text="What the shop calls it, with commas between several: “sweater, pullover”.",
                        max_length=300,
                    ),
                ),
            ],
            options={"ordering": ["word"]},
        ),
        migrations.CreateModel(
            "Search",
            fields=[
                _id(),
                ("words", models.CharField(max_length=60)),
                ("shopper", models.BinaryField(max_length=16)),
                ("n_found", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name_plural": "searches",
                "constraints": [
                    models.UniqueConstraint(fields=["words", "shopper"], name="search_once_per_shopper")
                ],
            },
        ),
        migrations.CreateModel(
            "PopularSearch",
            fields=[
                _id(),
                ("words", models.CharField(max_length=60, unique=True)),
                ("n_shoppers", models.PositiveIntegerField()),
                (
                    "n_found",
                    models.PositiveIntegerField(help_text="Products, when it was searched for last."),
                ),
                (
                    "is_suggested",
                    models.BooleanField(
                        default=False,
                        help_text=(
                            "It finds something and has only words that products have: others may see it."
                        ),
                    ),
                ),
            ],
            options={
                "verbose_name": "search",
                "verbose_name_plural": "what shoppers search for",
                "ordering": ["-n_shoppers", "words"],
            },
        ),
        migrations.RunPython(_add_synonyms, migrations.RunPython.noop),
    ]
