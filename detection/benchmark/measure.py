"""Runs in each process of the benchmark: production's own actions on a throw-away database."""

import io
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from numpy.typing import NDArray
from PIL import Image

from detection.actions.ingest import Offer, ingest_listing
from detection.actions.match import match_listing
from detection.actions.matcher import this_process_matcher
from detection.benchmark.rows import Job, Row, Scores
from detection.edit_families import FAMILIES, edit
from detection.matching.stages import timed
from detection.models import Listing, ListingImage, Marketplace, Match
from fingerprints.images.decode import Picture, decode
from fingerprints.models import Fingerprint


@dataclass(frozen=True)
class Setting:
    root: Path
    threshold: float
    peers: tuple[str, ...]


def measure(setting: Setting, job: Job) -> Row | None:
    """None for an edit that this picture does not allow."""
    data = picture_of(setting, job)
    if data is None:
        return None
    listing = ingest_listing(
        marketplace=Marketplace.objects.get(),
        offer=Offer(external_id=f"{job.family} {job.path}", seller_id="seller"),
        files=[ContentFile(data, "picture")],
        by=AnonymousUser(),
    )
    matcher = this_process_matcher()
    started = time.perf_counter()
    with timed() as stages:
        match_listing(listing=listing, matcher=matcher)
    spent = (time.perf_counter() - started) * 1000
    return row(setting, job, listing, spent, stages)


def picture_of(setting: Setting, job: Job) -> bytes | None:
    data = (setting.root / job.path).read_bytes()
    if job.family not in FAMILIES:
        return data
    scene = decode((setting.root / job.scene).read_bytes()).pixels
    made = edit(job.family, decode(data).pixels, scene, job.path)
    return None if made is None else as_png(made)


def as_png(picture: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return file.getvalue()


def row(
    setting: Setting, job: Job, listing: Listing, spent: float, stages: dict[str, float]
) -> Row:
    matches = list(
        Match.objects.filter(listing_image__listing=listing)
        .select_related("view__design__brand")
        .best_first()
    )
    best = matches[0] if matches else None
    kept = [(m.view.design.name, m.view.design.brand.name, m.similarity) for m in matches]
    ours = best_of(job, kept)
    return Row(
        path=job.path,
        family=job.family,
        design_id=job.design_id,
        brand=job.brand,
        best_design=best.view.design.name if best else "",
        best_brand=best.view.design.brand.name if best else "",
        similarity=best.similarity if best else 0.0,
        match_kind=best.match_kind if best else "",
        flagged=bool(best and best.similarity >= setting.threshold),
        other_similarity=ours.other,
        design_similarity=ours.design,
        brand_similarity=ours.brand,
        milliseconds=spent,
        stages=stages,
        peers={name: PEERS[name](job, listing) for name in setting.peers},
    )


def best_of(job: Job, scored: list[tuple[str, str, float]]) -> Scores:
    """From (design, brand, score) of each candidate."""
    return Scores(
        design=max((s for design, _, s in scored if design == job.design_id), default=0.0),
        brand=max((s for _, brand, s in scored if brand == job.brand), default=0.0),
        other=max((s for _, brand, s in scored if brand != job.brand), default=0.0),
    )


# --- what a user would otherwise run ------------------------------------------------------------
@dataclass(frozen=True)
class Originals:
    """Every registered view as it was sent: `vectors float32[n, dimension]`, `hashes uint64[n]`."""

    names: tuple[tuple[str, str], ...]  # design, brand
    vectors: NDArray[np.float32]
    hashes: NDArray[np.uint64]


@lru_cache
def originals() -> Originals:
    rows = Fingerprint.objects.filter(variant=Fingerprint.Variant.ORIGINAL).select_related(
        "image__design__brand"
    )
    return Originals(
        tuple((r.image.design.name, r.image.design.brand.name) for r in rows),
        np.stack([np.frombuffer(r.vector, "<f4") for r in rows]),
        np.array([r.perceptual_hash for r in rows], np.int64).view(np.uint64),
    )


def phash(job: Job, listing: Listing) -> Scores:
    """64 less the bits that differ: the perceptual hash of the whole picture."""
    image = ListingImage.objects.get(listing=listing)
    mine = np.array([image.perceptual_hash or 0], np.int64).view(np.uint64)
    bits = np.bitwise_count(originals().hashes ^ mine)
    return scores(job, (64 - bits.astype(np.float64)))


def sscd_cosine(job: Job, listing: Listing) -> Scores:
    """Cosine of the whole pictures: the encoder without regions, geometry or calibration."""
    embedding = ListingImage.objects.get(listing=listing).embeddings.get()
    mine = np.frombuffer(embedding.vectors, "<f4")[: originals().vectors.shape[1]]
    return scores(job, (originals().vectors @ mine).astype(np.float64))


def scores(job: Job, values: NDArray[np.float64]) -> Scores:
    named = zip(originals().names, values.tolist(), strict=True)
    return best_of(job, [(design, brand, value) for (design, brand), value in named])


PEERS = {"phash": phash, "sscd-cosine": sscd_cosine}
