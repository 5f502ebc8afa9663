"""The result of matching one picture, and how it is stored: embeddings, renditions and matches."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from detection.intake.models import ListingImage
from detection.intake.models import Rendition as RenditionRow
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.matching.models.match import KEPT_FROM
from detection.matching.reuse import reuse
from fingerprints.models import DesignImage
from vision.channels.channel import Evidence
from vision.channels.image_features import ImageFeatures
from vision.channels.register import View
from vision.encoders.generation import generation_of
from vision.geometry import features
from vision.pictures.errors import ImageError
from vision.pictures.parts import Part
from vision.pictures.renditions import Rendition


@dataclass(frozen=True)
class MatchedRendition:
    """The features of one rendition and what was found in it. `size` is width, height in pixels."""

    rendition: Rendition
    size: tuple[int, int]
    features: ImageFeatures
    found: tuple[tuple[View, Evidence], ...]


@dataclass(frozen=True)
class ImageResult:
    """What was found in each rendition of one picture, or why the picture was refused. `version` is the
    matching version with the last index change; `reusable` is an earlier result of the same pixels and
    the same version. `previews` has one for each rendition.
    """

    image: ListingImage
    pixel_sha256: str = ""
    warnings: tuple[ImageError, ...] = ()
    previews: tuple[ContentFile[bytes], ...] = ()
    renditions: tuple[MatchedRendition, ...] = ()
    version: str = ""
    reusable: ImageEmbedding | None = None
    error: ImageError | None = None


def store(result: ImageResult, matcher: Matcher) -> None:
    """Stores the result in the caller's transaction, which holds the listing."""
    image = result.image
    image.attempts = 0
    image.warnings = list(result.warnings)
    if result.reusable:
        reuse(result.reusable, image, result.previews)
        return
    image.error = result.error
    image.state = ListingImage.State.REFUSED
    if result.renditions:
        first = result.renditions[0]
        image.state = ListingImage.State.EMBEDDED
        image.width, image.height = first.size
        image.pixel_sha256 = result.pixel_sha256
        image.perceptual_hash = richest(result.renditions).features.perceptual_hash
        image.preview = result.previews[0]
    image.save()
    if result.renditions:
        rows = store_renditions(result)
        ImageEmbedding.objects.bulk_create(embeddings_of(result, matcher))
        Match.objects.bulk_create(matches_of(result, rows, matcher))


def richest(renditions: Sequence[MatchedRendition]) -> MatchedRendition:
    """Returns the whole picture with the most contrast: a white logo on white shows nothing of the logo.
    Parts do not count, because sellers share some of them, as a page on delivery.
    """
    whole = [one for one in renditions if one.rendition.part is None]
    return max(whole, key=lambda one: float(one.features.picture.std()))


def store_renditions(result: ImageResult) -> list[RenditionRow | None]:
    """Creates a row for each rendition if there are several."""
    if len(result.renditions) == 1:
        return [None]
    return [
        RenditionRow.objects.create(
            image=result.image,
            number=number,
            frame=one.rendition.frame.number,
            milliseconds=one.rendition.frame.begins,
            ground=one.rendition.ground,
            **fields_of(one.rendition.part),
            width=one.size[0],
            height=one.size[1],
            pixel_sha256=one.features.pixel_sha256,
            perceptual_hash=one.features.perceptual_hash,
            preview=shown,
        )
        for number, (one, shown) in enumerate(zip(result.renditions, result.previews, strict=True))
    ]


def fields_of(part: Part | None) -> dict[str, Any]:
    return {"part": part.number, "parts": part.of, "area": list(part.area)} if part else {}


def embeddings_of(result: ImageResult, matcher: Matcher) -> list[ImageEmbedding]:
    return [
        ImageEmbedding(
            image=result.image,
            rendition=number,
            generation=generation_of(matcher.encoder.spec),
            features_version=matcher.features_version,
            matching_version=result.version,
            regions=[[r.left, r.top, r.width, r.height] for r in one.features.regions],
            vectors=one.features.vectors.astype("<f4").tobytes(),
            features=one.features.local.to_bytes(),
        )
        for number, one in enumerate(result.renditions)
    ]


@dataclass(frozen=True)
class Scored:
    view: View
    evidence: Evidence
    similarity: float
    features: ImageFeatures
    rendition: RenditionRow | None

    @property
    def rank(self) -> tuple[float, bool]:
        return self.similarity, bool(self.rendition and self.rendition.part)


def matches_of(
    result: ImageResult, rows: Sequence[RenditionRow | None], matcher: Matcher
) -> list[Match]:
    """Returns the strongest match of each view over all renditions, and of equally strong ones that in a part
    of a long picture, because the whole is a strip on the screen.
    """
    best: dict[UUID, Scored] = {}
    for row, one in zip(rows, result.renditions, strict=True):
        for view, evidence in one.found:
            similarity = matcher.scoring.similarity(evidence)
            scored = Scored(view, evidence, similarity, one.features, row)
            known = best.get(view.image)
            if similarity >= KEPT_FROM and (known is None or scored.rank > known.rank):
                best[view.image] = scored
    stored = DesignImage.objects.filter(pk__in=list(best))
    hashes = dict(stored.values_list("pk", "sha256"))
    matches = [
        match_of(result.image, scored, matcher)
        for number, scored in best.items()
        if number in hashes  # the view may be deleted meanwhile
    ]
    for match in matches:
        match.reproduction = reproduction(result.image, hashes[match.view_id], matcher)
    return matches


def match_of(image: ListingImage, scored: Scored, matcher: Matcher) -> Match:
    view, evidence, scoring = scored.view, scored.evidence, matcher.scoring
    shown = scoring.explain(scored.features, view, evidence)
    homography = shown.homography
    return Match(
        listing_image=image,
        rendition=scored.rendition,
        view_id=view.image,
        similarity=scored.similarity,
        channel=scoring.channel_of(evidence),
        evidence=scoring.figures(evidence),
        match_kind=shown.match_kind,
        variant=shown.appearance,
        edit=asdict(shown.edit),
        region=list(asdict(shown.region).values()),
        homography=None if homography is None else homography.round(9).tolist(),
        listing_polygon=shown.listing_polygon,
        further_polygons=list(shown.further_polygons),
        view_polygon=shown.view_polygon,
    )


def reproduction(image: ListingImage, view_sha256: str, matcher: Matcher) -> dict[str, object]:
    """Returns everything that the similarity depends on."""
    spec, windows = matcher.encoder.spec, matcher.quick.spec
    return {
        "picture_sha256": image.sha256,
        "view_sha256": view_sha256,
        "encoder": {"name": spec.name, "version": spec.version, "sha256": spec.weights_sha256},
        "windows": {"name": windows.name, "version": windows.version, "sha256": windows.identity},
        "geometry": features.VERSION,
        "calibration": matcher.calibration.name,
        "background": matcher.calibration.background,
        "channels": {
            name: {"name": model.name, "version": model.version, "sha256": model.identity}
            for name, model in (
                (name, channel.encoder.spec) for name, channel in matcher.channels.items()
            )
        },
        "libraries": matcher.libraries,
    }
