"""A reviewer decides an alert. For a while it can be undone; then the listing's verdict follows, and
marketplaces are told.
"""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from brandguard.faults import Conflict, Fault
from brandguard.sweeps import MAX_A_SWEEP, each
from detection.actions.claim import refuse_what_others_look_at
from detection.actions.settle import restrictions_on, settle_listing
from detection.actions.tell import tell_decided
from detection.models import Alert, Decision, Listing
from detection.models.alert import reviewable_by
from detection.models.decision import REASONS
from fingerprints.models import AuditEvent, Membership, Organisation
from fingerprints.models.person import Person


class NotYoursToDecide(Fault):
    code = "not_yours_to_decide"


class AlreadyDecided(Conflict):
    """`decision` is the one that stands."""

    code = "already_decided"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            f"The alert was already decided: {decision}.",
            remedy="Read the decision that stands.",
            field="outcome",
        )
        self.decision = decision
        self.details = {
            "decision": {
                "outcome": decision.outcome,
                "by": decision.by.get_username(),
                "decided_at": decision.decided_at.isoformat(),
            }
        }


class ReasonDoesNotFit(Fault):
    code = "reason_does_not_fit"

    def __init__(self, outcome: Decision.Outcome, reason: str) -> None:
        fitting = ", ".join(REASONS[outcome])
        super().__init__(
            f"The reason {reason} does not go with {outcome}.",
            remedy=f"Send one of: {fitting}; or none.",
            field="reason",
        )


class TooLateToUndo(Conflict):
    code = "too_late_to_undo"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            f"The decision has taken effect: {decision}.",
            remedy="Wait for an appeal, which another reviewer decides.",
            field="decision",
        )


def decide_alert(  # noqa: PLR0913 - what a decision is made of
    *,
    alert: Alert,
    outcome: Decision.Outcome,
    note: str,
    by: Person,
    reason: str = "",
    cluster: UUID | None = None,
) -> Decision:
    """The same decision again is the one that stands. "Needs more" leaves the alert open. Nothing
    follows from it before `settings.UNDO_SECONDS` have passed.

    Raises NotYoursToDecide, AlreadyDecided, ClaimedByAnother, ReasonDoesNotFit.
    """
    if reason and reason not in REASONS[outcome]:
        raise ReasonDoesNotFit(outcome, reason)
    now = timezone.now()
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=alert.listing_id)
        alert = Alert.objects.select_related("brand__organisation").get(pk=alert.pk)
        acting_for = reviewer_organisation(alert, by)
        standing = Decision.objects.filter(alert=alert).first()
        if (
            standing
            and (standing.outcome, standing.by_id) == (outcome, by.pk)
            and (outcome != Decision.Outcome.NEEDS_MORE or standing.note == note)
        ):
            return standing
        if standing and standing.outcome != Decision.Outcome.NEEDS_MORE:
            raise AlreadyDecided(standing)
        refuse_what_others_look_at(alert, by)
        decision, _ = Decision.objects.update_or_create(
            alert=alert,
            defaults={
                "outcome": outcome,
                "reason": reason,
                "note": note,
                "by": cast("User", by),  # nobody else is let through above
                "acting_for": acting_for,
                "claimant": alert.brand.organisation,
                "cluster": cluster,
                "decided_at": now,
                "effective_at": now + timedelta(seconds=settings.UNDO_SECONDS),
                "concluded_at": None,
            },
        )
        if outcome != Decision.Outcome.NEEDS_MORE:
            alert.state = Alert.State.DECIDED
            alert.save(update_fields=["state"])
        AuditEvent.objects.record(
            "alert.decided", subject=alert, by=by, outcome=outcome, reason=reason, note=note
        )
        if decision.effective_at <= now:
            conclude(decision, listing)
    return decision


def undo_decision(*, alert: Alert, by: Person) -> None:
    """Within the time to undo, by who decided; the alert is open again and nobody was told.

    Raises NotYoursToDecide, TooLateToUndo.
    """
    with transaction.atomic():
        Listing.objects.select_for_update().get(pk=alert.listing_id)
        decision = Decision.objects.filter(alert=alert).first()
        if decision is None:
            return
        if decision.by_id != by.pk:
            raise NotYoursToDecide(
                "Only who decided may undo it.", remedy="Ask them, or wait for an appeal."
            )
        if not decision.is_undoable:
            raise TooLateToUndo(decision)
        AuditEvent.objects.record("alert.undone", subject=alert, by=by, outcome=decision.outcome)
        decision.delete()
        Alert.objects.filter(pk=alert.pk).update(state=Alert.State.OPEN)


def conclude_decisions() -> int:
    """Those whose time to undo has passed: verdicts follow, marketplaces are told. How many."""

    def conclude_one(due: tuple[int, UUID]) -> None:
        number, listing_id = due
        with transaction.atomic():
            listing = Listing.objects.select_for_update().get(pk=listing_id)
            again = Decision.objects.to_conclude(timezone.now()).filter(pk=number)
            if decision := again.select_related("alert__brand").first():
                conclude(decision, listing)

    due = Decision.objects.to_conclude(timezone.now()).values_list("pk", "alert__listing")
    return each(list(due.order_by("effective_at")[:MAX_A_SWEEP]), conclude_one)


def conclude(decision: Decision, listing: Listing) -> None:
    """Within the caller's transaction, which holds the listing."""
    decision.concluded_at = max(timezone.now(), decision.effective_at)
    decision.save(update_fields=["concluded_at"])
    if decision.outcome != Decision.Outcome.NEEDS_MORE:
        tell_decided(decision, restrictions_on(listing))
    settle_listing(listing=listing)


def reviewer_organisation(alert: Alert, user: Person) -> Organisation:
    """For whom the user may decide this alert: the operator, or the listing's marketplace."""
    if not Alert.objects.filter(reviewable_by(user), pk=alert.pk).exists():
        raise NotYoursToDecide(
            "Alerts are decided by reviewers of the operator or of the marketplace, never by "
            "the organisation that claims.",
            remedy="Leave it to a reviewer.",
        )
    mine = Membership.objects.of(user).filter(role=Membership.Role.REVIEWER)
    reviewing = Organisation.objects.filter(memberships__in=mine).exclude(
        pk=alert.brand.organisation_id
    )
    return (
        reviewing.filter(marketplace__listings__alerts=alert).first()
        or reviewing.filter(reviews=True).get()
    )
