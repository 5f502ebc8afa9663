"""Stores comments on an alert; a comment decides nothing."""

from django.contrib.auth.models import User
from django.db import transaction

from accounts.models import AuditEvent
from detection.review.models import Alert, Comment


def comment_on(*, alert: Alert, text: str, by: User) -> Comment:
    """Stores a comment. The caller checks that the user may see the alert."""
    with transaction.atomic():
        comment = Comment.objects.create(alert=alert, text=text, by=by)
        AuditEvent.objects.record("alert.commented", subject=alert, by=by, text=text)
    return comment
