from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("detection", "0034_one_replay_an_endpoint")]

    operations = [
        migrations.AddConstraint(
            model_name="replay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("endpoint",),
                name="replay_one_an_endpoint",
            ),
        ),
    ]
