import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_the_claim(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Appeals were against a listing: what was decided to infringe, or else the gravest of its claims, is
    what they were about.
    """
    appeals, alerts = apps.get_model('detection', 'Appeal'), apps.get_model('detection', 'Alert')
    gravest = {'block': 0, 'hold': 1}

    def weight(alert: object) -> tuple[bool, int]:
        decision = getattr(alert, 'decision', None)  # none: no such attribute
        return getattr(decision, 'outcome', '') != 'infringing', gravest.get(alert.verdict, 2)

    for appeal in appeals.objects.filter(brand=None):
        claims = alerts.objects.filter(listing=appeal.listing_id)
        claim = min(claims, key=weight, default=None)
        if claim is None:
            appeal.delete()  # of a sandbox's listing: there it can be sent anew
        else:
            appeals.objects.filter(pk=appeal.pk).update(brand=claim.brand_id)
    for before, after in (('upheld', 'denied'), ('overturned', 'granted')):
        appeals.objects.filter(state=before).update(state=after)


class Migration(migrations.Migration):

    dependencies = [
        ('detection', '0023_replays'),
        ('fingerprints', '0016_papers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_open_once',
        ),
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_decided_when_and_by_whom',
        ),
        migrations.AddField(
            model_name='appeal',
            name='brand',
            field=models.ForeignKey(null=True, help_text='Whose claim restricts the listing.', on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='fingerprints.brand'),
        ),
        migrations.RunPython(name_the_claim, migrations.RunPython.noop),
    ]
