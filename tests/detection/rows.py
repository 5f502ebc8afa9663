"""Rows on which the database's constraints are tried."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Marketplace
from detection.intake.models import Listing, ListingImage
from detection.review.models import Alert, Decision
from tests import factories


def place() -> Marketplace:
    return factories.marketplace(f"Bazaar {uuid4()}")


def listing(**fields: Any) -> Listing:
    return factories.listing(place(), **fields)


def picture(**fields: Any) -> ListingImage:
    return factories.listing_image(listing(), **fields)


def alert() -> Alert:
    return factories.alert(factories.brand(factories.organisation(f"Owner {uuid4()}")), place())


def matched(**fields: Any) -> None:
    owner = factories.organisation(f"Owner {uuid4()}")
    view = factories.view(factories.design(factories.brand(owner)))
    factories.match(picture(), view, **fields)


def decision(of: Alert | None = None, **fields: object) -> Decision:
    of = of or alert()
    return Decision.objects.create(
        **{
            "alert": of,
            "outcome": "infringing",
            "by": factories.user(f"reviewer {uuid4()}"),
            "acting_for": factories.operator(),
            "claimant": of.brand.organisation,
            "decided_at": timezone.now(),
        }
        | fields,
    )


NOW = timezone.now()
