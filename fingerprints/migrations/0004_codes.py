"""Views enrolled so far have no codes, and local features of an earlier kind: they are enrolled anew."""

from importlib import import_module

from django.db import migrations, models

enrol_anew = import_module("fingerprints.migrations.0003_enrol_views_anew").enrol_anew


class Migration(migrations.Migration):
    dependencies = [("fingerprints", "0003_enrol_views_anew")]

    operations = [
        migrations.AddField(
            model_name="fingerprint", name="codes", field=models.BinaryField(blank=True)
        ),
        migrations.RunPython(enrol_anew, migrations.RunPython.noop),
    ]
