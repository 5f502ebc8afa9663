"""Warns when a view looks like a view of another design of the same organisation."""

from collections.abc import Collection

from fingerprints.models import DesignImage, Fingerprint
from vision.pictures.errors import ViewWarning
from vision.pictures.hashes import differing_bits

ALIKE_BITS = 4  # of 64: two different pictures of one thing usually differ more


def duplicate_warnings(
    image: DesignImage, perceptual_hash: int, generations: Collection[str]
) -> list[ViewWarning]:
    """Returns a warning for the nearest view only; the page shows the picture of its `view`.

    `generations` are those whose fingerprints have a perceptual hash.
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
            "message": f"The picture looks like a view of your design {name}.",
            "remedy": "If both designs are the same, retire one: an alert names only one design.",
            "view": view,
        }
    ]
