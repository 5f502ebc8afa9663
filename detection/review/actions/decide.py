"""Stores a reviewer's decision on an alert. It can be undone for a while; then it is applied to the
listing's verdict and published to the marketplace.
"""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Field
from django.utils import timezone

from accounts.actions.mail import mail_owners
from accounts.models import AuditEvent, Membership, Organisation
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict, DomainError
from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from detection.intake.models import Listing
from detection.review.actions.alert_lock import refuse_if_locked
from detection.review.actions.assess import assess_listing
from detection.review.actions.publish import publish_decided
from detection.review.assessments import assessments_of
from detection.review.models import Alert, Decision, PastDecision
from detection.review.models.alert import reviewable_by
from detection.review.models.decision import REASONS, DecisionFields


class NotYoursToDecide(DomainError):
    code = "not_yours_to_decide"


class AlreadyDecided(Conflict):
    """Another decision was stored first; `decision` is that one."""

    code = "already_decided"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            f"The alert is decided: {decision}.",
            remedy="Read the decision.",
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


class ReasonDoesNotFit(DomainError):
    code = "reason_does_not_fit"

    def __init__(self, outcome: Decision.Outcome, reason: str) -> None:
        reasons = ", ".join(REASONS[outcome])
        super().__init__(
            f"The reason {reason} does not go with {outcome}.",
            remedy=f"Send one of: {reasons}.",
            field="reason",
        )


class ReasonMissing(DomainError):
    code = "reason_missing"

    def __init__(self) -> None:
        reasons = ", ".join(REASONS[Decision.Outcome.INFRINGING])
        super().__init__(
            "A block needs a reason, which the seller reads.",
            remedy=f"Send one of: {reasons}.",
            field="reason",
        )


class NoLicence(DomainError):
    code = "no_licence"

    def __init__(self) -> None:
        super().__init__(
            "No licence in force covers this seller and design.",
            remedy="Ask the brand owner for a licence record: send needs_more with the reason "
            "licence_asked. The record releases the listing.",
            field="outcome",
        )


class TooLateToUndo(Conflict):
    code = "too_late_to_undo"

    def __init__(self, decision: Decision) -> None:
        super().__init__(
            f"The decision has taken effect: {decision}.",
            remedy="To correct it, reopen the alert with a reason.",
            field="decision",
        )


def decide_alert(  # noqa: PLR0913 - the fields of a decision
    *,
    alert: Alert,
    outcome: Decision.Outcome,
    note: str,
    by: Person,
    reason: str = "",
    cluster: UUID | None = None,
) -> Decision:
    """Stores a decision, or returns the stored one if it is the same. NEEDS_MORE leaves the alert open. The
    decision has no effect before `settings.UNDO_SECONDS` have passed.

    Raises NotYoursToDecide, AlreadyDecided, LockedByAnother, ReasonDoesNotFit, ReasonMissing, NoLicence.
    """
    if reason and reason not in REASONS[outcome]:
        raise ReasonDoesNotFit(outcome, reason)
    if outcome == Decision.Outcome.INFRINGING and not reason:
        raise ReasonMissing
    now = timezone.now()
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=alert.listing_id)
        alert = Alert.objects.select_related("brand__organisation").get(pk=alert.pk)
        acting_for = reviewer_organisation(alert, by)
        standing = Decision.objects.filter(alert=alert).first()
        if standing and is_same(standing, outcome, reason, note, by):
            return standing
        if standing and standing.outcome != Decision.Outcome.NEEDS_MORE:
            raise AlreadyDecided(standing)
        refuse_if_locked(alert, by)
        if outcome == Decision.Outcome.LICENSED and not has_licence(alert):
            raise NoLicence
        if standing:
            end_decision(standing, PastDecision.End.REPLACED, by=by, now=now)
        decision = Decision.objects.create(
            alert=alert,
            outcome=outcome,
            reason=reason,
            note=note,
            by=cast("User", by),  # reviewer_organisation refuses anonymous users
            acting_for=acting_for,
            claimant=alert.brand.organisation,
            cluster=cluster,
            decided_at=now,
            effective_at=now + timedelta(seconds=settings.UNDO_SECONDS),
        )
        if outcome != Decision.Outcome.NEEDS_MORE:
            alert.state = Alert.State.DECIDED
            alert.save(update_fields=["state"])
        AuditEvent.objects.record(
            "alert.decided", subject=alert, by=by, outcome=outcome, reason=reason, note=note
        )
        if decision.effective_at <= now:
            apply_decision(decision, listing)
    return decision


