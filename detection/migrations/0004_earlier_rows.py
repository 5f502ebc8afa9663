"""What was there before: of several revisions only the last is on offer, decisions have taken effect,
and verdicts changed when listings were matched or decided.
"""

from typing import Any

from django.db import migrations
from django.db.models import Exists, F, OuterRef
from django.utils import timezone


def bring_up(apps: Any, _: Any) -> None:
    listings = apps.get_model("detection", "Listing").objects
    later = listings.filter(
        marketplace=OuterRef("marketplace"),
        external_id=OuterRef("external_id"),
        revision__gt=OuterRef("revision"),
    )
    listings.filter(Exists(later)).update(superseded_at=timezone.now())
    listings.filter(state="matched").update(verdict_at=F("matched_at"))
    apps.get_model("detection", "Decision").objects.update(
        effective_at=F("decided_at"), concluded_at=F("decided_at")
    )
    cleared = ["not_infringing", "licensed", "genuine_goods"]
    alerts = apps.get_model("detection", "Alert").objects
    alerts.filter(decision__outcome="infringing").update(rule="decided_infringing", verdict="block")
    alerts.filter(decision__outcome__in=cleared).update(
        rule="decided_not_infringing", verdict="allow"
    )
    alerts.update(told_at=F("raised_at"))


class Migration(migrations.Migration):
    dependencies = [("detection", "0003_intake_fields")]

    operations = [migrations.RunPython(bring_up, migrations.RunPython.noop)]
