"""Where the match is, on both pictures, and what was done to the view to make the listing of it.

All of it follows from the homography, which lays the view over the listing, and from the colours
of the two where one lies on the other.
"""

from dataclasses import dataclass
from math import acos, atan2, degrees

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.channels.channel import Lane
from vision.channels.evidence import Appearance, Evidence, View
from vision.channels.image_features import ImageFeatures
from vision.channels.remainder import part_left
from vision.geometry.agreement import lay_over
from vision.geometry.polygons import SQUARE, WHOLE, Points, Polygon, area_of, matching_region
from vision.geometry.regions import WHOLE as WHOLE_REGION
from vision.geometry.regions import Region
from vision.pictures.decode import Picture

ALL_OF_IT = 0.8  # share of the cells found again from which the whole view is taken to be there
UPRIGHT_WITHIN = 3.0  # degrees
FLAT_WITHIN = 13.0  # degrees: 2.6% of foreshortening; of few points, 12 was found where none was
WHOLE_FROM = 0.95  # share of a view's area: below it is cropped
SCENE_BELOW = 0.85  # share of a listing's area: from there the view fills the picture
VIVID = 40  # saturation and brightness, of 255, from which a pixel's hue means something
FEW = 0.01  # share of a view's pixels that must be vivid
TOGETHER = 0.6  # mean length of the hue differences' directions: 1 when all are the same
SAME_HUE_WITHIN = 12.0  # degrees
FADED = 0.25  # of the view's saturation: below it the colours are gone

type Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Edit:
    """What turns the view into what the listing shows; None or False where it is as registered.

    Degrees: `rotated` counter-clockwise -180..180, `tilted` 0..90 away from the camera, `hue`
    -180..180 round the colour circle. Shares: `cropped` of the view's area that is left, `scene`
    of the listing's area that the view takes.
    """

    mirrored: bool = False
    inverted: bool = False
    rotated: float | None = None
    tilted: float | None = None
    cropped: float | None = None
    scene: float | None = None
    hue: float | None = None
    grey: bool = False


def lane_evidence(evidence: Evidence) -> dict[str, dict[str, float]]:
    """What the lanes of solids and marks say, as it is kept with the match."""
    said: dict[str, dict[str, float]] = {}
    if solid := evidence.solid:
        said[Lane.OBJECT] = {"cosine": solid.cosine, "colours": solid.colours}
    if mark := evidence.mark:
        lying = mark.lying
        said[Lane.MARK] = {
            "cosine": mark.cosine,
            "outline": lying.outline,
            "overlap": lying.overlap,
            "correlation": lying.correlation,
        }
    return said


def region_in(evidence: Evidence, lane: Lane) -> Region:
    """Where that lane's encoder found it nearest."""
    if lane == Lane.MARK and evidence.mark:
        return evidence.mark.region
    return WHOLE_REGION if lane == Lane.OBJECT else evidence.region


def appearance_in(evidence: Evidence, lane: Lane) -> Appearance:
    if lane == Lane.MARK and evidence.mark:
        return Appearance.MIRRORED if evidence.mark.mirrored else Appearance.ORIGINAL
    return evidence.appearance


def laid_by(evidence: Evidence, lane: Lane) -> Matrix | None:
    """The homography from the view to the listing, both in shares."""
    if lane == Lane.MARK and evidence.mark:
        return evidence.mark.lying.homography
    return evidence.geometry.homography if evidence.geometry else None


def polygons(
    evidence: Evidence, lane: Lane = Lane.PICTURE, *, confirmed: bool
) -> tuple[Polygon, Polygon]:
    """The matching region on the listing's picture and on the view as it was registered.

    Where only a part of the view is found again, that part. Without confirmed geometry: the window
    that was nearest, and the whole view.
    """
    if evidence.identical:
        return WHOLE, WHOLE
    if lane == Lane.MARK and evidence.mark:
        return matching_region(evidence.mark.lying.homography, evidence.mark.lying.corners)
    if evidence.geometry is None or not confirmed:
        return region_in(evidence, lane).polygon(), WHOLE
    return matching_region(evidence.geometry.homography, found_part(evidence))


