from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.actions.claimant import NotYoursToClaim
from accounts.actions.verify import NotYoursToVerify
from accounts.models import AuditEvent, Organisation
from brandguard.kernel.errors import DomainError
from fingerprints.actions.expire import announce_new_day, expire_rights
from fingerprints.actions.rights import (
    AlreadySubmitted,
    RightIsOver,
    submit_right,
    verify_right,
    withdraw_right,
)
from fingerprints.models import Brand, Right
from fingerprints.tasks import expire_rights as sweep
from tests import factories

TODAY = timezone.localdate()
DAY = timedelta(days=1)


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


def actions(right: Right) -> list[str]:
    events = AuditEvent.objects.filter(subject_id=str(right.pk)).order_by("id")
    return [f"{event.actor}: {event.action}" for event in events]


# --- submitting -------------------------------------------------------------------------------
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


# --- verifying and withdrawing ----------------------------------------------------------------
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


# --- what it covers ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "day", "force"),
    [
        ({}, TODAY, True),
        ({"verified": False}, TODAY, False),
        ({"valid_from": TODAY}, TODAY, True),
        ({"valid_from": TODAY + DAY}, TODAY, False),
        ({"valid_until": TODAY}, TODAY, True),
        ({"valid_until": TODAY}, TODAY + DAY, False),  # whether or not the sweep has passed
        ({"state": "expired", "expired_at": timezone.now()}, TODAY, False),
    ],
)
def test_a_right_is_in_force_once_verified_and_within_its_days(
    fields: dict[str, Any], day: date, force: object, brand: Brand
) -> None:
    right = factories.right(brand, **fields)
    assert Right.objects.in_force(day).exists() is force
    assert right.is_in_force(day) is force


def test_a_right_covers_its_designs_where_it_is_in_force(brand: Brand) -> None:
    bottle, can = factories.design(brand), factories.design(brand)
    other = factories.design(factories.brand(brand.organisation, "Pop"))
    everything = factories.right(brand, territories=["DE"])
    limited = factories.right(brand, territories=["EU"], designs=[bottle])

    def covering(design: Any, *territories: str) -> set[Right]:
        return set(Right.objects.covering(design, territories=territories, on=TODAY))

    assert covering(bottle, "DE") == {everything, limited}
    assert covering(can, "DE") == {everything}
    assert covering(bottle, "FR") == {limited}
    assert covering(can, "FR") == set()
    assert covering(can) == {everything}
    assert covering(other, "DE") == set()
    assert limited.covers(bottle, territories=["FR", "US"], on=TODAY) == {"FR"}


def test_a_right_never_grows_because_a_design_goes(brand: Brand) -> None:
    design = factories.design(brand)
    factories.right(brand, designs=[design])
    with pytest.raises(ProtectedError):
        design.delete()


# --- the calendar -----------------------------------------------------------------------------
def test_the_sweep_marks_what_is_over_once(brand: Brand) -> None:
    over = factories.right(brand, valid_until=TODAY - DAY)
    waiting = factories.right(brand, verified=False, valid_until=TODAY - DAY)
    last_day = factories.right(brand, valid_until=TODAY)
    sweep()
    sweep(extra="of a newer release")
    states = dict(Right.objects.values_list("pk", "state"))
    assert states == {over.pk: "expired", waiting.pk: "expired", last_day.pk: "verified"}
    assert actions(over) == ["service: right.expired"]


def test_a_new_day_is_told_once_and_of_what_it_changes_alone(
    brand: Brand, told: list[Brand]
) -> None:
    factories.right(brand, valid_from=TODAY + DAY)
    factories.right(factories.brand(brand.organisation, "Pop"), valid_until=TODAY + 9 * DAY)
    for day in (TODAY, TODAY + 3 * DAY, TODAY + 3 * DAY, TODAY + 4 * DAY):
        expire_rights(today=day)
        announce_new_day(today=day)
    assert told == [brand]
