"""The audit trail: who did what and when. Events are written with the change and never altered."""

from typing import Any, Never

from django.db import models

from accounts.models.person import Person


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **_: Any) -> Never:
        raise TypeError("an audit event is never altered")

    def delete(self) -> Never:
        raise TypeError("an audit event is never deleted")


class AuditEventManager(models.Manager["AuditEvent"]):
    def get_queryset(self) -> AuditEventQuerySet:
        return AuditEventQuerySet(self.model, using=self._db)

    def record(
        self,
        action: str,
        *,
        subject: models.Model,
        by: Person | None,
        **data: Any,
    ) -> "AuditEvent":
        """Records an event; `by` is None for what the service does on its own."""
        return self.create(
            action=action,
            subject_type=type(subject).__name__.lower(),
            subject_id=str(subject.pk),
            actor_id=str(by.pk) if by and by.pk else "",
            actor=by.get_username() if by and by.pk else "service",
            data=data,
        )


class AuditEvent(models.Model):
    """It has no foreign keys, so that it outlives the rows that it describes."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    action = models.CharField(max_length=50)
    actor = models.CharField(max_length=150)
    actor_id = models.CharField(max_length=40, blank=True)
    subject_type = models.CharField(max_length=50)
    subject_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict)

    objects = AuditEventManager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor}: {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an audit event is never altered")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> Never:
        raise TypeError("an audit event is never deleted")
