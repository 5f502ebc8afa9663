from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "__first__"),
        ("detection", "0004_earlier_rows"),
        ("fingerprints", "0011_keys_and_floods"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("concluded_at", None)),
                fields=["effective_at"],
                name="decision_to_conclude_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                condition=models.Q(("state__in", ["fetching", "queued"])),
                fields=["queued_at"],
                name="listing_queue_idx",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(
                fields=["marketplace", "seller_id", "-received_at"],
                name="detection_l_marketp_ff38d8_idx",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("concluded_at", None),
                    ("concluded_at__gte", models.F("effective_at")),
                    _connector="OR",
                ),
                name="decision_concluded_after_the_time_to_undo",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "listing")),
                fields=("marketplace", "sandbox", "external_id", "revision"),
                name="listing_revision_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "listing"), ("superseded_at", None)),
                fields=("marketplace", "sandbox", "external_id"),
                name="listing_latest_revision_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("idempotency_key", ""), _negated=True),
                fields=("marketplace", "sandbox", "idempotency_key"),
                name="listing_idempotency_key_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", ""), ("action_at", None)),
                    models.Q(
                        ("action__in", ["removed", "restricted", "published", "ignored"]),
                        ("action_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="listing_action_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["listing", "check"])),
                name="listing_purpose_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("matched_at__isnull", False),
                        ("state", "matched"),
                        ("verdict__in", ["allow", "hold", "block"]),
                    ),
                    models.Q(
                        ("matched_at", None),
                        ("state__in", ["fetching", "queued", "failed"]),
                        ("verdict", "pending"),
                    ),
                    _connector="OR",
                ),
                name="listing_verdict_when_matched",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingimage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("error__isnull", True),
                        ("state", "fetching"),
                        models.Q(("address", ""), _negated=True),
                    ),
                    models.Q(
                        ("error__isnull", True),
                        ("state", "pending"),
                        models.Q(("file", ""), _negated=True),
                    ),
                    models.Q(
                        ("error__isnull", True),
                        ("height__isnull", False),
                        ("state", "embedded"),
                        ("width__isnull", False),
                    ),
                    models.Q(("error__isnull", False), ("state", "refused")),
                    _connector="OR",
                ),
                name="listing_image_state_complete",
            ),
        ),
    ]