def found_part(evidence: Evidence) -> Points:
    agreement = evidence.agreement
    if not agreement.alike or agreement.alike >= ALL_OF_IT * agreement.cells:
        return SQUARE
    left, top, right, bottom = agreement.box
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def recovered(seen: ImageFeatures, view: View, evidence: Evidence) -> Edit:
    """Of a match that geometry confirmed."""
    if evidence.geometry is None:
        return Edit()
    homography = evidence.geometry.homography
    slope = slope_at_centre(homography, seen, view)
    height, width = view.thumbnail.shape[:2]
    laid, shown = lay_over(seen.picture, homography, width, height)
    left = part_left(view.thumbnail, laid, shown)
    on_listing, on_view = matching_region(homography, left)
    cropped, scene = area_of(on_view), area_of(on_listing)
    within = cv2.fillConvexPoly(
        np.zeros((height, width), np.uint8), (left * (width, height)).round().astype(np.int32), 1
    )
    hue, grey = colours(
        view.thumbnail, laid, shown & (within > 0), inverted=evidence.appearance.is_inverted
    )
    return Edit(
        mirrored=bool(np.linalg.det(slope) < 0),
        inverted=evidence.appearance.is_inverted,
        rotated=beyond(rotation(slope), UPRIGHT_WITHIN),
        tilted=beyond(tilt(slope), FLAT_WITHIN),
        cropped=round(cropped, 2) if cropped < WHOLE_FROM else None,
        scene=round(scene, 2) if scene < SCENE_BELOW else None,
        hue=hue,
        grey=grey,
    )


def recovered_of_mark(seen: ImageFeatures, view: View, evidence: Evidence) -> Edit:
    """Of a one-colour mark: where it lies says all; its colour is nobody's."""
    mark = evidence.mark
    if mark is None:
        return Edit()
    slope = slope_at_centre(mark.lying.homography, seen, view)
    on_listing, _ = matching_region(mark.lying.homography, mark.lying.corners)
    scene = area_of(on_listing)
    return Edit(
        mirrored=bool(np.linalg.det(slope) < 0),
        rotated=beyond(rotation(slope), UPRIGHT_WITHIN),
        tilted=beyond(tilt(slope), FLAT_WITHIN),
        scene=round(scene, 2) if scene < SCENE_BELOW else None,
    )


def beyond(angle: float, least: float) -> float | None:
    return round(angle, 1) if abs(angle) > least else None


def slope_at_centre(homography: Matrix, seen: ImageFeatures, view: View) -> Matrix:
    """How the listing's pixels move with the view's, at the middle of the view: `float64[2, 2]`."""
    wide, high = view.features.width, view.features.height
    x, y, w = homography @ (0.5, 0.5, 1.0)
    in_shares = (homography[:2, :2] * w - np.outer((x, y), homography[2, :2])) / w**2
    height, width = seen.picture.shape[:2]
    return np.asarray(np.diag([width, height]) @ in_shares @ np.diag([1 / wide, 1 / high]))


def rotation(slope: Matrix) -> float:
    """Degrees counter-clockwise, of the view as it is or mirrored left to right."""
    if np.linalg.det(slope) < 0:
        slope = slope @ np.diag([-1.0, 1.0])
    left, _, right = np.linalg.svd(slope)
    turn = left @ right
    return -degrees(atan2(turn[1, 0], turn[0, 0]))


def tilt(slope: Matrix) -> float:
    """Degrees that the plane leans away: one side of it is foreshortened by the angle's cosine."""
    largest, smallest = np.linalg.svd(slope, compute_uv=False)
    return degrees(acos(min(1.0, smallest / largest)))


def colours(
    view: Picture, laid: Picture, shown: NDArray[np.bool_], *, inverted: bool
) -> tuple[float | None, bool]:
    """By how many degrees the hue was shifted, None where it was not; whether colours are gone."""
    if inverted:
        laid = np.asarray(255 - laid, np.uint8)
    ours, theirs = (
        cv2.cvtColor(cv2.GaussianBlur(p, (0, 0), 1.0), cv2.COLOR_RGB2HSV_FULL).astype(np.float64)
        for p in (view, laid)
    )
    vivid = shown & (ours[..., 1] > VIVID) & (ours[..., 2] > VIVID)
    if vivid.sum() < FEW * vivid.size:
        return None, False
    if np.median(theirs[vivid, 1]) < FADED * np.median(ours[vivid, 1]):
        return None, True
    return hue_shift(ours[vivid], theirs[vivid]), False


def hue_shift(ours: Matrix, theirs: Matrix) -> float | None:
    """From `float64[n, 3]` of hue (0..255), saturation, value: the direction most pixels agree on."""
    weight = np.minimum(ours[:, 1], theirs[:, 1])
    turns = np.exp(2j * np.pi * (theirs[:, 0] - ours[:, 0]) / 256)
    mean = (weight * turns).sum() / max(weight.sum(), 1e-9)
    off = np.median(np.angle(turns * np.conj(mean)))  # what most say, whatever is written over it
    shift = (float(np.degrees(np.angle(mean) + off)) + 180) % 360 - 180
    if abs(mean) < TOGETHER or abs(shift) <= SAME_HUE_WITHIN:
        return None
    return round(shift, 1)
