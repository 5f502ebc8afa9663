"""Runs in each process of the benchmark: production's own actions on a temporary database."""

import io
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import Marketplace
from detection.intake.actions.ingest import Offer, ingest_listing
from detection.intake.models import Listing, ListingImage
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher, this_process_matcher
from detection.matching.models import Match
from fingerprints.pictures.received import NoReadableImage
from lab.benchmark.cache import CachedEncoder
from lab.benchmark.explanations import Truth, truth
from lab.benchmark.peers import PEERS, best_of
from lab.benchmark.rows import Job, Row, Scores
from vision.edits.families import edit
from vision.pictures.decode import UnreadableImage, decode
from vision.pictures.picture import Picture
from vision.stages import timed


@dataclass(frozen=True)
class Setting:
    root: Path
    threshold: float
    peers: tuple[str, ...] = ()
    cache: Path | None = None  # of vectors; with a cache, times mean nothing


@lru_cache
def matcher_of(setting: Setting) -> Matcher:
    matcher = this_process_matcher()
    if setting.cache is None:
        return matcher
    return replace(
        matcher,
        encoder=CachedEncoder(matcher.encoder, setting.cache),
        quick=CachedEncoder(matcher.quick, setting.cache),
    )


def measure(setting: Setting, job: Job) -> Row | None:
    """Returns None for an edit that this picture does not allow. A picture that production refuses counts as
    a listing in which nothing was found.
    """
    try:
        shown = picture_of(setting, job)
        if shown is None:
            return None
        data, done = shown
        listing = ingested(job, data)
    except (UnreadableImage, NoReadableImage):
        return Row.of(job)
    matcher = matcher_of(setting)
    started = time.perf_counter()
    with timed() as stages:
        match_listing(listing=listing, matcher=matcher)
    spent = (time.perf_counter() - started) * 1000
    made = replace(row(setting, job, listing), done=done)
    return made if setting.cache else replace(made, milliseconds=spent, stages=stages)


def picture_of(setting: Setting, job: Job) -> tuple[bytes, Truth] | None:
    """Returns the picture and the edit that was made of it."""
    data = (setting.root / job.path).read_bytes()
    if not job.scene:  # a folder's own listings may be of families with our names
        return data, {}
    view = decode(data).pixels
    scene = decode((setting.root / job.scene).read_bytes()).pixels
    made = edit(job.edit, view, scene, job.path)
    return None if made is None else (as_png(made.picture), truth(made.done, view))


def as_png(picture: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return file.getvalue()


def ingested(job: Job, data: bytes) -> Listing:
    return ingest_listing(
        marketplace=Marketplace.objects.get(),
        offer=Offer(external_id=f"{job.family} {job.path}", seller_id="seller"),
        pictures=[ContentFile(data, "picture")],
        by=AnonymousUser(),
    )


def row(setting: Setting, job: Job, listing: Listing) -> Row:
    matches = list(
        Match.objects.filter(listing_image__listing=listing)
        .select_related("view__design__brand")
        .best_first()
    )
    ours = best_of(
        job, ((m.view.design.name, m.view.design.brand.name, m.similarity) for m in matches)
    )
    found = Row.of(
        job,
        other_similarity=ours.other,
        design_similarity=ours.design,
        brand_similarity=ours.brand,
        peers=peer_scores(setting, job, listing),
    )
    if not matches:
        return found
    best = matches[0]
    flagged = best.similarity >= setting.threshold
    return replace(
        found,
        best_design=best.view.design.name,
        best_brand=best.view.design.brand.name,
        similarity=best.similarity,
        match_kind=best.match_kind,
        channel=best.channel,
        flagged=flagged,
        edit=best.edit if flagged and best.view.design.name == job.design_id else {},
    )


def peer_scores(setting: Setting, job: Job, listing: Listing) -> dict[str, Scores]:
    """Returns the scores of each peer; none for a damaged picture."""
    image = listing.images.filter(state=ListingImage.State.EMBEDDED).first()
    return {name: PEERS[name](job, image) if image else Scores() for name in setting.peers}
