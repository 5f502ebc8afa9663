from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fingerprints", "0006_brands_block_from_where_they_hold")]

    operations = [
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(block_threshold__gte=models.F("review_threshold")),
                name="brand_thresholds_in_order",
                violation_error_message="Listings cannot be blocked from a lower similarity than they are held from.",
            ),
        ),
    ]
