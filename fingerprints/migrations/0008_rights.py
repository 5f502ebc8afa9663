import django.db.models.deletion
import fingerprints.models.right
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fingerprints', '0007_block_threshold_never_below_review'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LimitedTo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('design', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='fingerprints.design')),
            ],
        ),
        migrations.CreateModel(
            name='Right',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('right_kind', models.CharField(choices=[('trade_mark', 'trade mark'), ('design_right', 'design right'), ('copyright', 'copyright')], max_length=12)),
                ('office', models.CharField(blank=True, help_text='Who registered it; copyright may have none.', max_length=100)),
                ('number', models.CharField(blank=True, help_text="As in that office's register.", max_length=100)),
                ('territories', models.JSONField(help_text='ISO 3166-1 alpha-2 codes, EU, or for copyright * alone: everywhere.')),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, help_text='The last day; none: no end.', null=True)),
                ('document', models.FileField(max_length=255, upload_to=fingerprints.models.right.document_file)),
                ('document_sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('submitted', 'Submitted'), ('verified', 'Verified'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='submitted', max_length=10)),
                ('submitted_at', models.DateTimeField(auto_now_add=True)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('expired_at', models.DateTimeField(blank=True, null=True)),
                ('brand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rights', to='fingerprints.brand')),
                ('designs', models.ManyToManyField(blank=True, help_text="What it is limited to; none: all of the brand's.", related_name='rights', through='fingerprints.LimitedTo', to='fingerprints.design')),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-submitted_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='limitedto',
            name='right',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='fingerprints.right'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(('right_kind__in', ['trade_mark', 'design_right', 'copyright'])), name='right_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(('right_kind', 'copyright'), models.Q(models.Q(('office', ''), _negated=True), models.Q(('number', ''), _negated=True)), _connector='OR'), name='right_registered_where_and_as_what'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(('territories', []), _negated=True), name='right_covers_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(('right_kind', 'copyright'), models.Q(('territories', ['*']), _negated=True), _connector='OR'), name='right_everywhere_for_copyright_only'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='right_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='right_has_its_document'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verified_at', None), ('verified_by', None)), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='right_verified_when_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(('verified_by', models.F('submitted_by')), _negated=True), name='right_verified_by_another'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='right_withdrawn_when_and_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('expired_at', None), ('state', 'submitted'), ('verified_at', None), ('withdrawn_at', None)), models.Q(('expired_at', None), ('state', 'verified'), ('verified_at__isnull', False), ('withdrawn_at', None)), models.Q(('expired_at', None), ('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(('expired_at__isnull', False), ('state', 'expired'), ('withdrawn_at', None)), _connector='OR'), name='right_state_complete'),
        ),
        migrations.AddConstraint(
            model_name='right',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['submitted', 'verified']), models.Q(('number', ''), _negated=True)), fields=('brand', 'right_kind', 'office', 'number'), name='right_once_in_play'),
        ),
        migrations.AddConstraint(
            model_name='limitedto',
            constraint=models.UniqueConstraint(fields=('right', 'design'), name='right_limited_to_design_once'),
        ),
    ]
