"""The three conditions under which a listing is held for a design.

The operator has verified the organisation; a verified right in force covers the design; a marketplace
has admitted the organisation. No page calls a design protected before all three are met.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.marketplaces import Standing, standings_of
from accounts.models import Organisation
from fingerprints.models import Brand, Design, DesignImage, Right


@dataclass(frozen=True)
class Gates:
    """`rights` are the rights in force for the brand or design; `submitted` ones wait for the operator.
    `findable` says whether a design that one of the rights covers has an enrolled view.
    """

    organisation: Organisation
    places: Sequence[Standing]
    rights: tuple[Right, ...] = ()
    submitted: tuple[Right, ...] = ()
    findable: bool = True

    @property
    def is_verified(self) -> bool:
        return self.organisation.is_verified

    @property
    def admitted_by(self) -> list[str]:
        return [place.name for place in self.places if place.admits]

    @property
    def awaited(self) -> list[str]:
        return [place.name for place in self.places if not place.admits]

    @property
    def are_open(self) -> bool:
        return bool(self.is_verified and self.rights and self.admitted_by and self.findable)


def gates_of(
    brand: Brand,
    design: Design | None = None,
    places: Sequence[Standing] | None = None,
    *,
    findable: bool | None = None,
) -> Gates:
    """Returns the gates of the brand, or of one of its designs, as a right may be limited to others.
    For a list of brands, prefetch their rights and pass `places` and `findable` to save queries.
    """
    today = timezone.localdate()
    rights = [one for one in brand.rights.all() if design is None or one.speaks_of(design)]
    in_force = tuple(right for right in rights if right.is_in_force(today))
    return Gates(
        brand.organisation,
        standings_of(brand.organisation) if places is None else places,
        in_force,
        tuple(right for right in rights if right.state == Right.State.SUBMITTED),
        is_findable(brand, design, in_force) if findable is None else findable,
    )


def is_findable(brand: Brand, design: Design | None, rights: Sequence[Right]) -> bool:
    designs = Design.objects.active().filter(brand=brand, images__state=DesignImage.State.ENROLLED)
    if design:
        return designs.filter(pk=design.pk).exists()
    limits = [{one.pk for one in right.designs.all()} for right in rights]
    if limits and all(limits):
        designs = designs.filter(pk__in=set().union(*limits))
    return designs.exists()
