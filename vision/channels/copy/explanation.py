"""Shows where the match is on both pictures and which edit turned the view into the listing.

The homography lays the view over the listing; it and the colours where both overlap give the answer.
"""

from dataclasses import dataclass
from math import acos, atan2, degrees

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.channels.calibration import Calibration, ChannelCalibration
from vision.channels.channel import Edit, Evidence, Explanation
from vision.channels.copy import NAME
from vision.channels.copy.remainder import part_left
from vision.channels.copy.strength import confirms, match_kind
from vision.channels.copy.verification import CopyMatch
from vision.channels.copy.view import CopyView, copy_view
from vision.channels.image_features import ImageFeatures
from vision.channels.register import View
from vision.geometry.agreement import lay_over
from vision.geometry.polygons import SQUARE, WHOLE, Points, Polygon, area_of, matching_region
from vision.pictures.picture import Picture


@dataclass(frozen=True)
class ExplanationSpec:
    """The thresholds from which an edit is reported."""

    all_of_it: float = (
        0.8  # share of patches found again from which the whole view counts as present
    )
    upright_within: float = 3.0  # degrees
    # degrees: 2.6% of foreshortening; with few points, 12 was found where nothing was tilted
    flat_within: float = 13.0
    whole_from: float = 0.95  # share of a view's area: below it the view counts as cropped
    scene_below: float = 0.85  # share of a listing's area: from there on the view fills the picture
    vivid: int = 40  # of 255: saturation and brightness from which a pixel's hue is meaningful
    few: float = 0.01  # share of a view's pixels that must be vivid
    together: float = 0.6  # mean length of the hue differences' directions; 1 when all are equal
    same_hue_within: float = 12.0  # degrees
    faded: float = 0.25  # share of the view's saturation: below it the colours are gone


SPEC = ExplanationSpec()


type Matrix = NDArray[np.float64]


def explain(
    features: ImageFeatures, view: View, evidence: Evidence, calibration: Calibration
) -> Explanation:
    match: CopyMatch = evidence.findings[NAME]
    known = calibration.channels[NAME]
    confirmed = confirms(match, known)
    on_listing, on_view = polygons(match, confirmed=confirmed)
    shown = match.geometry.homography if match.geometry and confirmed else None
    return Explanation(
        match_kind(match, known),
        match.region,
        on_listing,
        on_view,
        match.appearance,
        shown,
        Edit() if shown is None else recovered(features, copy_view(view), match),
        further_polygons(match, known),
    )


def further_polygons(match: CopyMatch, calibration: ChannelCalibration) -> list[Polygon]:
    """Returns the matching regions of the other places that geometry confirms."""
    confirmed = (one for one in match.further if confirms(one, calibration))
    regions = (polygons(one, confirmed=True)[0] for one in confirmed)
    return [region for region in regions if region]


def polygons(match: CopyMatch, *, confirmed: bool) -> tuple[Polygon, Polygon]:
    """Returns the matching region on the listing's picture and on the registered view.

    If only a part of the view is found again, the region is that part. Without confirmed geometry it is the
    nearest window and the whole view.
    """
    if match.identical:
        return WHOLE, WHOLE
    if match.geometry is None or not confirmed:
        return match.region.polygon(), WHOLE
    return matching_region(match.geometry.homography, found_part(match))


