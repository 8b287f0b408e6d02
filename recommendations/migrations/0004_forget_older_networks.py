from django.db import migrations


def forget_older_networks(apps, schema_editor):
    """Networks of before 0003 lack arrays that are read now. The next refresh builds a whole one anew."""
    networks = apps.get_model("recommendations", "ClusterNetwork")
    readable = networks.objects.filter(categories__digest__gt="").values("pk")
    networks.objects.exclude(pk__in=readable).delete()


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0003_cluster_blocks")]

    operations = [migrations.RunPython(forget_older_networks, migrations.RunPython.noop)]
