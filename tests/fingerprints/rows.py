"""Rows on which the database's constraints are tried."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from accounts.models import ApiKey, Membership, Organisation, Paper
from fingerprints.models import Brand
from tests import factories

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def key(**fields: object) -> ApiKey:
    of = factories.organisation("Keys")
    made = ApiKey(organisation=of, user=factories.user("kim"), **{"scope": "designs"} | fields)
    made.set_secret()
    return made


def twice(model: type[Organisation | Membership | Brand | Paper], **fields: object) -> None:
    for _ in range(2):
        model.objects.create(**fields)


def any_brand(**fields: Any) -> Brand:
    return factories.brand(factories.organisation(f"Owner {uuid4()}"), **fields)
