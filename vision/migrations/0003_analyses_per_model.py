import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def index_each_model(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make for each model in use what ``vision.indexing.create_index`` makes for later ones."""
    for pk in (
        apps.get_model("vision", "ImageAnalysis")
        .objects.order_by()
        .values_list("model", flat=True)
        .distinct()
    ):
        schema_editor.execute(
            f"CREATE INDEX analysis_embedding_of_{pk:d} ON vision_imageanalysis "
            "USING hnsw ((embedding::halfvec(128)) halfvec_ip_ops) "
            f"WITH (m = 16, ef_construction = 64) WHERE model_id = {pk:d}"
        )


def drop_the_indexes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for pk in apps.get_model("vision", "ModelVersion").objects.values_list("pk", flat=True):
        schema_editor.execute(f"DROP INDEX IF EXISTS analysis_embedding_of_{pk:d}")


def keep_what_the_active_model_saw(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On the way back one row per picture is left."""
    analyses = apps.get_model("vision", "ImageAnalysis").objects
    analyses.exclude(model__is_active=True).delete()


class Migration(migrations.Migration):
    dependencies = [("vision", "0002_keypoint_places")]

    operations = [
        migrations.AddField(
            model_name="modelversion",
            name="wanted_since",
            field=models.DateTimeField(
                blank=True,
                null=True,
                help_text="Somebody activated it; it looks at every picture before it takes over.",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, keep_what_the_active_model_saw),
        migrations.RemoveIndex(model_name="imageanalysis", name="analysis_embedding_hnsw"),
        migrations.AlterField(
            model_name="imageanalysis",
            name="image",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="analyses",
                to="catalog.productimage",
            ),
        ),
        migrations.AddConstraint(
            model_name="imageanalysis",
            constraint=models.UniqueConstraint(fields=("image", "model"), name="analysis_once_per_model"),
        ),
        migrations.RunPython(index_each_model, drop_the_indexes),
    ]
