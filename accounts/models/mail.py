"""Mail from the service, stored in the transaction of the change that it reports."""

from datetime import datetime, timedelta

from django.db import models

FIRST_WAIT, MAX_WAIT = timedelta(minutes=1), timedelta(hours=6)
MAX_ATTEMPTS = 12  # the waits between them add up to a day and a half


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self, now: datetime) -> "MailQuerySet":
        return self.filter(sent_at=None, next_attempt_at__lte=now)


class Mail(models.Model):
    """A mail to one person. `next_attempt_at` is None once it is sent or given up."""

    to = models.EmailField()
    subject = models.CharField(max_length=500)
    text = models.TextField()
    written_at = models.DateTimeField(auto_now_add=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(
        max_length=300, blank=True, help_text="The error of the latest attempt."
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    def begin(self, now: datetime) -> bool:
        """Takes the attempt; returns False when another worker has it."""
        self.attempts += 1
        wait = min(FIRST_WAIT * 2 ** (self.attempts - 1), MAX_WAIT)
        mine = Mail.objects.filter(pk=self.pk, next_attempt_at=self.next_attempt_at)
        self.next_attempt_at = now + wait if self.attempts < MAX_ATTEMPTS else None
        return bool(mine.update(attempts=self.attempts, next_attempt_at=self.next_attempt_at))

    def note(self, *, sent_at: datetime | None, error: str = "") -> None:
        self.sent_at, self.error = sent_at, error[:300]
        if sent_at:
            self.next_attempt_at = None
        self.save(update_fields=["sent_at", "error", "next_attempt_at"])
