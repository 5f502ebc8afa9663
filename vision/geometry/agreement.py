"""Compares two pictures patch by patch once one is laid over the other.

Points say where a view lies in a listing, not whether all of it is there. Two packages with the same frame
and small print share many points and hardly any patch; a picture with little texture has few points and all
its patches.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.pictures.picture import Picture
from vision.pictures.resize import squash


@dataclass(frozen=True)
class PatchSpec:
    """How patches of a view are compared."""

    side: int = 160  # pixels of a view's longer side while it is compared
    patch: int = 16
    reach: int = 4  # pixels that a patch may be off its place: products bend, homographies do not
    texture: float = 4.0  # standard deviation in grey levels from which a patch is comparable
    alike: float = (
        # absolute correlation from which a patch counts as found: light and dark may be exchanged
        0.7
    )
    # absolute correlation in place, without a search, from which a patch counts as unchanged
    in_place: float = 0.9


SPEC = PatchSpec()


type Patches = NDArray[np.float64]
"""`float64[n, 4]`: left and top in pixels, best correlation within reach, correlation in place."""


@dataclass(frozen=True)
class Agreement:
    """Counts the view's textured patches that the listing shows.

    `alike` were found within reach; `in_place` match without moving. `box` spans the patches found: left,
    top, right, bottom in normalised coordinates of the view.
    """

    patches: int
    alike: int
    in_place: int
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)

    @property
    def share(self) -> float:
        """Returns the share of patches found, 0..1; with few patches it keeps away from both ends."""
        return (self.alike + 1) / (self.patches + 4)

    @property
    def in_place_ratio(self) -> float:
        """Returns the share of patches that match in place, 0..1."""
        return self.in_place / self.patches if self.patches else 0.0


NONE = Agreement(0, 0, 0)


def thumbnail(picture: Picture) -> Picture:
    """Returns the view as it is stored for comparing: longer side SPEC.side, no side under a patch."""
    height, width = picture.shape[:2]
    scale = SPEC.side / max(height, width)
    size = {
        "width": max(SPEC.patch, round(width * scale)),
        "height": max(SPEC.patch, round(height * scale)),
    }
    return squash(picture, **size)


def textured_patches(view: Picture) -> int:
    """Returns how many patches of a thumbnail are comparable."""
    everywhere = np.ones(view.shape[:2], np.bool_)
    return len(correlations(softened(view), softened(view), everywhere))


def compare(view: Picture, listing: Picture, homography: NDArray[np.float64]) -> Agreement:
    """Compares a thumbnail `view` with a listing. `homography` maps its points to the listing; both use
    normalised coordinates.
    """
    laid, shown = lay_over(listing, homography, view.shape[1], view.shape[0])
    patches = correlations(softened(view), softened(laid), shown)
    if not len(patches):
        return NONE
    alike = patches[:, 2] >= SPEC.alike
    in_place = int((np.abs(patches[:, 3]) >= SPEC.in_place).sum())
    if not alike.any():
        return Agreement(len(patches), 0, in_place)
    corners = np.concatenate(
        [patches[alike, :2].min(axis=0), patches[alike, :2].max(axis=0) + SPEC.patch]
    )
    left, top, right, bottom = corners / (np.array(view.shape)[[1, 0, 1, 0]])
    return Agreement(len(patches), int(alike.sum()), in_place, (left, top, right, bottom))


def lay_over(
    listing: Picture, homography: NDArray[np.float64], width: int, height: int
) -> tuple[Picture, NDArray[np.bool_]]:
    """Returns the listing in the view's frame, and a mask of where the listing has pixels."""
    to_pixels = in_pixels(homography, listing, width, height)
    if (scale := scale_at_centre(to_pixels, width, height)) > 1:
        # Shrunk first: sampling a large picture at few places only yields noise.
        wide, high = (max(8, round(side / scale)) for side in (listing.shape[1], listing.shape[0]))
        listing = squash(listing, width=wide, height=high)
        to_pixels = in_pixels(homography, listing, width, height)
    back = cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(
        listing, to_pixels, (width, height), flags=back | cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    there = np.full(listing.shape[:2], 255, np.uint8)
    shown = cv2.warpPerspective(there, to_pixels, (width, height), flags=back | cv2.INTER_NEAREST)
    return np.asarray(laid, np.uint8), np.asarray(shown > 0, np.bool_)


def in_pixels(
    homography: NDArray[np.float64], listing: Picture, width: int, height: int
) -> NDArray[np.float64]:
    to_listing = np.diag([listing.shape[1], listing.shape[0], 1.0])
    return np.asarray(to_listing @ homography @ np.diag([1 / width, 1 / height, 1.0]), np.float64)


def scale_at_centre(to_pixels: NDArray[np.float64], width: int, height: int) -> float:
    """Returns the listing pixels for one pixel of the view, at its centre."""
    x, y, w = to_pixels @ (width / 2, height / 2, 1.0)
    slope = (to_pixels[:2, :2] * w - np.outer((x, y), to_pixels[2, :2])) / w**2
    return float(np.sqrt(abs(np.linalg.det(slope))))


def softened(picture: Picture) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), np.uint8)


def correlations(
    view: NDArray[np.uint8], laid: NDArray[np.uint8], shown: NDArray[np.bool_]
) -> Patches:
    """Correlates each textured patch that the listing shows in full."""
    textured = blocks(view).std(axis=(2, 3)) >= SPEC.texture
    there = textured & blocks(shown).all(axis=(2, 3))
    found: list[tuple[float, float, float, float]] = []
    for row, column in np.argwhere(there).tolist():
        top, left = row * SPEC.patch, column * SPEC.patch
        up, before = min(SPEC.reach, top), min(SPEC.reach, left)
        around = laid[
            top - up : top + SPEC.patch + SPEC.reach,
            left - before : left + SPEC.patch + SPEC.reach,
        ]
        patch = view[top : top + SPEC.patch, left : left + SPEC.patch]
        tried = cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED)
        found.append((left, top, float(np.abs(tried).max()), float(tried[up, before])))
    return np.array(found, np.float64).reshape(-1, 4)


def blocks(picture: NDArray[Any]) -> NDArray[Any]:
    """Returns the whole patches of a picture of one channel, `[rows, columns, SPEC.patch, SPEC.patch]`."""
    rows, columns = (side // SPEC.patch for side in picture.shape)
    whole = picture[: rows * SPEC.patch, : columns * SPEC.patch]
    return whole.reshape(rows, SPEC.patch, columns, SPEC.patch).swapaxes(1, 2)
