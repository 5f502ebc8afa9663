"""Appeals of sellers against restrictions, each with a due date."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from accounts.models import Membership, Organisation
from accounts.models.person import Person
from detection.intake.models.listing import Listing
from fingerprints.models import Brand


class AppealQuerySet(models.QuerySet["Appeal"]):
    def awaiting_decision(self) -> "AppealQuerySet":
        return self.filter(state=Appeal.State.OPEN)

    def overdue(self, now: datetime) -> "AppealQuerySet":
        return self.awaiting_decision().filter(due_at__lte=now)

    def heard_by(self, user: Person, within: Organisation | None = None) -> "AppealQuerySet":
        """Returns appeals on listings whose alerts the user may review; an administrator gets all. Nobody
        decides appeals of a sandbox.
        """
        heard = self.filter(listing__sandbox=False)
        if getattr(user, "is_superuser", False):
            return heard
        reviewing = Membership.objects.of(user).filter(role=Membership.Role.REVIEWER)
        if within:
            reviewing = reviewing.filter(organisation=within)
        if reviewing.filter(organisation__reviews=True).exists():
            return heard
        return heard.filter(listing__marketplace__organisation__in=reviewing.values("organisation"))

    def granted_by_brand(self) -> dict[str, int]:
        """Returns the number of granted appeals by brand name."""
        granted = self.filter(state=Appeal.State.GRANTED).order_by()
        return dict(granted.values_list("brand__name").annotate(number=models.Count("pk")))

    def releasing(self) -> "AppealQuerySet":
        return self.filter(state__in=[Appeal.State.GRANTED, Appeal.State.LAPSED])


class Appeal(models.Model):
    """An appeal against one brand's restriction of one revision of a listing; other brands' restrictions
    need their own appeals. With `first_decider` the database itself refuses that this person decides it.
    """

    class Ground(models.TextChoices):
        NOT_INFRINGING = "not_infringing", gettext_noop("it does not show the design")
        LICENSED = "licensed", gettext_noop("the seller is licensed")
        GENUINE_GOODS = "genuine_goods", gettext_noop("resale of genuine goods")
        NO_RIGHT = "no_right", gettext_noop("there is no such right, or it is not valid here")
        OTHER = "other", gettext_noop("Other")

    class State(models.TextChoices):
        OPEN = "open"
        DENIED = "denied", "denied: the restriction stands"
        GRANTED = "granted", "granted: the restriction is lifted"
        SETTLED = "settled", "settled: the restriction was lifted meanwhile"
        LAPSED = "lapsed", "lapsed: not decided in time, the restriction is lifted"

    class Outcome(models.TextChoices):
        """What a reviewer can decide."""

        GRANTED = "granted", "granted: the restriction is lifted"
        DENIED = "denied", "denied: the restriction stands"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="appeals")
    brand = models.ForeignKey(
        Brand,
        on_delete=models.CASCADE,
        related_name="appeals",
        help_text="The brand whose claim restricts the listing.",
    )
    ground = models.CharField(max_length=16, choices=Ground.choices)
    text = models.TextField(max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who decided the restriction; empty if it was automatic.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acting_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "brand"],
                condition=Q(state="open"),
                name="appeal_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | Q(state__in=["lapsed", "settled"], decided_at__isnull=False, decided_by=None)
                | Q(
                    state__in=["granted", "denied"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="appeal_decided_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(first_decider=None)
                | Q(decided_by=None)
                | ~Q(decided_by=F("first_decider")),
                name="appeal_never_by_the_first_decider",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing}, {self.brand}: {self.get_state_display()}"
