"""Views enrolled so far have no thumbnail, and local features of an earlier kind: they are enrolled
anew by the next sweep, and until then match nothing.
"""

from typing import Any

from django.db import migrations, models


def enrol_anew(apps: Any, _: Any) -> None:
    fingerprints = apps.get_model("fingerprints", "Fingerprint").objects.all()
    changes = apps.get_model("fingerprints", "IndexChange").objects
    for generation in fingerprints.values_list("generation", flat=True).distinct():
        changes.create(generation=generation, operation="reload")
    fingerprints.delete()
    images = apps.get_model("fingerprints", "DesignImage").objects
    images.filter(state="enrolled").update(state="pending", attempts=0)
    apps.get_model("fingerprints", "Design").objects.update(queued_at=models.F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("fingerprints", "0002_thumbnails_and_warnings")]

    operations = [migrations.RunPython(enrol_anew, migrations.RunPython.noop)]
