"""A reviewer decides an alert; the listing's verdict follows in the same transaction."""

from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from brandguard.faults import Conflict, Fault
from detection.actions.raise_alerts import settle_verdict
from detection.models import Alert, Decision, Listing
from detection.models.alert import reviewable_by
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


def decide_alert(*, alert: Alert, outcome: Decision.Outcome, note: str, by: Person) -> Decision:
    """The same decision again is the one that stands. "Needs more" leaves the alert open.

    Raises NotYoursToDecide, AlreadyDecided.
    """
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
        decision, _ = Decision.objects.update_or_create(
            alert=alert,
            defaults={
                "outcome": outcome,
                "note": note,
                "by": cast("User", by),  # nobody else is let through above
                "acting_for": acting_for,
                "claimant": alert.brand.organisation,
                "decided_at": timezone.now(),
            },
        )
        if outcome != Decision.Outcome.NEEDS_MORE:
            alert.state = Alert.State.DECIDED
            alert.save(update_fields=["state"])
        AuditEvent.objects.record("alert.decided", subject=alert, by=by, outcome=outcome, note=note)
        settle_verdict(listing=listing)
    return decision


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
