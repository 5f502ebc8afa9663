"""A reviewer hands an alert on, and may take that back until somebody has decided."""

from typing import cast

from django.contrib.auth.models import User
from django.db import transaction

from brandguard.faults import Conflict
from detection.actions.claim import refuse_what_others_look_at
from detection.actions.decide import AlreadyDecided, reviewer_organisation
from detection.models import Alert, Decision, Listing, Referral
from fingerprints.models import AuditEvent
from fingerprints.models.person import Person


class NobodyToEscalateTo(Conflict):
    code = "nobody_to_escalate_to"


def refer_alert(
    *,
    alert: Alert,
    referral_kind: Referral.ReferralKind,
    by: Person,
    leaning: str = "",
    note: str = "",
) -> Referral:
    """Whoever may decide it next finds it in their queue. Doing it again replaces what was said.

    Raises NotYoursToDecide, AlreadyDecided, ClaimedByAnother, NobodyToEscalateTo.
    """
    with transaction.atomic():
        Listing.objects.select_for_update().get(pk=alert.listing_id)
        alert = Alert.objects.select_related("brand__organisation").get(pk=alert.pk)
        acting_for = reviewer_organisation(alert, by)
        if alert.state == Alert.State.DECIDED:
            raise AlreadyDecided(Decision.objects.get(alert=alert))
        refuse_what_others_look_at(alert, by)
        if referral_kind == Referral.ReferralKind.ESCALATION and acting_for.reviews:
            raise NobodyToEscalateTo(
                "You review for the operator: there is nobody above.",
                remedy="Ask for a second opinion instead.",
                field="referral_kind",
            )
        referral, _ = Referral.objects.update_or_create(
            alert=alert,
            by=cast("User", by),  # nobody else is let through above
            defaults={"referral_kind": referral_kind, "leaning": leaning, "note": note},
        )
        Alert.objects.filter(pk=alert.pk).update(claimed_by=None, claimed_until=None)
        AuditEvent.objects.record(
            "alert.referred", subject=alert, by=by, referral_kind=referral_kind, leaning=leaning
        )
    return referral


def take_back(*, alert: Alert, by: Person) -> None:
    """Doing it again is the same as once."""
    with transaction.atomic():
        if Referral.objects.filter(alert=alert, by=by.pk).delete()[0]:
            AuditEvent.objects.record("alert.referral_taken_back", subject=alert, by=by)
