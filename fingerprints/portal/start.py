"""The first steps: from an account to a design that listings are compared with, and what still keeps
it from holding one.
"""

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fingerprints.models import Brand, Design, DesignImage, Organisation, Right
from fingerprints.models.person import Person
from fingerprints.portal.access import PortalRequest, signed_in


@dataclass(frozen=True)
class FirstSteps:
    """Of one organisation, the user's first. `enrolled` counts views in force."""

    organisation: Organisation
    brand: Brand | None
    design: Design | None
    enrolled: int
    right: Right | None
    right_in_force: bool
    two_factor: bool

    @property
    def is_protected(self) -> bool:
        """Whether listings are held for it."""
        return bool(self.enrolled and self.right_in_force and self.organisation.is_verified)

    @property
    def done(self) -> int:
        return sum((True, bool(self.brand), bool(self.enrolled), bool(self.right), self.two_factor))


def first_steps(user: Person) -> FirstSteps | None:
    """None for somebody without an organisation."""
    organisation = Organisation.objects.of(user).order_by("created_at").first()
    if organisation is None:
        return None
    brand = organisation.brands.order_by("created_at").first()
    designs = Design.objects.filter(brand__organisation=organisation, retired_at=None)
    rights = Right.objects.filter(brand__organisation=organisation)
    today = timezone.localdate()
    return FirstSteps(
        organisation=organisation,
        brand=brand,
        design=designs.order_by("created_at").first(),
        enrolled=DesignImage.objects.filter(
            design__in=designs, state=DesignImage.State.ENROLLED
        ).count(),
        right=rights.filter(state__in=["submitted", "verified"]).first(),
        right_in_force=rights.in_force(today).exists(),
        two_factor=is_mfa_enabled(user),
    )


@require_safe
@signed_in
def start(request: PortalRequest) -> HttpResponseBase:
    steps = first_steps(request.user)
    if steps is None:
        return redirect("new-organisation")
    return render(request, "fingerprints/start.html", {"steps": steps})
