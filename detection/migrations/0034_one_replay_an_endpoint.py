"""Of several replays that run to one endpoint the first goes on, and the others are cancelled."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone


def cancel_others(apps, schema_editor):
    replays = apps.get_model("detection", "Replay").objects.filter(state="running")
    earlier = replays.filter(endpoint=OuterRef("endpoint")).filter(
        Q(created_at__lt=OuterRef("created_at"))
        | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
    )
    numbers = list(replays.filter(Exists(earlier)).values_list("pk", flat=True))
    replays.filter(pk__in=numbers).update(
        state="cancelled", why="It was cancelled.", ended_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("detection", "0033_what_looks_show")]

    operations = [
        migrations.AddField(
            model_name="replay",
            name="looked_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it was last seen whether another page may be added.",
                null=True,
            ),
        ),
        migrations.RunPython(cancel_others, migrations.RunPython.noop),
    ]
