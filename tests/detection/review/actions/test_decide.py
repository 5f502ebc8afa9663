import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEvent, Marketplace, Organisation
from detection.delivery.models import Event
from detection.intake.models import Listing
from detection.review.actions.decide import (
    AlreadyDecided,
    NotYoursToDecide,
    TooLateToUndo,
    apply_decisions,
    decide_alert,
    undo_decision,
)
from detection.review.models import Alert, Decision
from fingerprints.actions.retire import retire_design
from fingerprints.models import Brand
from tests import factories

Outcome = Decision.Outcome


def decide(
    alert: Alert, by: User | AnonymousUser, outcome: Decision.Outcome = Outcome.INFRINGING
) -> Decision:
    reason = "design_copied" if outcome == Outcome.INFRINGING else ""
    return decide_alert(alert=alert, outcome=outcome, reason=reason, note="Seen.", by=by)


def verdict_of(alert: Alert) -> str:
    return Listing.objects.get(pk=alert.listing_id).verdict


def state_of(alert: Alert) -> str:
    return Alert.objects.get(pk=alert.pk).state


# --- the verdict follows --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("outcome", "verdict", "state"),
    [
        (Outcome.INFRINGING, "block", "decided"),
        (Outcome.NOT_INFRINGING, "allow", "decided"),
        (Outcome.GENUINE_GOODS, "allow", "decided"),
        (Outcome.NEEDS_MORE, "hold", "open"),
    ],
)
def test_the_verdict_follows_from_the_decision(
    alert: Alert, rita: User, outcome: Decision.Outcome, verdict: str, state: str
) -> None:
    decide(alert, rita, outcome)
    assert (verdict_of(alert), state_of(alert)) == (verdict, state)


def test_another_brand_s_open_alert_keeps_the_listing_held(alert: Alert, rita: User) -> None:
    factories.claim_too(alert, factories.brand(factories.organisation("Umbra"), "Umbra"))
    decide(alert, rita, Outcome.NOT_INFRINGING)
    assert verdict_of(alert) == "hold"


def test_a_decision_stands_when_the_brand_raises_its_threshold_later(
    alert: Alert, rita: User, brand: Brand
) -> None:
    brand.review_threshold = brand.block_threshold = 100
    brand.save()
    decide(alert, rita)
    assert verdict_of(alert) == "block"


def test_a_decision_keeps_who_when_for_whom_and_against_whose_claim(
    alert: Alert, rita: User, acme: Organisation
) -> None:
    before = timezone.now()
    made = decide(alert, rita)
    assert (made.by, made.acting_for.name, made.claimant) == (rita, "The operator", acme)
    assert before <= made.decided_at <= timezone.now()
    assert made.note == "Seen."


def test_a_decision_and_the_new_verdict_leave_audit_events(alert: Alert, rita: User) -> None:
    decide(alert, rita)
    decided = AuditEvent.objects.get(action="alert.decided")
    assert (decided.actor, decided.data) == (
        "rita",
        {"outcome": "infringing", "reason": "design_copied", "note": "Seen."},
    )
    changed = AuditEvent.objects.get(action="listing.verdict")
    assert changed.data == {"before": "hold", "after": "block"}


# --- who decides ----------------------------------------------------------------------------
def test_a_marketplace_s_reviewer_decides_for_the_marketplace(
    alert: Alert, marketplace: Marketplace
) -> None:
    mona = factories.member(marketplace.organisation, "mona", role="reviewer")
    assert decide(alert, mona).acting_for == marketplace.organisation


def test_the_claimant_s_own_people_never_decide(alert: Alert, alice: User, bob: User) -> None:
    for person in (alice, bob):
        with pytest.raises(NotYoursToDecide):
            decide(alert, person)
    assert not Decision.objects.exists()


def test_not_even_as_a_reviewer_of_the_operator(alert: Alert, bob: User, rita: User) -> None:
    factories.operator().memberships.create(user=bob, role="reviewer")
    with pytest.raises(NotYoursToDecide):
        decide(alert, bob)


def test_nor_as_a_reviewer_of_the_marketplace(
    alert: Alert, alice: User, marketplace: Marketplace
) -> None:
    marketplace.organisation.memberships.create(user=alice, role="reviewer")
    with pytest.raises(NotYoursToDecide):
        decide(alert, alice)


@pytest.mark.parametrize("role", ["owner", "member"])
def test_only_reviewers_decide(alert: Alert, marketplace: Marketplace, role: str) -> None:
    person = factories.member(marketplace.organisation, "paul", role=role)
    with pytest.raises(NotYoursToDecide):
        decide(alert, person)


def test_a_stranger_does_not_decide(alert: Alert, charlie: User) -> None:
    for person in (charlie, AnonymousUser()):
        with pytest.raises(NotYoursToDecide):
            decide(alert, person)


def test_a_reviewer_of_another_marketplace_does_not_decide(alert: Alert) -> None:
    elsewhere = factories.marketplace("Elsewhere").organisation
    with pytest.raises(NotYoursToDecide):
        decide(alert, factories.member(elsewhere, "eli", role="reviewer"))


def test_nobody_decides_what_an_unverified_organisation_claims(
    marketplace: Marketplace, rita: User
) -> None:
    newcomer = factories.brand(factories.organisation("Newcomer", verified=False))
    with pytest.raises(NotYoursToDecide):
        decide(factories.alert(newcomer, marketplace), rita)


