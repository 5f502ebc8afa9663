"""Brands that hold from 98 on or later would otherwise block from 97 on."""

from typing import Any

from django.db import migrations, models


def raise_thresholds(apps: Any, _: Any) -> None:
    brands = apps.get_model("fingerprints", "Brand").objects
    crossed = brands.filter(block_threshold__lt=models.F("review_threshold"))
    crossed.update(block_threshold=models.F("review_threshold"))


class Migration(migrations.Migration):
    dependencies = [("fingerprints", "0005_block_threshold")]

    operations = [migrations.RunPython(raise_thresholds, migrations.RunPython.noop)]
