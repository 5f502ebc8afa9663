"""An index's commands, and a fingerprint that the index does not know of."""

from io import StringIO

import numpy as np
from django.core.management import call_command

from fingerprints.models import Brand, Fingerprint
from tests import factories
from vision.encoders.catalogue import CATALOGUE
from vision.encoders.generation import generation_of

GENERATION = generation_of(CATALOGUE["sscd"])


def fingerprint(brand: Brand, seed: int) -> Fingerprint:
    """A row without its journal entry: the index does not know of it."""
    vector = np.random.default_rng(seed).normal(size=512).astype("<f4")
    return Fingerprint.objects.create(
        image=factories.view(factories.design(brand)),
        generation=GENERATION,
        variant="original",
        vector=(vector / np.linalg.norm(vector)).tobytes(),
        perceptual_hash=seed,
    )


def run(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()
