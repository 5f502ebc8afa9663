"""Reopens an alert whose decision turned out wrong after it took effect."""

from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict, DomainError
from detection.intake.models import Listing
from detection.review.actions.assess import assess_listing
from detection.review.actions.decide import NotYoursToDecide, end_decision, reviewer_organisation
from detection.review.actions.publish import publish_reopened
from detection.review.actions.reassess import ask_for_reassessment
from detection.review.models import Alert, Decision, PastDecision
from detection.review.models.alert import reviewing


class NothingToReopen(Conflict):
    code = "nothing_to_reopen"


class WhyReopenMissing(DomainError):
    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__(
            "Reopening needs a reason, which marketplace and seller read.",
            remedy="Write what was wrong with the decision.",
            field="reason",
        )


def reopen_alert(*, alert: Alert, reason: str, by: Person) -> None:
    """Revokes the decision: the alert waits for another one, and the listing is held until then. Only
    reviewers of the organisation that decided may reopen. A second call changes nothing.

    Raises NotYoursToDecide, NothingToReopen, WhyReopenMissing.
    """
    if not reason.strip():
        raise WhyReopenMissing
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=alert.listing_id)
        reviewer_organisation(alert, by)
        standing = Decision.objects.filter(alert=alert).select_related("alert__brand").first()
        if (
            standing is None
            and alert.past_decisions.filter(end_reason=reason, ended_by=by.pk).exists()
        ):
            return
        refuse_if_not_in_effect(alert, standing)
        assert standing  # noqa: S101 - refused above
        if not is_of_the_same_organisation(standing, by):
            raise NotYoursToDecide(
                "Only reviewers of the organisation that decided may reopen the alert.",
                remedy=f"Ask a reviewer of {standing.acting_for}.",
            )
        now, outcome = timezone.now(), standing.outcome
        end_decision(standing, PastDecision.End.REOPENED, by=by, now=now, reason=reason)
        Alert.objects.filter(pk=alert.pk).update(state=Alert.State.OPEN)
        AuditEvent.objects.record(
            "alert.reopened", subject=alert, by=by, outcome=outcome, reason=reason
        )
        assess_listing(listing=listing)
        publish_reopened(standing, reason, listing)
        # It also cleared other listings of the seller.
        if outcome == Decision.Outcome.NOT_INFRINGING:
            ask_for_reassessment(standing.alert.brand)


def refuse_if_not_in_effect(alert: Alert, standing: Decision | None) -> None:
    if standing is None or standing.outcome == Decision.Outcome.NEEDS_MORE:
        raise NothingToReopen("The alert is open.", remedy="Decide it.", field="alert")
    if standing.applied_at is None:
        raise NothingToReopen(
            "The decision is not in effect yet.",
            remedy="Undo it, or wait until it is in effect.",
            field="alert",
        )
    if alert.listing.appeals.releasing().filter(brand=alert.brand_id).exists():
        raise NothingToReopen(
            "An appeal lifted the restriction, which closes the case.",
            remedy="Nothing can be done about this revision of the listing.",
            field="alert",
        )


def is_of_the_same_organisation(decision: Decision, user: Person) -> bool:
    """Whether the user reviews for the organisation that decided."""
    return reviewing(user).filter(organisation=decision.acting_for_id).exists()


def is_reopenable(alert: Alert, standing: Decision | None, user: Person) -> bool:
    """Whether the user, who may decide the alert, may reopen it."""
    try:
        refuse_if_not_in_effect(alert, standing)
    except NothingToReopen:
        return False
    return standing is not None and is_of_the_same_organisation(standing, user)
