import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fingerprints', '0008_rights'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Licence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seller_id', models.CharField(help_text="The marketplace's id of the seller.", max_length=200)),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, help_text='The last day; none: no end.', null=True)),
                ('granted_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licences', to='fingerprints.brand')),
                ('design', models.ForeignKey(blank=True, help_text="None: all of the brand's.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='licences', to='fingerprints.design')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('marketplace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='licences_on_it', to='fingerprints.organisation')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-granted_at', '-id'],
                'indexes': [models.Index(fields=['marketplace', 'seller_id'], name='licence_seller_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('seller_id', ''), _negated=True), name='licence_names_a_seller'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='licence_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='licence_revoked_when_and_by_whom'), models.UniqueConstraint(condition=models.Q(('design', None), ('revoked_at', None)), fields=('brand', 'marketplace', 'seller_id', 'valid_from'), name='licence_for_brand_once'), models.UniqueConstraint(condition=models.Q(('design__isnull', False), ('revoked_at', None)), fields=('design', 'marketplace', 'seller_id', 'valid_from'), name='licence_for_design_once')],
            },
        ),
    ]
