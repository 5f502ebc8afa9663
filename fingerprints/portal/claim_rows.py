"""Rows of rights and licensed sellers for a brand's page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.claimant import may_claim
from accounts.models.person import Person
from brandguard.kernel.portal.paging import page_of
from fingerprints.models import Brand, Right
from fingerprints.territories import EVERYWHERE

SOON = 60  # days; an office takes some weeks to renew a right


@dataclass(frozen=True)
class ShownRight:
    right: Right
    today: date

    @property
    def where(self) -> str:
        everywhere = self.right.territories == [EVERYWHERE]
        return _("everywhere") if everywhere else ", ".join(self.right.territories)

    @property
    def expires_in(self) -> int | None:
        """Returns the days left if there are at most SOON."""
        left = self.right.days_left(self.today)
        return left if left is not None and left <= SOON else None

    @property
    def begins_later(self) -> bool:
        return self.right.valid_from > self.today


def claims_of(brand: Brand, user: Person, *, before: str) -> dict[str, Any]:
    """`before` is the `older` of the preceding page of licences. Prefetch the brand's rights."""
    today = timezone.localdate()
    rights = [ShownRight(right, today) for right in brand.rights.all()]
    in_play = (Right.State.SUBMITTED, Right.State.VERIFIED)
    licences = brand.licences.standing(today).select_related("marketplace", "design")
    return {
        "rights": [shown for shown in rights if shown.right.state in in_play],
        "ended_rights": [shown for shown in rights if shown.right.state not in in_play],
        "licences": page_of(licences, by="granted_at", before=before),
        "may_claim": may_claim(user, brand.organisation),
    }
