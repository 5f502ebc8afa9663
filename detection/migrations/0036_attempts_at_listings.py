from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("detection", "0035_one_replay_an_endpoint_is_held")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="attempts",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="Workers that ended on it, outside of its pictures."
            ),
        ),
    ]
