"""Whatever changes what a brand may restrict is told within the transaction that changes it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from accounts.actions.verify import verify_organisation
from accounts.models import AuditEvent, Organisation
from fingerprints.actions.brands import change_brand
from fingerprints.actions.expire import announce_new_day, expire_rights
from fingerprints.actions.licences import grant_licence, revoke_licence
from fingerprints.actions.retire import retire_design
from fingerprints.actions.rights import submit_right, verify_right, withdraw_right
from fingerprints.models import Brand
from fingerprints.signals import enforcement_changed
from tests import factories

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


def verify(brand: Brand, _: User) -> None:
    Organisation.objects.update(verified_at=None, verified_by=None)
    verify_organisation(organisation=brand.organisation, by=factories.staff(), note="Known.")


def change_in_admin(brand: Brand, _: User) -> None:
    page = reverse("admin:fingerprints_brand_change", args=[brand.pk])
    given = {"name": brand.name, "review_threshold": 85, "block_threshold": 99}
    factories.signed_in(factories.staff()).post(page, given)


def submit(brand: Brand, by: User) -> None:
    submit_right(
        brand=brand,
        right_kind="copyright",
        territories=["*"],
        valid_from=TODAY,
        document=factories.upload(factories.PDF),
        by=by,
    )


def grant(brand: Brand, by: User) -> None:
    bazaar = factories.marketplace().organisation
    grant_licence(brand=brand, marketplace=bazaar, seller_id="seller-1", by=by)


def revoke(brand: Brand, by: User) -> None:
    revoke_licence(licence=factories.licence(brand, factories.marketplace()), by=by)


def expire(brand: Brand, _: User) -> None:
    factories.right(brand, valid_until=TODAY)
    expire_rights(today=TOMORROW)


def begin(brand: Brand, _: User) -> None:
    factories.right(brand, valid_from=TOMORROW)
    announce_new_day(today=TOMORROW)


def begin_licence(brand: Brand, _: User) -> None:
    factories.licence(brand, factories.marketplace(), valid_from=TOMORROW)
    announce_new_day(today=TOMORROW)


def end_licence(brand: Brand, _: User) -> None:
    factories.licence(brand, factories.marketplace(), valid_until=TODAY)
    announce_new_day(today=TOMORROW)


CHANGES: dict[str, Callable[[Brand, User], object]] = {
    "a design retired": lambda brand, by: retire_design(design=factories.design(brand), by=by),
    "an organisation verified": verify,
    "when to hold": lambda brand, by: change_brand(brand=brand, by=by, review_threshold=80),
    "when to block": lambda brand, by: change_brand(brand=brand, by=by, block_threshold=98),
    "whether to block": lambda brand, by: change_brand(
        brand=brand, by=by, blocks_without_review=True
    ),
    "by the operator": change_in_admin,
    "a right submitted": submit,
    "a right verified": lambda brand, _: verify_right(
        right=factories.right(brand, verified=False), by=factories.staff()
    ),
    "a right withdrawn": lambda brand, by: withdraw_right(right=factories.right(brand), by=by),
    "a right expired": expire,
    "a right begun": begin,
    "a licence granted": grant,
    "a licence revoked": revoke,
    "a licence begun": begin_licence,
    "a licence ended": end_licence,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_claim_is_told(
    change: Callable[[Brand, User], object], brand: Brand, alice: User, told: list[Brand]
) -> None:
    change(brand, alice)
    assert told == [brand]


def test_a_new_name_claims_nothing(brand: Brand, alice: User, told: list[Brand]) -> None:
    change_brand(brand=brand, by=alice, name="Pop", review_threshold=brand.review_threshold)
    assert not told


def test_a_change_that_cannot_be_told_is_not_made(brand: Brand, alice: User) -> None:
    def fail(**_: Any) -> None:
        raise OSError

    enforcement_changed.connect(fail)
    try:
        with pytest.raises(OSError):  # noqa: PT011 - it says nothing
            change_brand(brand=brand, by=alice, review_threshold=80)
    finally:
        enforcement_changed.disconnect(fail)
    brand.refresh_from_db()
    assert brand.review_threshold == 85
    assert not AuditEvent.objects.exists()