def is_same(
    standing: Decision, outcome: Decision.Outcome, reason: str, note: str, by: Person
) -> bool:
    if (standing.outcome, standing.reason, standing.by_id) != (outcome, reason, by.pk):
        return False
    return outcome != Decision.Outcome.NEEDS_MORE or standing.note == note


def undo_decision(*, alert: Alert, by: Person) -> None:
    """Deletes the user's own decision before it takes effect: the alert is open again and nothing was
    published. A NEEDS_MORE decision that it replaced is restored.

    Raises NotYoursToDecide, TooLateToUndo.
    """
    with transaction.atomic():
        Listing.objects.select_for_update().get(pk=alert.listing_id)
        decision = Decision.objects.filter(alert=alert).first()
        if decision is None:
            return
        if decision.by_id != by.pk:
            raise NotYoursToDecide(
                "Only the reviewer who decided may undo the decision.",
                remedy="Ask that reviewer, or reopen the alert once the decision is in effect.",
            )
        if not decision.is_undoable:
            raise TooLateToUndo(decision)
        AuditEvent.objects.record("alert.undone", subject=alert, by=by, outcome=decision.outcome)
        decision.delete()
        restore_replaced(decision)
        Alert.objects.filter(pk=alert.pk).update(state=Alert.State.OPEN)


META = DecisionFields._meta  # noqa: SLF001 - documented by Django
DECISION_FIELDS = [field.attname for field in META.get_fields() if isinstance(field, Field)]


def end_decision(
    standing: Decision, end: PastDecision.End, *, by: Person, now: datetime, reason: str = ""
) -> None:
    """Turns the decision into a past one, in the caller's transaction, which locks the listing."""
    PastDecision.objects.create(
        **{name: getattr(standing, name) for name in DECISION_FIELDS},
        alert_id=standing.alert_id,
        end=end,
        ended_at=now,
        ended_by=cast("User", by),
        end_reason=reason,
    )
    standing.delete()


def restore_replaced(undone: Decision) -> None:
    replaced = PastDecision.objects.filter(
        alert=undone.alert_id, end=PastDecision.End.REPLACED, ended_at=undone.decided_at
    ).first()
    if replaced:
        fields = {name: getattr(replaced, name) for name in DECISION_FIELDS}
        Decision.objects.create(**fields, alert_id=undone.alert_id)
        replaced.delete()


def apply_decisions() -> int:
    """Applies decisions that can no longer be undone, publishes them, and returns their number."""

    def apply_one(due: tuple[int, UUID]) -> None:
        number, listing_id = due
        with transaction.atomic():
            listing = Listing.objects.select_for_update().get(pk=listing_id)
            rows = Decision.objects.to_apply(timezone.now()).filter(pk=number)
            if decision := rows.select_related("alert__brand").first():
                apply_decision(decision, listing)

    due = Decision.objects.to_apply(timezone.now()).values_list("pk", "alert__listing")
    return each(list(due.order_by("effective_at")[:MAX_A_SWEEP]), apply_one)


def apply_decision(decision: Decision, listing: Listing) -> None:
    """Assesses the listing by the decision and publishes both, in the caller's transaction, which locks the
    listing.
    """
    decision.applied_at = max(timezone.now(), decision.effective_at)
    decision.save(update_fields=["applied_at"])
    assess_listing(listing=listing)
    if decision.outcome != Decision.Outcome.NEEDS_MORE:
        publish_decided(decision, listing)
    if decision.reason == Decision.Reason.LICENCE_ASKED:
        mail_owners(decision.claimant, "licence_asked", alert=decision.alert)


def has_licence(alert: Alert) -> bool:
    """Whether licences in force cover all matches for which the brand could hold the listing."""
    of_brand = [
        assessment
        for assessment in assessments_of(alert.listing)
        if assessment.brand.pk == alert.brand_id
    ]
    return any(assessment.facts.licensed for assessment in of_brand) and not any(
        assessment.restricts for assessment in of_brand
    )


def reviewer_organisation(alert: Alert, user: Person) -> Organisation:
    """Returns the organisation for which the user may decide this alert: the operator's or the listing's
    marketplace's. Raises NotYoursToDecide.
    """
    if not Alert.objects.filter(reviewable_by(user), pk=alert.pk).exists():
        raise NotYoursToDecide(
            "Reviewers of the operator or of the marketplace decide alerts, never the organisation "
            "that claims.",
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
