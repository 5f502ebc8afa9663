"""Whether a view shows what another design of the same organisation shows already."""

from collections.abc import Collection

from fingerprints.models import DesignImage, Fingerprint
from vision.pictures.errors import ViewWarning
from vision.pictures.hashes import differing_bits

ALIKE_BITS = 4  # of 64: closer than two pictures of one thing usually are


def duplicate_warnings(
    image: DesignImage, perceptual_hash: int, generations: Collection[str]
) -> list[ViewWarning]:
    """The nearest only, with `view`, whose picture the page shows beside the warning. `generations` are
    those whose fingerprints have a perceptual hash.
    """
    others = (
        Fingerprint.objects.filter(
            generation__in=generations,
            variant=Fingerprint.Variant.ORIGINAL,
            image__design__brand__organisation=image.design.brand.organisation_id,
            image__design__retired_at=None,
            image__state=DesignImage.State.ENROLLED,
        )
        .exclude(image__design=image.design_id)
        .values_list("perceptual_hash", "image", "image__design__name")
    )
    near = [
        (bits, str(view), name)
        for hashed, view, name in others.iterator(2000)
        if (bits := differing_bits(perceptual_hash, hashed)) <= ALIKE_BITS
    ]
    if not near:
        return []
    _, view, name = min(near)
    return [
        {
            "code": "duplicate",
            "message": f"It looks like a view of your design {name}.",
            "remedy": "Retire one of the two if they are the same: an alert names only one.",
            "view": view,
        }
    ]
