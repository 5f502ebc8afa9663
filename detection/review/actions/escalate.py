"""Escalates an alert to another reviewer; the escalation can be withdrawn until somebody decides."""

from typing import cast

from django.contrib.auth.models import User
from django.db import transaction

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from detection.intake.models import Listing
from detection.review.actions.alert_lock import refuse_if_locked
from detection.review.actions.decide import AlreadyDecided, reviewer_organisation
from detection.review.models import Alert, Decision, Escalation


class NobodyToEscalateTo(Conflict):
    code = "nobody_to_escalate_to"


def escalate_alert(
    *,
    alert: Alert,
    escalation_kind: Escalation.EscalationKind,
    by: Person,
    preliminary_outcome: str = "",
    note: str = "",
) -> Escalation:
    """Stores an escalation and unlocks the alert for the next reviewer. A second call replaces the first.

    Raises NotYoursToDecide, AlreadyDecided, LockedByAnother, NobodyToEscalateTo.
    """
    with transaction.atomic():
        Listing.objects.select_for_update().get(pk=alert.listing_id)
        alert = Alert.objects.select_related("brand__organisation").get(pk=alert.pk)
        acting_for = reviewer_organisation(alert, by)
        if alert.state == Alert.State.DECIDED:
            raise AlreadyDecided(Decision.objects.get(alert=alert))
        refuse_if_locked(alert, by)
        if escalation_kind == Escalation.EscalationKind.ESCALATION and acting_for.reviews:
            raise NobodyToEscalateTo(
                "You review for the operator: there is nobody to escalate to.",
                remedy="Ask for a second opinion instead.",
                field="escalation_kind",
            )
        escalation, _ = Escalation.objects.update_or_create(
            alert=alert,
            by=cast("User", by),  # reviewer_organisation refuses anonymous users
            defaults={
                "escalation_kind": escalation_kind,
                "preliminary_outcome": preliminary_outcome,
                "note": note,
            },
        )
        Alert.objects.filter(pk=alert.pk).update(locked_by=None, locked_until=None)
        AuditEvent.objects.record(
            "alert.escalated",
            subject=alert,
            by=by,
            escalation_kind=escalation_kind,
            preliminary_outcome=preliminary_outcome,
        )
    return escalation


def withdraw_escalation(*, alert: Alert, by: Person) -> None:
    """Deletes the user's escalation of the alert. A second call changes nothing."""
    with transaction.atomic():
        if Escalation.objects.filter(alert=alert, by=by.pk).delete()[0]:
            AuditEvent.objects.record("alert.referral_taken_back", subject=alert, by=by)
