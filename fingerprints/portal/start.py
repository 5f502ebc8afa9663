"""The page of first steps: from an account to a design for which listings are held."""

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.marketplaces import standings_of
from accounts.models import Organisation
from accounts.models.person import Person
from brandguard.kernel.portal.access import PortalRequest, signed_in
from fingerprints.gates import Gates, gates_of
from fingerprints.models import Brand, Design, DesignImage, Right


@dataclass(frozen=True)
class FirstSteps:
    """The steps of the user's first organisation. `design` is its first with enrolled views, which
    `enrolled` counts; `gates` are the design's, or the brand's before there is a design.
    """

    organisation: Organisation
    brand: Brand | None
    design: Design | None
    enrolled: int
    right: Right | None
    gates: Gates
    two_factor: bool

    STEPS = 6

    @property
    def is_protected(self) -> bool:
        """Whether listings are held for the design."""
        return bool(self.enrolled and self.gates.are_open)

    @property
    def done(self) -> int:
        done = (self.brand, self.enrolled, self.right, self.gates.admitted_by, self.two_factor)
        return 1 + sum(map(bool, done))


def first_steps(user: Person) -> FirstSteps | None:
    """Returns None for a user without an organisation."""
    organisation = Organisation.objects.of(user).order_by("created_at").first()
    if organisation is None:
        return None
    brand = organisation.brands.order_by("created_at").first()
    mine = Design.objects.active().filter(brand__organisation=organisation)
    designs = mine.order_by("created_at").select_related("brand__organisation")
    findable = designs.filter(images__state=DesignImage.State.ENROLLED)
    design = findable.first() or designs.first()
    about = design.brand if design else brand
    rights = Right.objects.in_play().filter(brand__organisation=organisation)
    return FirstSteps(
        organisation=organisation,
        brand=brand,
        design=design,
        enrolled=DesignImage.objects.filter(
            design=design, state=DesignImage.State.ENROLLED
        ).count(),
        right=rights.first(),
        gates=gates_of(about, design) if about else Gates(organisation, standings_of(organisation)),
        two_factor=is_mfa_enabled(user),
    )


@require_safe
@signed_in
def start(request: PortalRequest) -> HttpResponseBase:
    steps = first_steps(request.user)
    if steps is None:
        return redirect("new-organisation")
    return render(request, "fingerprints/start.html", {"steps": steps})
