import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "__first__"),
        ("detection", "0008_imports"),
        ("fingerprints", "0011_keys_and_floods"),
    ]

    operations = [
        migrations.CreateModel(
            name="Resettlement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.UUIDField(
                        help_text="Another one with every change, so that none is lost."
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.AddField(
            model_name="resettlement",
            name="brand",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="fingerprints.brand",
            ),
        ),
    ]
