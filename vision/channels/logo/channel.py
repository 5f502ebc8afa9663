"""The logo channel and its encoder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import cv2
import numpy as np

from brandguard.kernel.messages import gettext_noop
from vision.channels import logo
from vision.channels.background import Background
from vision.channels.calibration import Calibration, ChannelCalibration, interpolate
from vision.channels.capping import cap_per_brand
from vision.channels.channel import (
    MIRRORED,
    ORIGINAL,
    Edit,
    Evidence,
    Explanation,
    ViewDescription,
    ViewVector,
)
from vision.channels.copy import NAME as COPY
from vision.channels.copy import explanation
from vision.channels.copy.explanation import (
    beyond,
    rotation,
    slope_at_centre,
    tilt,
)
from vision.channels.copy.view import CopyView, copy_view
from vision.channels.fitting import Pair
from vision.channels.image_features import ImageFeatures
from vision.channels.logo.cohort import load_cohort
from vision.channels.logo.fit import fit
from vision.channels.logo.shapes import Shape, gap, is_plain, on_square, shape_of
from vision.channels.logo.strength import strength
from vision.channels.logo.windows import Candidate, LogoMatch, LogoPicture, Nearby
from vision.channels.register import Query, Register, View, ViewOwner
from vision.channels.spec import Figures, MatchKind
from vision.encoders.base import Encoder, Vectors
from vision.encoders.generation import generation_of
from vision.geometry.agreement import thumbnail
from vision.geometry.polygons import area_of, matching_region
from vision.pictures.errors import ImageError
from vision.pictures.picture import Picture
from vision.pictures.resize import fit as fitted


@dataclass(frozen=True)
class LogoSpec:
    """How many logos are compared: a few milliseconds for a first look, some twenty for a full alignment."""

    a_window: int = 16  # registered logos and their mirror images retrieved for each window
    of_a_brand: int = 4  # of these, for each brand
    least_cosine: float = 0.52  # cosine from which a logo's shape is laid over the window
    glanced_at: int = 20  # logos of verified claimants that get a first look
    # Promise from which a logo is aligned: at 1.0, 1% of the right ones and 92% of the wrong ones have less.
    least_promise: float = 0.97
    looked_at: int = 4  # of these, logos that are aligned
    # Share of a shape's longer side that two things are apart; the widest gap of the bench's 60 logos is 0.125.
    gap: float = 0.25
    too_plain: float = 4.2  # background score from which even the full outline proves nothing
    share: float = 0.8  # share of the encoder's square that a logo's longer side takes


SPEC = LogoSpec()
TOO_PLAIN: ImageError = {
    "code": "logo_too_plain",
    "message": gettext_noop(
        "This logo alone is too plain: ordinary pictures contain its shape by chance. It is not searched for "
        "in scenes."
    ),
    "remedy": gettext_noop("Register it together with its lettering, as one picture."),
}


QR_CODE: ImageError = {
    "code": "qr_code",
    "message": gettext_noop(
        "This is a QR code. All codes look alike from a distance, so it is not searched for in scenes."
    ),
    "remedy": gettext_noop("Register the logo without the code."),
}


SEVERAL_LOGOS: ImageError = {
    "code": "several_logos",
    "message": gettext_noop(
        "The picture shows two things far apart. They are searched for in scenes as one: either alone is not found."
    ),
    "remedy": gettext_noop("If they are used alone too, register each as a picture of its own."),
}


class LogoChannel:
    spec = logo.SPEC

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def use_background(self, background: Background) -> None:
        """Does nothing: the fit of a shape is not a cosine and needs no background."""

    def describe_view(self, picture: Picture) -> ViewDescription | None:
        """Returns None for a picture without a logo on its own ground. A shape too plain to be told from
        what ordinary pictures show gets a warning in place of vectors.
        """
        small = thumbnail(fitted(picture))
        shape = shape_of(small)
        if shape is None:
            return None
        if is_code(small):
            return ViewDescription([], None, [QR_CODE])
        if is_plain(shape):
            return ViewDescription([], None, [TOO_PLAIN])
        original, mirrored = (self.vector_of(form) for form in (shape, shape.mirrored))
        background = load_cohort(self.encoder.spec).score(shape, original, mirrored)
        if background > SPEC.too_plain:
            return ViewDescription([], None, [TOO_PLAIN])
        return ViewDescription(
            [ViewVector(ORIGINAL, original, background=background), ViewVector(MIRRORED, mirrored)],
            replace(shape, background=background),
            [SEVERAL_LOGOS] if gap(shape) >= SPEC.gap else [],
        )

    def vector_of(self, shape: Shape) -> Vectors:
        """Returns the mean of the logo in black and its negative, so that lightness does not count."""
        black = on_square(shape, self.encoder.spec.input_side, SPEC.share)
        both = self.encoder.embed([black, np.asarray(255 - black, np.uint8)])
        mean = both.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def load_view(
        self, vectors: Mapping[str, ViewVector], described: Mapping[str, Any]
    ) -> Shape | None:
        if ORIGINAL not in vectors:
            return None
        registered: CopyView = described[COPY]
        shape = shape_of(registered.thumbnail)
        return replace(shape, background=vectors[ORIGINAL].background) if shape else None

    def describe(self, features: ImageFeatures) -> LogoPicture:
        return LogoPicture(features.picture, self.encoder)

    def retrieve(self, described: LogoPicture, query: Query) -> dict[UUID, Candidate]:
        """Returns the most promising logos with their nearest windows. Embeds windows only if a logo is
        registered.
        """
        name, register = self.spec.name, query.register
        if not register.has(name):
            return {}
        owners = nearest_windows(described, register)
        windows = {owner.view: nearby for owner, nearby in owners.items()}
        views = register.views(list(windows))
        shapes = {view.image: view.described[name] for view in views if name in view.described}
        found = {
            image: described.candidate(shape, windows[image]) for image, shape in shapes.items()
        }
        promising = (
            owner
            for owner in owners
            if owner.view in found and found[owner.view].promise >= SPEC.least_promise
        )
        ranked = sorted(promising, key=lambda owner: -found[owner.view].promise)
        return {image: found[image] for image in cap_per_brand(ranked, SPEC.looked_at)}

    def verify(
        self,
        described: LogoPicture,
        view: View,
        candidate: Candidate,
        *,
        identical: bool,
    ) -> LogoMatch | None:
        return described.match(view.described[self.spec.name], candidate)

    def strength(self, finding: LogoMatch, calibration: ChannelCalibration) -> float:
        return strength(finding, calibration.weights)

    def similarity(self, finding: LogoMatch, calibration: ChannelCalibration) -> float:
        return round(interpolate(calibration.knots, strength(finding, calibration.weights)), 2)

    def figures(self, finding: LogoMatch) -> Figures:
        alignment = finding.alignment
        return {
            "cosine": finding.cosine,
            "outline": alignment.outline,
            "overlap": alignment.overlap,
            "correlation": alignment.correlation,
            "background": finding.background,
        }

    def explain(
        self, features: ImageFeatures, view: View, evidence: Evidence, calibration: Calibration
    ) -> Explanation:
        """Explains a match. A logo whose shape lies on the listing's ink is the same logo, whatever its
        colour.
        """
        match: LogoMatch = evidence.findings[self.spec.name]
        homography = match.alignment.homography
        on_listing, on_view = matching_region(homography, match.alignment.corners)
        slope = slope_at_centre(homography, features, copy_view(view))
        scene = area_of(on_listing)
        edit = Edit(
            mirrored=bool(np.linalg.det(slope) < 0),
            rotated=beyond(rotation(slope), explanation.SPEC.upright_within),
            tilted=beyond(tilt(slope), explanation.SPEC.flat_within),
            scene=round(scene, 2) if scene < explanation.SPEC.scene_below else None,
        )
        return Explanation(
            MatchKind.SAME_DESIGN,
            match.region,
            on_listing,
            on_view,
            MIRRORED if match.mirrored else ORIGINAL,
            homography,
            edit,
        )

    def promise(self, finding: LogoMatch) -> tuple[float, ...]:
        return (finding.alignment.outline,)

    def fit(self, pairs: Sequence[Pair], *, views: int) -> ChannelCalibration | None:
        return fit(pairs, generation=generation_of(self.encoder.spec), views=views)


def is_code(picture: Picture) -> bool:
    """Whether the picture is a QR code that can be read: some logos only look like one."""
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
    return bool(text)


def nearest_windows(picture: LogoPicture, register: Register) -> dict[ViewOwner, list[Nearby]]:
    """Returns the logos nearest to any window, each with its windows, best first."""
    regions, vectors = picture.embedded
    found = register.search(logo.NAME, vectors, SPEC.a_window, SPEC.of_a_brand, SPEC.least_cosine)
    hits = [
        (hit.score, hit.id, region)
        for region, of_window in zip(regions, found, strict=True)
        for hit in of_window
    ]
    hits.sort(key=lambda hit: -hit[0])
    numbers = list(dict.fromkeys(number for _, number, _ in hits))
    owners, variants = register.owners_of(numbers), register.variants(numbers)
    there = dict.fromkeys(owners[number] for number in numbers if number in owners)
    chosen = set(cap_per_brand(there, SPEC.glanced_at))
    windows: dict[ViewOwner, list[Nearby]] = {o: [] for o in there if o.view in chosen}
    for cosine, number, region in hits:
        if number in owners and owners[number] in windows:
            mirrored = variants.get(number) == MIRRORED
            windows[owners[number]].append(Nearby(region, cosine, mirrored))
    return windows
