"""Runs in each process of the benchmark: production's own actions on a temporary database."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from accounts.models import Marketplace
from detection.intake.actions.ingest import Offer, ingest_listing
from detection.intake.models import Listing, ListingImage
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher, this_process_matcher
from detection.matching.models import Match
from fingerprints.models import DesignImage
from fingerprints.pictures.received import NoReadableImage
from lab.benchmark.cache import CachedEncoder
from lab.benchmark.peers import PEERS, best_of
from lab.benchmark.recipe import Made
from lab.benchmark.rows import Comparison, Job, Polygon, Row, Scores, Shown
from lab.benchmark.watch import Watch, begin_watch, watched
from vision.pictures.decode import UnreadableImage, decode
from vision.pictures.picture import Picture
from vision.stages import timed


@dataclass(frozen=True)
class Setting:
    root: Path
    threshold: float
    peers: tuple[str, ...] = ()
    cache: Path | None = None  # of vectors; with a cache, times mean nothing

    def read(self, path: str) -> Picture:
        return decode((self.root / path).read_bytes()).pixels


@lru_cache
def matcher_of(setting: Setting) -> Matcher:
    matcher = watched(this_process_matcher())
    if setting.cache is None:
        return matcher
    return replace(
        matcher,
        encoder=CachedEncoder(matcher.encoder, setting.cache),
        quick=CachedEncoder(matcher.quick, setting.cache),
    )


def measure(setting: Setting, job: Job) -> list[Row]:
    """Returns a row for each product that the listing shows, and none where the pictures do not allow this
    listing. A picture that production refuses counts as a listing in which nothing was found.
    """
    try:
        made = listing_of(setting, job)
        if made is None:
            return []
        listing = ingested(job, made.data)
    except (UnreadableImage, NoReadableImage) as error:
        return [Row.of(job, shown, refused=str(error)) for shown in job.shows]
    matcher = matcher_of(setting)
    watch = begin_watch(matcher)
    started = time.perf_counter()
    with timed() as stages:
        match_listing(listing=listing, matcher=matcher)
    spent = (time.perf_counter() - started) * 1000
    found = [replace(one, done=made.done) for one in rows(setting, job, listing, watch)]
    if setting.cache:
        return found
    return [replace(one, milliseconds=spent, stages=stages) for one in found]


def listing_of(setting: Setting, job: Job) -> Made | None:
    """Returns the folder's file, or what is made of the folder's pictures."""
    if job.recipe is None:
        return Made((setting.root / job.path).read_bytes())
    return job.recipe.make(setting.read)


def ingested(job: Job, data: bytes) -> Listing:
    return ingest_listing(
        marketplace=Marketplace.objects.get(),
        offer=Offer(external_id=f"{job.family} {job.path}", seller_id="seller"),
        pictures=[ContentFile(data, "picture")],
        by=AnonymousUser(),
    )


def rows(setting: Setting, job: Job, listing: Listing, watch: Watch) -> list[Row]:
    matches = list(
        Match.objects.filter(listing_image__listing=listing)
        .select_related("view__design__brand", "rendition")
        .best_first()
    )
    return [
        replace(
            row(job, shown, matches, watch, setting.threshold),
            peers=peer_scores(setting, job, shown, listing),
            refused=refusal(listing),
            reused=not watch.retrieved and not refusal(listing),
        )
        for shown in job.shows
    ]


def row(job: Job, shown: Shown, matches: Sequence[Match], watch: Watch, threshold: float) -> Row:
    """Returns the row of one product; `matches` are those of the whole listing, best first."""
    named = ((m.view.design.name, m.view.design.brand.name, m.similarity) for m in matches)
    ours = best_of(job, shown, named)
    found = Row.of(
        job,
        shown,
        other_similarity=ours.other,
        design_similarity=ours.design,
        brand_similarity=ours.brand,
        right=right_comparison(shown, matches, watch),
    )
    others = [m for m in matches if m.view.design.brand.name not in job.brands]
    if others:
        found = with_other(found, others[0], watch)
    return with_best(found, matches[0], threshold, watch) if matches else found


def with_other(row: Row, match: Match, watch: Watch) -> Row:
    return replace(
        row,
        other_design=match.view.design.name,
        other_brand=match.view.design.brand.name,
        other_channel=match.channel,
        other_kind=match.match_kind,
        other=comparison(match, watch),
    )


def with_best(row: Row, match: Match, threshold: float, watch: Watch) -> Row:
    flagged = match.similarity >= threshold
    return replace(
        row,
        best_design=match.view.design.name,
        best_brand=match.view.design.brand.name,
        similarity=match.similarity,
        match_kind=match.match_kind,
        channel=match.channel,
        flagged=flagged,
        best=comparison(match, watch),
        edit=match.edit if flagged and match.view.design.name == row.design_id else {},
    )


def right_comparison(shown: Shown, matches: Sequence[Match], watch: Watch) -> Comparison | None:
    """Compares with the best view of the design that is shown, stored match or not; None where the design
    has no view. A match of pixels that were matched before is reused and nothing of it is watched.
    """
    if not shown.design_id:
        return None
    images = {
        view.pk: view
        for view in DesignImage.objects.filter(
            design__name=shown.design_id, design__brand__name=shown.brand
        )
    }
    if not images:
        return None
    found = next((m for m in matches if m.view_id in images), None)
    if found:
        made = comparison(found, watch)
    else:
        best = max(images, key=lambda pk: max(watch.scores(pk).values(), default=0.0))
        made = Comparison(images[best].name, watch.scores(best), watch.figures(best))
    return replace(made, retrieved=watch.channels_with(set(images)))


def comparison(match: Match, watch: Watch) -> Comparison:
    scores = watch.scores(match.view_id) or {match.channel: match.similarity}
    return Comparison(
        match.view.name,
        scores,
        match.evidence,
        in_whole(match.listing_polygon, match.rendition.area if match.rendition else None),
        tuple((x, y) for x, y in match.view_polygon),
        watch.channels_with({match.view_id}),
    )


def in_whole(polygon: Polygon, area: Sequence[float] | None) -> Polygon:
    """Returns the polygon in coordinates of the whole picture. `area` is the part in which it lies: left,
    top, width and height.
    """
    left, top, width, height = area or (0.0, 0.0, 1.0, 1.0)
    return tuple((left + x * width, top + y * height) for x, y in polygon)


def refusal(listing: Listing) -> str:
    image = listing.images.get()
    return image.error["message"] if image.error else ""


def peer_scores(setting: Setting, job: Job, shown: Shown, listing: Listing) -> dict[str, Scores]:
    """Returns the scores of each peer; none for a damaged picture."""
    image = listing.images.filter(state=ListingImage.State.EMBEDDED).first()
    return {name: PEERS[name](job, shown, image) if image else Scores() for name in setting.peers}
