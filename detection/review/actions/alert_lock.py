"""Two reviewers never work on the same alert: who looks at it has it for a while."""

from datetime import timedelta

from django.utils import timezone

from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from detection.review.models import Alert
from detection.review.models.alert import reviewable_by

FOR = timedelta(minutes=5)  # each look begins it anew


class LockedByAnother(Conflict):
    code = "locked_by_another"

    def __init__(self, alert: Alert) -> None:
        who = alert.locked_by.get_username() if alert.locked_by else ""
        until = alert.locked_until.isoformat() if alert.locked_until else ""
        super().__init__(
            f"{who} is looking at this alert.",
            remedy="Take another one, or wait until the claim ends.",
            field="alert",
        )
        self.details = {"locked_by": who, "locked_until": until}


def lock_alert(*, alert: Alert, by: Person) -> bool:
    """Whether the user has it now, who must be one that may decide it. Nobody needs to give it back:
    it ends by itself.
    """
    now = timezone.now()
    free = Alert.objects.free_for(by, now).filter(
        reviewable_by(by), pk=alert.pk, state=Alert.State.OPEN
    )
    if not free.update(locked_by=by.pk, locked_until=now + FOR):
        return False
    alert.locked_by_id, alert.locked_until = by.pk, now + FOR
    return True


def refuse_what_others_look_at(alert: Alert, by: Person) -> None:
    """Raises LockedByAnother."""
    if not Alert.objects.free_for(by, timezone.now()).filter(pk=alert.pk).exists():
        raise LockedByAnother(Alert.objects.select_related("locked_by").get(pk=alert.pk))