def test_the_database_itself_refuses_a_decision_on_one_s_own_claim(
    alert: Alert, alice: User, acme: Organisation
) -> None:
    with (
        pytest.raises(IntegrityError, match="decision_never_by_the_claimant"),
        transaction.atomic(),
    ):
        Decision.objects.create(
            alert=alert,
            outcome=Outcome.INFRINGING,
            by=alice,
            acting_for=acme,
            claimant=acme,
            decided_at=timezone.now(),
        )


# --- twice ----------------------------------------------------------------------------------
def test_the_same_decision_again_is_the_one_that_stands(alert: Alert, rita: User) -> None:
    first = decide(alert, rita)
    again = decide(alert, rita)
    assert (again.pk, again.decided_at) == (first.pk, first.decided_at)
    assert AuditEvent.objects.filter(action="alert.decided").count() == 1


def test_a_conflicting_decision_is_told_the_one_that_stands(alert: Alert, rita: User) -> None:
    first = decide(alert, rita, Outcome.GENUINE_GOODS)
    with pytest.raises(AlreadyDecided) as refused:
        decide(alert, rita, Outcome.INFRINGING)
    assert refused.value.decision == first
    assert verdict_of(alert) == "allow"


def test_another_reviewer_s_same_word_is_a_conflict_too(
    alert: Alert, rita: User, marketplace: Marketplace
) -> None:
    decide(alert, rita)
    mona = factories.member(marketplace.organisation, "mona", role="reviewer")
    with pytest.raises(AlreadyDecided):
        decide(alert, mona)
    assert Decision.objects.get().by == rita


def test_needs_more_can_be_followed_by_another_reviewer_s_decision(
    alert: Alert, rita: User, marketplace: Marketplace
) -> None:
    decide(alert, rita, Outcome.NEEDS_MORE)
    mona = factories.member(marketplace.organisation, "mona", role="reviewer")
    made = decide(alert, mona)
    assert (made.by, made.acting_for) == (mona, marketplace.organisation)
    assert (verdict_of(alert), state_of(alert)) == ("block", "decided")
    assert Decision.objects.count() == 1


def test_a_retired_design_blocks_nothing_whatever_was_decided(alert: Alert, rita: User) -> None:
    retire_design(design=alert.match.view.design, by=rita)
    decide(alert, rita, Outcome.INFRINGING)
    assert verdict_of(alert) == "allow"


def test_needs_more_said_twice_leaves_one_audit_event(alert: Alert, rita: User) -> None:
    for _ in range(2):
        decide(alert, rita, Outcome.NEEDS_MORE)
    assert AuditEvent.objects.filter(action="alert.decided").count() == 1


def test_needs_more_with_another_note_is_another_statement(alert: Alert, rita: User) -> None:
    for note in ("Ask the brand.", "Asked: no answer."):
        decide_alert(alert=alert, outcome=Outcome.NEEDS_MORE, note=note, by=rita)
    notes = [event.data["note"] for event in AuditEvent.objects.filter(action="alert.decided")]
    assert sorted(notes) == ["Ask the brand.", "Asked: no answer."]


# --- the time to undo ---------------------------------------------------------------------------
@pytest.fixture
def undoable(settings: Settings) -> None:
    settings.UNDO_SECONDS = 30


def let_time_pass() -> None:
    Decision.objects.filter(applied_at=None).update(effective_at=timezone.now())
    apply_decisions()


@pytest.mark.usefixtures("undoable")
def test_a_decision_has_no_effect_while_it_can_be_undone(alert: Alert, rita: User) -> None:
    decide(alert, rita)
    apply_decisions()
    assert (verdict_of(alert), state_of(alert)) == ("hold", "decided")
    assert not Event.objects.exists()


@pytest.mark.usefixtures("undoable")
def test_then_the_verdict_follows_and_the_marketplace_is_told_once(
    alert: Alert, rita: User
) -> None:
    decide(alert, rita)
    let_time_pass()
    let_time_pass()
    assert verdict_of(alert) == "block"
    told = Event.objects.values_list("event_type", "sequence")
    assert list(told) == [("listing.blocked", 1), ("alert.decided", 2)]


@pytest.mark.usefixtures("undoable")
def test_an_undone_decision_sends_nothing_and_the_alert_is_open_again(
    alert: Alert, rita: User
) -> None:
    decide(alert, rita)
    undo_decision(alert=alert, by=rita)
    apply_decisions()
    assert (verdict_of(alert), state_of(alert)) == ("hold", "open")
    assert not Event.objects.exists()
    assert AuditEvent.objects.filter(action="alert.undone").count() == 1


@pytest.mark.usefixtures("undoable")
def test_what_is_in_effect_is_not_undone(alert: Alert, rita: User) -> None:
    decide(alert, rita)
    let_time_pass()
    with pytest.raises(TooLateToUndo):
        undo_decision(alert=alert, by=rita)
    assert verdict_of(alert) == "block"


@pytest.mark.usefixtures("undoable")
def test_nobody_else_undoes_it(alert: Alert, rita: User) -> None:
    decide(alert, rita)
    with pytest.raises(NotYoursToDecide):
        undo_decision(alert=alert, by=factories.member(factories.operator(), "rob", "reviewer"))
