from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0008_product_leads")]

    operations = [
        migrations.AlterField(
            model_name="interaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("view", "View"),
                    ("click", "Click"),
                    ("wish", "Wish"),
                    ("cart", "Cart"),
                    ("purchase", "Purchase"),
                    ("dismiss", "Dismiss"),
                    ("quiz", "Quiz"),
                ],
                max_length=10,
            ),
        ),
    ]
