import detection.models.listing_import
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "__first__"),
        ("detection", "0007_appeals"),
        ("fingerprints", "0011_keys_and_floods"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("external_id", models.CharField(blank=True, max_length=200)),
                ("errors", models.JSONField(blank=True, default=list)),
            ],
            options={
                "ordering": ["of", "number"],
            },
        ),
        migrations.CreateModel(
            name="ListingImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="As the sender's file was called.", max_length=255),
                ),
                (
                    "file",
                    models.FileField(
                        max_length=255, upload_to=detection.models.listing_import.import_file
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("refused", "refused: the file as a whole cannot be read"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("rows_in_all", models.PositiveIntegerField(blank=True, null=True)),
                ("error", models.JSONField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="importrow",
            name="listing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="detection.listing",
            ),
        ),
        migrations.AddField(
            model_name="listingimport",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="listingimport",
            name="marketplace",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="imports",
                to="detection.marketplace",
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="detection.listingimport",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("done_at", None), ("error__isnull", True), ("state__in", ["waiting", "running"])
                    ),
                    models.Q(("done_at__isnull", False), ("error__isnull", True), ("state", "done")),
                    models.Q(
                        ("done_at__isnull", False), ("error__isnull", False), ("state", "refused")
                    ),
                    _connector="OR",
                ),
                name="listing_import_state_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("of", "number"), name="import_row_once"),
        ),
    ]
