"""Facts of the register that the database holds, whatever the code above it does."""

from datetime import date
from typing import Any

import pytest

from fingerprints.models import (
    Brand,
    DesignImage,
    Fingerprint,
    IndexChange,
    Licence,
    LimitedTo,
    Right,
)
from tests import factories
from tests.constraints import Broken, constraint_names, refusal
from tests.fingerprints.rows import NOW, any_brand, twice


def fingerprint(image: DesignImage, **fields: object) -> Fingerprint:
    return Fingerprint.objects.create(
        image=image,
        **{"generation": "g", "variant": "original", "vector": b"", "perceptual_hash": 0} | fields,
    )


def same_print_twice() -> None:
    image = factories.view(factories.design(any_brand()))
    fingerprint(image)
    fingerprint(image)


def same_position_twice() -> None:
    design = factories.design(any_brand())
    factories.view(design)
    factories.view(design)


def any_view(**fields: Any) -> DesignImage:
    return factories.view(factories.design(any_brand()), **fields)


def any_right(**fields: Any) -> Right:
    return factories.right(any_brand(), **fields)


def same_right_twice() -> None:
    brand = any_brand()
    for verified in (True, False):
        factories.right(brand, number="018000001", verified=verified)


def limited_twice() -> None:
    brand = any_brand()
    design = factories.design(brand)
    right = factories.right(brand, designs=[design])
    LimitedTo.objects.create(right=right, design=design)


def any_licence(**fields: Any) -> Licence:
    return factories.licence(any_brand(), factories.marketplace(), **fields)


def same_licence_twice(*, for_design: bool = False) -> None:
    brand, bazaar = any_brand(), factories.marketplace()
    design = factories.design(brand) if for_design else None
    for _ in range(2):
        factories.licence(brand, bazaar, design=design)


BROKEN: dict[str, list[Broken]] = {
    "brand_name_once": [
        lambda: twice(Brand, organisation=factories.organisation("Twins"), name="Fizz")
    ],
    "brand_review_threshold_range": [
        lambda: any_brand(review_threshold=69),
        lambda: any_brand(review_threshold=101),
    ],
    "brand_block_threshold_range": [
        lambda: any_brand(block_threshold=89),
        lambda: any_brand(block_threshold=101),
    ],
    "brand_thresholds_in_order": [lambda: any_brand(review_threshold=96, block_threshold=95)],
    "design_kind_known": [lambda: factories.design(any_brand(), design_kind="song")],
    "design_image_position": [same_position_twice],
    "design_image_outline_by": [
        lambda: any_view(outline_by="views"),
        lambda: any_view(outline=[[0, 0], [1, 0], [1, 1]]),
        lambda: any_view(outline_by="staff"),
    ],
    "design_image_state_complete": [
        lambda: any_view(state="pending", error={"code": "x"}),
        lambda: any_view(state="enrolled", error={"code": "x"}),
        lambda: any_view(state="enrolled", width=None),
        lambda: any_view(state="enrolled", height=None),
        lambda: any_view(state="refused"),
        lambda: any_view(state="lost"),
    ],
    "fingerprint_once": [same_print_twice],
    "index_change_operation_known": [
        lambda: IndexChange.objects.create(operation="swap", generation="g")
    ],
    "licence_names_a_seller": [lambda: any_licence(seller_id="")],
    "licence_ends_after_it_begins": [lambda: any_licence(valid_until=date(2019, 12, 31))],
    "licence_revoked_when_and_by_whom": [
        lambda: any_licence(revoked_at=NOW),
        lambda: any_licence(revoked_by=factories.staff()),
    ],
    "licence_for_brand_once": [same_licence_twice],
    "licence_for_design_once": [lambda: same_licence_twice(for_design=True)],
    "right_kind_known": [lambda: any_right(right_kind="patent")],
    "right_registered_where_and_as_what": [
        lambda: any_right(office=""),
        lambda: any_right(number=""),
        lambda: any_right(right_kind="design_right", number=""),
    ],
    "right_covers_somewhere": [lambda: any_right(territories=[])],
    "right_everywhere_for_copyright_only": [lambda: any_right(territories=["*"])],
    "right_ends_after_it_begins": [lambda: any_right(valid_until=date(2019, 12, 31))],
    "right_has_its_document": [lambda: any_right(document="")],
    "right_verified_when_and_by_whom": [
        lambda: any_right(state="expired", expired_at=NOW, verified_at=None),
        lambda: any_right(verified_by=None),
    ],
    "right_verified_by_another": [lambda: any_right(submitted_by=factories.staff())],
    "right_withdrawn_when_and_by_whom": [
        lambda: any_right(state="withdrawn", withdrawn_at=NOW),
        lambda: any_right(withdrawn_by=factories.staff()),
    ],
    "right_state_complete": [
        lambda: any_right(state="submitted"),
        lambda: any_right(state="verified", verified_at=None, verified_by=None),
        lambda: any_right(state="verified", expired_at=NOW),
        lambda: any_right(withdrawn_at=NOW, withdrawn_by=factories.staff()),
        lambda: any_right(state="withdrawn"),
        lambda: any_right(state="expired"),
        lambda: any_right(state="doubtful"),
    ],
    "right_once_in_play": [same_right_twice],
    "right_limited_to_design_once": [limited_twice],
    "right_refused_before_it_was_verified": [lambda: any_right(refusal_reason="No.")],
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
    assert set(BROKEN) >= constraint_names("fingerprints")
