"""Escalations: a reviewer asks for a second opinion or for the operator's decision."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from detection.review.models.alert import Alert
from detection.review.models.decision import Decision


class Escalation(models.Model):
    """An escalation, which hides the alert from the queue of the reviewer who made it. `preliminary_outcome`
    is that reviewer's opinion; nobody sees it before the decision, so a second opinion is independent.
    """

    class EscalationKind(models.TextChoices):
        SECOND_OPINION = "second_opinion", gettext_noop("Second opinion")
        ESCALATION = "escalation", gettext_noop("Escalated to the operator")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="escalations")
    escalation_kind = models.CharField(max_length=14, choices=EscalationKind.choices)
    preliminary_outcome = models.CharField(
        max_length=16, choices=Decision.Outcome.choices, blank=True
    )
    note = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "by"], name="escalation_once_a_reviewer"),
            models.CheckConstraint(
                condition=Q(escalation_kind__in=["second_opinion", "escalation"]),
                name="escalation_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.get_escalation_kind_display()}"