def found_part(match: CopyMatch) -> Points:
    agreement = match.agreement
    if not agreement.alike or agreement.alike >= SPEC.all_of_it * agreement.patches:
        return SQUARE
    left, top, right, bottom = agreement.box
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def recovered(features: ImageFeatures, view: CopyView, match: CopyMatch) -> Edit:
    """Returns the edit of a match that geometry confirmed."""
    if match.geometry is None:
        return Edit()
    homography = match.geometry.homography
    slope = slope_at_centre(homography, features, view)
    height, width = view.thumbnail.shape[:2]
    laid, shown = lay_over(features.picture, homography, width, height)
    left = part_left(view.thumbnail, laid, shown)
    on_listing, on_view = matching_region(homography, left)
    cropped, scene = area_of(on_view), area_of(on_listing)
    within = cv2.fillConvexPoly(
        np.zeros((height, width), np.uint8), (left * (width, height)).round().astype(np.int32), 1
    )
    hue, grey = colours(
        view.thumbnail, laid, shown & (within > 0), inverted=match.appearance.is_inverted
    )
    return Edit(
        mirrored=bool(np.linalg.det(slope) < 0),
        inverted=match.appearance.is_inverted,
        rotated=beyond(rotation(slope), SPEC.upright_within),
        tilted=beyond(tilt(slope), SPEC.flat_within),
        cropped=round(cropped, 2) if cropped < SPEC.whole_from else None,
        scene=round(scene, 2) if scene < SPEC.scene_below else None,
        hue=hue,
        grey=grey,
    )


def beyond(angle: float, least: float) -> float | None:
    return round(angle, 1) if abs(angle) > least else None


def slope_at_centre(homography: Matrix, features: ImageFeatures, view: CopyView) -> Matrix:
    """Returns how listing pixels move with view pixels at the view's centre: `float64[2, 2]`."""
    wide, high = view.features.width, view.features.height
    x, y, w = homography @ (0.5, 0.5, 1.0)
    normalised = (homography[:2, :2] * w - np.outer((x, y), homography[2, :2])) / w**2
    height, width = features.picture.shape[:2]
    return np.asarray(np.diag([width, height]) @ normalised @ np.diag([1 / wide, 1 / high]))


def rotation(slope: Matrix) -> float:
    """Returns the counter-clockwise rotation in degrees; mirrored views are mirrored back first."""
    if np.linalg.det(slope) < 0:
        slope = slope @ np.diag([-1.0, 1.0])
    left, _, right = np.linalg.svd(slope)
    turn = left @ right
    return -degrees(atan2(turn[1, 0], turn[0, 0]))


def tilt(slope: Matrix) -> float:
    """Returns how far the plane leans away, in degrees; its cosine foreshortens one side."""
    largest, smallest = np.linalg.svd(slope, compute_uv=False)
    return degrees(acos(min(1.0, smallest / largest)))


def colours(
    view: Picture, laid: Picture, shown: NDArray[np.bool_], *, inverted: bool
) -> tuple[float | None, bool]:
    """Returns the hue shift in degrees, None where there is none, and whether the colours are gone."""
    if inverted:
        laid = np.asarray(255 - laid, np.uint8)
    ours, theirs = (
        cv2.cvtColor(cv2.GaussianBlur(p, (0, 0), 1.0), cv2.COLOR_RGB2HSV_FULL).astype(np.float64)
        for p in (view, laid)
    )
    vivid = shown & (ours[..., 1] > SPEC.vivid) & (ours[..., 2] > SPEC.vivid)
    if vivid.sum() < SPEC.few * vivid.size:
        return None, False
    if np.median(theirs[vivid, 1]) < SPEC.faded * np.median(ours[vivid, 1]):
        return None, True
    return hue_shift(ours[vivid], theirs[vivid]), False


def hue_shift(ours: Matrix, theirs: Matrix) -> float | None:
    """Returns the hue shift that most pixels agree on, from `float64[n, 3]` of hue (0..255), saturation,
    value.
    """
    weight = np.minimum(ours[:, 1], theirs[:, 1])
    turns = np.exp(2j * np.pi * (theirs[:, 0] - ours[:, 0]) / 256)
    mean = (weight * turns).sum() / max(weight.sum(), 1e-9)
    # the majority decides, so text on the picture has no say
    off = np.median(np.angle(turns * np.conj(mean)))
    shift = (float(np.degrees(np.angle(mean) + off)) + 180) % 360 - 180
    if abs(mean) < SPEC.together or abs(shift) <= SPEC.same_hue_within:
        return None
    return round(shift, 1)
