from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fingerprints", "0004_codes")]

    operations = [
        migrations.AddField(
            model_name="brand",
            name="block_threshold",
            field=models.PositiveSmallIntegerField(
                default=97,
                help_text="Similarity from which a copy may be blocked without a person (90 to 100, never below the other threshold).",
                validators=[MinValueValidator(90), MaxValueValidator(100)],
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="blocks_without_review",
            field=models.BooleanField(
                default=False,
                help_text="Blocks copies from that similarity on before a person has looked, where a verified right covers them and the marketplace has agreed to it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="brand",
            constraint=models.CheckConstraint(
                condition=models.Q(block_threshold__range=(90, 100)),
                name="brand_block_threshold_range",
            ),
        ),
    ]
