"""Locks an alert for the reviewer who opens it, so two reviewers never work on the same one."""

from datetime import timedelta

from django.utils import timezone

from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from detection.review.models import Alert
from detection.review.models.alert import reviewable_by

LOCKED_FOR = timedelta(minutes=5)  # opening the alert again starts it anew


class LockedByAnother(Conflict):
    code = "locked_by_another"

    def __init__(self, alert: Alert) -> None:
        who = alert.locked_by.get_username() if alert.locked_by else ""
        until = alert.locked_until.isoformat() if alert.locked_until else ""
        super().__init__(
            f"{who} is working on this alert.",
            remedy="Take another alert, or wait until the lock ends.",
            field="alert",
        )
        self.details = {"locked_by": who, "locked_until": until}


def lock_alert(*, alert: Alert, by: Person) -> bool:
    """Locks the alert if the user may decide it and nobody else holds it; returns whether the user holds it
    now. The lock ends by itself.
    """
    now = timezone.now()
    free = Alert.objects.free_for(by, now).filter(
        reviewable_by(by), pk=alert.pk, state=Alert.State.OPEN
    )
    if not free.update(locked_by=by.pk, locked_until=now + LOCKED_FOR):
        return False
    alert.locked_by_id, alert.locked_until = by.pk, now + LOCKED_FOR
    return True


def refuse_if_locked(alert: Alert, by: Person) -> None:
    """Raises LockedByAnother if another user holds the alert."""
    if not Alert.objects.free_for(by, timezone.now()).filter(pk=alert.pk).exists():
        raise LockedByAnother(Alert.objects.select_related("locked_by").get(pk=alert.pk))
