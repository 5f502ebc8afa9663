import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fingerprints', '0009_licences'),
    ]

    operations = [
        migrations.AddField(
            model_name='brand',
            name='claims_as_of',
            field=models.DateField(default=django.utils.timezone.localdate, editable=False, help_text='The day as of which the beginning and end of its rights and licences was told.'),
        ),
    ]
