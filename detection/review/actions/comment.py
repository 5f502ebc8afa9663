"""People talk about an alert. It decides nothing."""

from django.contrib.auth.models import User
from django.db import transaction

from accounts.models import AuditEvent
from detection.review.models import Alert, Comment


def comment_on(*, alert: Alert, text: str, by: User) -> Comment:
    """By whoever sees the alert, which is the caller's to check."""
    with transaction.atomic():
        comment = Comment.objects.create(alert=alert, text=text, by=by)
        AuditEvent.objects.record("alert.commented", subject=alert, by=by, text=text)
    return comment
