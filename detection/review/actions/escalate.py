"""A reviewer hands an alert on, and may take that back until somebody has decided."""

from typing import cast

from django.contrib.auth.models import User
from django.db import transaction

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from detection.intake.models import Listing
from detection.review.actions.alert_lock import refuse_what_others_look_at
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
    """Whoever may decide it next finds it in their queue. Doing it again replaces what was said.

    Raises NotYoursToDecide, AlreadyDecided, LockedByAnother, NobodyToEscalateTo.
    """
    with transaction.atomic():
        Listing.objects.select_for_update().get(pk=alert.listing_id)
        alert = Alert.objects.select_related("brand__organisation").get(pk=alert.pk)
        acting_for = reviewer_organisation(alert, by)
        if alert.state == Alert.State.DECIDED:
            raise AlreadyDecided(Decision.objects.get(alert=alert))
        refuse_what_others_look_at(alert, by)
        if escalation_kind == Escalation.EscalationKind.ESCALATION and acting_for.reviews:
            raise NobodyToEscalateTo(
                "You review for the operator: there is nobody above.",
                remedy="Ask for a second opinion instead.",
                field="escalation_kind",
            )
        escalation, _ = Escalation.objects.update_or_create(
            alert=alert,
            by=cast("User", by),  # nobody else is let through above
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


def take_back(*, alert: Alert, by: Person) -> None:
    """Doing it again is the same as once."""
    with transaction.atomic():
        if Escalation.objects.filter(alert=alert, by=by.pk).delete()[0]:
            AuditEvent.objects.record("alert.referral_taken_back", subject=alert, by=by)
