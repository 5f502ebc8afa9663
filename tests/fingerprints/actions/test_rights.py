"""Rights are submitted, verified and withdrawn."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from accounts.actions.claimant import NotYoursToClaim
from accounts.actions.verify import NotYoursToVerify
from accounts.models import Organisation
from brandguard.kernel.errors import DomainError
from fingerprints.actions.rights import (
    AlreadySubmitted,
    RightIsOver,
    submit_right,
    verify_right,
    withdraw_right,
)
from fingerprints.models import Brand, Right
from tests import factories
from tests.fingerprints.scenes import DAY, TODAY, actions


def submitted(brand: Brand, by: User, **fields: Any) -> Right:
    entry: dict[str, Any] = {
        "right_kind": "trade_mark",
        "office": "EUIPO",
        "number": "018000001",
        "territories": ["EU"],
        "valid_from": date(2020, 1, 1),
        "document": factories.upload(factories.PDF, "certificate.html"),
    }
    return submit_right(brand=brand, by=by, **entry | fields)


def test_a_right_is_submitted_by_an_owner(brand: Brand, alice: User) -> None:
    design = factories.design(brand)
    right = submitted(brand, alice, territories=["fr", "DE"], designs=[design])
    right.refresh_from_db()
    assert (right.state, right.territories) == ("submitted", ["DE", "FR"])
    assert list(right.designs.all()) == [design]
    assert str(right.document).endswith(".pdf")
    assert len(right.document_sha256) == 64
    assert actions(right) == ["alice: right.submitted"]


def test_staff_submits_too(brand: Brand) -> None:
    assert submitted(brand, factories.staff()).submitted_by == factories.staff()


def test_others_submit_nothing(brand: Brand, bob: User, charlie: User, rita: User) -> None:
    for person in (bob, charlie, rita, AnonymousUser()):
        with pytest.raises(NotYoursToClaim):
            submitted(brand, person)  # type: ignore[arg-type]
    assert not Right.objects.exists()


def test_copyright_has_no_register_and_may_be_in_force_everywhere(
    brand: Brand, alice: User
) -> None:
    right = submitted(brand, alice, right_kind="copyright", office="", number="", territories=["*"])
    assert str(right) == "copyright"


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("territories", {"territories": []}),
        ("territories", {"territories": ["Germany"]}),
        ("territories", {"territories": ["*"]}),
        ("territories", {"territories": ["*", "DE"], "right_kind": "copyright"}),
        ("office", {"office": " "}),
        ("number", {"number": ""}),
        ("number", {"number": "", "right_kind": "design_right"}),
        ("valid_until", {"valid_until": date(2019, 12, 31)}),
        ("valid_until", {"valid_until": TODAY - DAY}),
        ("document", {"document": factories.upload(b"<html>", "certificate.pdf")}),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    field: str, fields: dict[str, Any], brand: Brand, alice: User
) -> None:
    with pytest.raises(DomainError) as refused:
        submitted(brand, alice, **fields)
    assert refused.value.field == field
    assert refused.value.remedy
    assert not Right.objects.exists()


def test_a_right_is_limited_to_designs_of_its_own_brand(brand: Brand, alice: User) -> None:
    other = factories.design(factories.brand(brand.organisation, "Pop"))
    with pytest.raises(DomainError, match="its own brand"):
        submitted(brand, alice, designs=[other])


def test_a_right_is_in_play_once(brand: Brand, alice: User) -> None:
    first = submitted(brand, alice)
    with pytest.raises(AlreadySubmitted):
        submitted(brand, alice)
    withdraw_right(right=first, by=alice)
    submitted(brand, alice)


def test_staff_verifies_once(brand: Brand) -> None:
    right = factories.right(brand, verified=False)
    first = verify_right(right=right, by=factories.staff())
    again = verify_right(right=right, by=factories.user("other", is_staff=True))
    assert first.state == "verified"
    assert again.verified_by == factories.staff()
    assert actions(right) == ["operator-staff: right.verified"]


def test_nobody_verifies_what_is_their_own(
    brand: Brand, acme: Organisation, alice: User, charlie: User, rita: User
) -> None:
    right = factories.right(brand, verified=False)
    inside = factories.member(acme, "insider")
    inside.is_staff = True
    for person in (alice, charlie, rita, inside, AnonymousUser()):
        with pytest.raises(NotYoursToVerify):
            verify_right(right=right, by=person)
    own = submitted(brand, factories.staff())
    with pytest.raises(NotYoursToVerify):
        verify_right(right=own, by=factories.staff())
    assert not Right.objects.filter(state="verified").exists()


def test_what_is_withdrawn_or_over_is_not_verified(brand: Brand, alice: User) -> None:
    withdrawn = factories.right(brand, verified=False)
    withdraw_right(right=withdrawn, by=alice)
    over = factories.right(brand, verified=False, valid_until=TODAY - DAY)
    expired = factories.right(
        brand, state="expired", expired_at=timezone.now(), valid_until=TODAY - DAY
    )
    for right in (withdrawn, over, expired):
        with pytest.raises(RightIsOver):
            verify_right(right=right, by=factories.staff())


def test_owner_and_staff_withdraw_and_once_is_enough(brand: Brand, alice: User) -> None:
    right = factories.right(brand)
    first = withdraw_right(right=right, by=alice)
    assert (first.state, first.withdrawn_by) == ("withdrawn", alice)
    assert withdraw_right(right=right, by=factories.staff()).withdrawn_by == alice
    assert actions(right) == ["alice: right.withdrawn"]
    other = factories.right(brand)
    assert withdraw_right(right=other, by=factories.staff()).state == "withdrawn"


def test_others_withdraw_nothing(brand: Brand, bob: User, charlie: User) -> None:
    for person in (bob, charlie):
        with pytest.raises(NotYoursToClaim):
            withdraw_right(right=factories.right(brand), by=person)


def test_an_expired_right_is_not_withdrawn(brand: Brand, alice: User) -> None:
    right = factories.right(brand, state="expired", expired_at=timezone.now())
    with pytest.raises(RightIsOver):
        withdraw_right(right=right, by=alice)
