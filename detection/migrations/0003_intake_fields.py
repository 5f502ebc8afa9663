import detection.models.listing
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "__first__"),
        ("detection", "0002_agreement_and_edit"),
        ("fingerprints", "0011_keys_and_floods"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="listing",
            name="listing_revision_once",
        ),
        migrations.RemoveConstraint(
            model_name="listing",
            name="listing_verdict_when_matched",
        ),
        migrations.RemoveConstraint(
            model_name="listingimage",
            name="listing_image_state_complete",
        ),
        migrations.RemoveIndex(
            model_name="listing",
            name="listing_queue_idx",
        ),
        migrations.AddField(
            model_name="alert",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("allow", "Allow"),
                    ("hold", "Hold"),
                    ("block", "Block"),
                ],
                default="hold",
                help_text="What this brand's claim leads to; the listing's own may come of "
                "another's, which is not told to every claimant.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="rule",
            field=models.CharField(
                blank=True,
                default="awaits_review",
                help_text="What the claim leads to now.",
                max_length=30,
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="told_at",
            field=models.DateTimeField(
                blank=True, help_text="When the marketplace was told of it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="concluded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="decision",
            name="effective_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="listing",
            name="action",
            field=models.CharField(
                blank=True,
                choices=[
                    ("removed", "Removed"),
                    ("restricted", "Restricted"),
                    ("published", "Published"),
                    ("ignored", "Ignored"),
                ],
                help_text="What the marketplace says that it did.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="action_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="listing",
            name="idempotency_key",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name="listing",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("listing", "Listing"),
                    ("check", "check: asked before it is published; seen by no brand"),
                ],
                default="listing",
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="sandbox",
            field=models.BooleanField(default=False, help_text="Sent with a sandbox key."),
        ),
        migrations.AddField(
            model_name="listing",
            name="statement",
            field=models.JSONField(
                blank=True,
                help_text="Of reasons, for the seller, while it is restricted.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="listing",
            name="superseded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="listing",
            name="verdict_at",
            field=models.DateTimeField(blank=True, help_text="When it last changed.", null=True),
        ),
        migrations.AddField(
            model_name="listing",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="listingimage",
            name="address",
            field=models.URLField(
                blank=True, help_text="Where the picture was to be had from.", max_length=1000
            ),
        ),
        migrations.AddField(
            model_name="marketplace",
            name="blocks_without_review",
            field=models.BooleanField(
                default=False,
                help_text="Copies of designs whose brand wants it too are blocked before a person has looked.",
            ),
        ),
        migrations.AddField(
            model_name="marketplace",
            name="fetch_hosts",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Hosts that pictures may be fetched from, as in img.example.com, or .example.com for all below it. Empty: any public host.",
            ),
        ),
        migrations.AlterField(
            model_name="listing",
            name="state",
            field=models.CharField(
                choices=[
                    ("fetching", "fetching: pictures are had from their addresses"),
                    ("queued", "Queued"),
                    ("matched", "Matched"),
                    ("failed", "Failed"),
                ],
                default="queued",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="listingimage",
            name="file",
            field=models.FileField(
                blank=True, max_length=255, upload_to=detection.models.listing.listing_file
            ),
        ),
        migrations.AlterField(
            model_name="listingimage",
            name="state",
            field=models.CharField(
                choices=[
                    ("fetching", "Fetching"),
                    ("pending", "Pending"),
                    ("embedded", "Embedded"),
                    ("refused", "Refused"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
    ]
