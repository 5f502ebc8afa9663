"""Facts of listings and imports that the database holds, whatever the code above it does."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from detection.intake.models import ImportRow, ListingImage, ListingImport
from tests import factories
from tests.constraints import Broken, constraint_names, refusal
from tests.detection.rows import NOW, listing, picture, place


def picture_of_one() -> ListingImage:
    return ListingImage.objects.first() or picture()


def same_revision_twice() -> None:
    first = listing()
    factories.listing(
        first.marketplace, external_id=first.external_id, superseded_at=timezone.now()
    )


def same_position_twice() -> None:
    image = picture()
    factories.listing_image(image.listing)


def key_twice() -> None:
    first = listing(idempotency_key="k")
    factories.listing(first.marketplace, idempotency_key="k")


def two_on_offer() -> None:
    first = listing()
    factories.listing(first.marketplace, external_id=first.external_id, revision=2)


def an_import(**fields: Any) -> ListingImport:
    return ListingImport.objects.create(marketplace=place(), name="a.csv", file="a.csv", **fields)


def same_row_twice() -> None:
    job = an_import()
    for _ in range(2):
        ImportRow.objects.create(of=job, number=2)


MATCHED = {"state": "matched", "matched_at": NOW}
BROKEN: dict[str, list[Broken]] = {
    "listing_latest_revision_once": [two_on_offer],
    "listing_idempotency_key_once": [key_twice],
    "listing_action_and_when": [
        lambda: listing(action="removed"),
        lambda: listing(action_at=NOW),
        lambda: listing(action="burnt", action_at=NOW),
    ],
    "listing_incomplete_never_allowed_in_silence": [
        lambda: listing(**MATCHED, verdict="allow", incomplete_as="hold", pictures_not_looked_at=1),
        lambda: listing(**MATCHED, verdict="hold", incomplete_as="hold"),
        lambda: listing(**MATCHED, verdict="hold", incomplete_as="?", pictures_not_looked_at=1),
    ],
    "rendition_number_once": [lambda: [factories.rendition(picture_of_one()) for _ in range(2)]],
    "rendition_ground_known": [lambda: factories.rendition(picture(), ground="blue")],
    "rendition_part_and_where": [
        lambda: factories.rendition(picture(), part=1, parts=2),
        lambda: factories.rendition(picture(), part=3, parts=2, area=[0, 0, 1, 0.5]),
        lambda: factories.rendition(picture(), part=0, parts=2, area=[0, 0, 1, 0.5]),
        lambda: factories.rendition(picture(), area=[0, 0, 1, 0.5]),
    ],
    "listing_purpose_known": [lambda: listing(purpose="fun")],
    "listing_import_state_complete": [
        lambda: an_import(state="done"),
        lambda: an_import(state="refused", done_at=NOW),
        lambda: an_import(done_at=NOW),
    ],
    "import_row_once": [same_row_twice],
    "listing_revision_once": [same_revision_twice],
    "listing_price_with_currency": [
        lambda: listing(price=Decimal(5)),
        lambda: listing(currency="EUR"),
    ],
    "listing_verdict_when_matched": [
        lambda: listing(state="queued", verdict="allow"),
        lambda: listing(state="failed", verdict="allow"),
        lambda: listing(state="failed", verdict="block", matched_at=timezone.now()),
        lambda: listing(state="matched", verdict="allow"),
        lambda: listing(state="matched", verdict="pending", matched_at=timezone.now()),
        lambda: listing(state="matched", verdict="perhaps", matched_at=timezone.now()),
        lambda: listing(state="queued", matched_at=timezone.now()),
    ],
    "listing_image_position": [same_position_twice],
    "listing_image_state_complete": [
        lambda: picture(state="pending", error={"code": "x"}),
        lambda: picture(state="embedded", error={"code": "x"}),
        lambda: picture(state="embedded", width=None),
        lambda: picture(state="embedded", height=None),
        lambda: picture(state="refused"),
        lambda: picture(state="lost"),
    ],
}
CASES = [
    pytest.param(name, broken, id=f"{name}-{number}")
    for name, several in BROKEN.items()
    for number, broken in enumerate(several, 1)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "broken"), CASES)
def test_the_database_refuses(name: str, broken: Broken) -> None:
    said = refusal(broken)
    assert name in said or said.lower().startswith("unique constraint failed")


def test_every_constraint_has_a_row_that_breaks_it() -> None:
    assert set(BROKEN) >= constraint_names("detection.intake")
