"""A reviewer decides an alert. For a while it can be undone; then the listing's verdict follows, and
marketplaces are told.
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
from detection.review.actions.alert_lock import refuse_what_others_look_at
from detection.review.actions.assess import assess_listing
from detection.review.actions.publish import publish_decided
from detection.review.assessments import assessments_of
from detection.review.models import Alert, Decision, PastDecision
from detection.review.models.alert import reviewable_by
from detection.review.models.decision import REASONS, Said


class NotYoursToDecide(DomainError):
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


class ReasonDoesNotFit(DomainError):
    code = "reason_does_not_fit"

    def __init__(self, outcome: Decision.Outcome, reason: str) -> None:
        fitting = ", ".join(REASONS[outcome])
        super().__init__(
            f"The reason {reason} does not go with {outcome}.",
            remedy=f"Send one of: {fitting}.",
            field="reason",
        )


class ReasonMissing(DomainError):
    code = "reason_missing"

    def __init__(self) -> None:
        fitting = ", ".join(REASONS[Decision.Outcome.INFRINGING])
        super().__init__(
            "A block needs a reason: the seller is told why.",
            remedy=f"Send one of: {fitting}.",
            field="reason",
        )


class NoLicence(DomainError):
    code = "no_licence"

    def __init__(self) -> None:
        super().__init__(
            "No licence in force covers this seller and design.",
            remedy="Ask the brand owner for a licence record: send needs_more with the reason "
            "licence_asked. With the record the listing is released by itself.",
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
        refuse_what_others_look_at(alert, by)
        if outcome == Decision.Outcome.LICENSED and not has_licence(alert):
            raise NoLicence
        if standing:
            end_decision(standing, PastDecision.End.REPLACED, by=by, now=now)
        decision = Decision.objects.create(
            alert=alert,
            outcome=outcome,
            reason=reason,
            note=note,
            by=cast("User", by),  # nobody else is let through above
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
            conclude(decision, listing)
    return decision


def is_same(
    standing: Decision, outcome: Decision.Outcome, reason: str, note: str, by: Person
) -> bool:
    if (standing.outcome, standing.reason, standing.by_id) != (outcome, reason, by.pk):
        return False
    return outcome != Decision.Outcome.NEEDS_MORE or standing.note == note


def undo_decision(*, alert: Alert, by: Person) -> None:
    """Within the time to undo, by who decided; the alert is open again and nobody was told. A "needs
    more" that it replaced stands again.

    Raises NotYoursToDecide, TooLateToUndo.
    """
    with transaction.atomic():
        Listing.objects.select_for_update().get(pk=alert.listing_id)
        decision = Decision.objects.filter(alert=alert).first()
        if decision is None:
            return
        if decision.by_id != by.pk:
            raise NotYoursToDecide(
                "Only who decided may undo it.",
                remedy="Ask them, or reopen it once it is in effect.",
            )
        if not decision.is_undoable:
            raise TooLateToUndo(decision)
        AuditEvent.objects.record("alert.undone", subject=alert, by=by, outcome=decision.outcome)
        decision.delete()
        bring_back_what_it_replaced(decision)
        Alert.objects.filter(pk=alert.pk).update(state=Alert.State.OPEN)


SAID = [field.attname for field in Said._meta.get_fields() if isinstance(field, Field)]  # noqa: SLF001 - Django's own documented API


def end_decision(
    standing: Decision, end: PastDecision.End, *, by: Person, now: datetime, reason: str = ""
) -> None:
    """It is kept, and stands no longer. Within the caller's transaction, which holds the listing."""
    PastDecision.objects.create(
        **{name: getattr(standing, name) for name in SAID},
        alert_id=standing.alert_id,
        end=end,
        ended_at=now,
        ended_by=cast("User", by),
        end_reason=reason,
    )
    standing.delete()


def bring_back_what_it_replaced(undone: Decision) -> None:
    replaced = PastDecision.objects.filter(
        alert=undone.alert_id, end=PastDecision.End.REPLACED, ended_at=undone.decided_at
    ).first()
    if replaced:
        said = {name: getattr(replaced, name) for name in SAID}
        Decision.objects.create(**said, alert_id=undone.alert_id)
        replaced.delete()


def apply_decisions() -> int:
    """Those whose time to undo has passed: verdicts follow, marketplaces are told. How many."""

    def apply_one(due: tuple[int, UUID]) -> None:
        number, listing_id = due
        with transaction.atomic():
            listing = Listing.objects.select_for_update().get(pk=listing_id)
            again = Decision.objects.to_apply(timezone.now()).filter(pk=number)
            if decision := again.select_related("alert__brand").first():
                conclude(decision, listing)

    due = Decision.objects.to_apply(timezone.now()).values_list("pk", "alert__listing")
    return each(list(due.order_by("effective_at")[:MAX_A_SWEEP]), apply_one)


def conclude(decision: Decision, listing: Listing) -> None:
    """Within the caller's transaction, which holds the listing."""
    decision.applied_at = max(timezone.now(), decision.effective_at)
    decision.save(update_fields=["applied_at"])
    assess_listing(listing=listing)
    if decision.outcome != Decision.Outcome.NEEDS_MORE:
        publish_decided(decision, listing)
    if decision.reason == Decision.Reason.LICENCE_ASKED:
        mail_owners(decision.claimant, "licence_asked", alert=decision.alert)


def has_licence(alert: Alert) -> bool:
    """Whether licences in force cover all that the brand could have held there."""
    mine = [
        assessment
        for assessment in assessments_of(alert.listing)
        if assessment.brand.pk == alert.brand_id
    ]
    return any(assessment.assessment.licensed for assessment in mine) and not any(
        assessment.restricts for assessment in mine
    )


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
