"""A decision that has taken effect turns out to be wrong: it is taken back, with a reason."""

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
            "A decision is taken back with a reason: marketplace and seller read it.",
            remedy="Say what was wrong with it.",
            field="reason",
        )


def reopen_alert(*, alert: Alert, reason: str, by: Person) -> None:
    """The alert waits for another decision, and the listing is held until then. By a reviewer of the
    desk that decided. Doing it again is the same as once.

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
        refuse_what_is_not_in_effect(alert, standing)
        assert standing  # noqa: S101 - refused above
        if not is_of_the_team(standing, by):
            raise NotYoursToDecide(
                "A decision is reopened by reviewers of the desk that took it.",
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
        # It spoke for the seller's other listings too.
        if outcome == Decision.Outcome.NOT_INFRINGING:
            ask_for_reassessment(standing.alert.brand)


def refuse_what_is_not_in_effect(alert: Alert, standing: Decision | None) -> None:
    if standing is None or standing.outcome == Decision.Outcome.NEEDS_MORE:
        raise NothingToReopen("The alert is open.", remedy="Decide it.", field="alert")
    if standing.applied_at is None:
        raise NothingToReopen(
            "The decision has not taken effect yet.",
            remedy="Undo it, or wait until it is in effect.",
            field="alert",
        )
    if alert.listing.appeals.releasing().filter(brand=alert.brand_id).exists():
        raise NothingToReopen(
            "An appeal released the listing from this claim, which ends the matter.",
            remedy="Nothing can be done about this revision of the listing.",
            field="alert",
        )


def is_of_the_team(decision: Decision, user: Person) -> bool:
    """Whether they review for whom it was taken."""
    return reviewing(user).filter(organisation=decision.acting_for_id).exists()


def is_reopenable(alert: Alert, standing: Decision | None, user: Person) -> bool:
    """By somebody who may decide the alert."""
    try:
        refuse_what_is_not_in_effect(alert, standing)
    except NothingToReopen:
        return False
    return standing is not None and is_of_the_team(standing, user)
