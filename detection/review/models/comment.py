"""Comments on alerts."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from detection.review.models.alert import Alert


class Comment(models.Model):
    """A comment, which everybody who sees the alert sees: the brand's members and the reviewers."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.by} on {self.alert}"
