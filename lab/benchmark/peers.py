"""Peers: what a user could run instead, on the same listings and registered views."""

import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import CommandError
from django.db.models import QuerySet
from numpy.typing import NDArray

from detection.intake.models import ListingImage
from fingerprints.models import DesignImage, Fingerprint
from lab.benchmark.rows import Job, Scores, Shown
from vision.encoders.base import Vectors
from vision.encoders.catalogue import spec_of
from vision.encoders.generation import generation_of
from vision.pictures.decode import decode
from vision.pictures.picture import Picture

type Bits = NDArray[np.bool_]

Named = tuple[str, str, float]  # design, brand, score


def best_of(job: Job, shown: Shown, scored: Iterable[Named]) -> Scores:
    scored = list(scored)
    return Scores(
        design=max((s for design, _, s in scored if design == shown.design_id), default=0.0),
        brand=max((s for _, brand, s in scored if brand == shown.brand), default=0.0),
        other=max((s for _, brand, s in scored if brand not in job.brands), default=0.0),
    )


@dataclass(frozen=True)
class Originals:
    """Every registered view as it was sent, in one order: `vectors float32[n, dimension]`, `hashes
    uint64[n]`.
    """

    names: tuple[tuple[str, str], ...]  # design, brand
    vectors: Vectors
    hashes: NDArray[np.uint64]


@lru_cache
def originals() -> Originals:
    rows = list(
        Fingerprint.objects.filter(
            variant=Fingerprint.Variant.ORIGINAL,
            generation=generation_of(spec_of(settings.ENCODER)),
        )
        .order_by("image_id")
        .values_list(
            "image__design__name", "image__design__brand__name", "vector", "perceptual_hash"
        )
    )
    return Originals(
        tuple((design, brand) for design, brand, _, _ in rows),
        np.stack([np.frombuffer(vector, "<f4") for _, _, vector, _ in rows]),
        np.array([hashed for _, _, _, hashed in rows], np.int64).view(np.uint64),
    )


def phash(job: Job, shown: Shown, image: ListingImage) -> Scores:
    """Scores 64 minus the differing bits of the whole picture's perceptual hash."""
    mine = np.array([image.perceptual_hash or 0], np.int64).view(np.uint64)
    bits = np.bitwise_count(originals().hashes ^ mine)
    return scores(job, shown, 64 - bits.astype(np.float64))


def sscd_cosine(job: Job, shown: Shown, image: ListingImage) -> Scores:
    """Scores the cosine of the whole pictures: the encoder without regions, geometry or calibration."""
    mine = np.frombuffer(image.embeddings.get(rendition=0).vectors, "<f4")[
        : originals().vectors.shape[1]
    ]
    return scores(job, shown, (originals().vectors @ mine).astype(np.float64))


def pdq(job: Job, shown: Shown, image: ListingImage) -> Scores:
    """Scores 256 minus the differing bits of PDQ, Meta's hash of the whole picture."""
    with image.file.open() as file:
        mine = pdq_bits(decode(file.read()).pixels)
    return scores(job, shown, 256 - np.count_nonzero(pdq_of_originals() != mine, axis=1))


def scores(job: Job, shown: Shown, values: NDArray[Any]) -> Scores:
    named = zip(originals().names, values.tolist(), strict=True)
    return best_of(job, shown, ((design, brand, float(value)) for (design, brand), value in named))


PEERS: dict[str, Callable[[Job, Shown, ListingImage], Scores]] = {
    "phash": phash,
    "sscd-cosine": sscd_cosine,
    "pdq": pdq,
}


# --- PDQ: production does not compute it, so the views are hashed for it, once a run -------------
def require_pdq() -> Any:
    """Returns pdqhash. It ships no types and no wheel for every Python, so no requirements file has it."""
    try:
        return importlib.import_module("pdqhash")
    except ImportError as error:
        raise CommandError(
            "--peer pdq needs pdqhash: pip install pdqhash (a C++ "
            "compiler such as g++ compiles it), or leave this peer out."
        ) from error


def pdq_bits(picture: Picture) -> Bits:
    bits, _ = require_pdq().compute(picture)
    return np.asarray(bits, np.bool_)


def enrolled() -> QuerySet[DesignImage]:
    """Returns the enrolled views in the order of `originals`."""
    return DesignImage.objects.filter(state=DesignImage.State.ENROLLED).order_by("pk")


def pdq_of_view(file: str) -> Bits:
    """Runs in each process."""
    return pdq_bits(decode((Path(settings.MEDIA_ROOT) / file).read_bytes()).pixels)


def keep_pdq(hashes: Sequence[Bits]) -> None:
    np.save(pdq_file(), np.stack(hashes), allow_pickle=False)


@lru_cache
def pdq_of_originals() -> Bits:
    """Returns `bool[n, 256]`, in the order of `originals`."""
    return np.asarray(np.load(pdq_file(), allow_pickle=False), np.bool_)


def pdq_file() -> Path:
    return Path(settings.DATA_DIR) / "pdq.npy"
