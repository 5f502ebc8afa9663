"""Drawn one-colour logos, and pictures with a logo on them."""

import cv2
import numpy as np

from vision.pictures.picture import Picture

SIDE = 200
PLACE = (170, 80, 160)  # left, top and side in pixels of a placed logo's whole picture


def blank() -> Picture:
    return np.full((SIDE, SIDE, 3), 255, np.uint8)


def letter() -> Picture:
    """Returns an R of bars with a dot beside it: no part of it is its own mirror image."""
    made = blank()
    cv2.rectangle(made, (40, 30), (65, 170), (0, 0, 0), -1)
    cv2.ellipse(made, (75, 70), (45, 40), 0, -90, 90, (0, 0, 0), 22)
    cv2.line(made, (80, 110), (135, 168), (0, 0, 0), 24)
    cv2.circle(made, (150, 40), 14, (0, 0, 0), -1)
    return made


def crescent() -> Picture:
    made = blank()
    cv2.circle(made, (95, 100), 70, (0, 0, 0), -1)
    cv2.circle(made, (125, 85), 62, (255, 255, 255), -1)
    cv2.rectangle(made, (130, 130), (170, 170), (0, 0, 0), -1)
    return made


def disc_logo() -> Picture:
    made = blank()
    cv2.circle(made, (100, 100), 70, (0, 0, 0), -1)
    return made


def frame_logo() -> Picture:
    made = blank()
    cv2.rectangle(made, (30, 40), (170, 160), (0, 0, 0), -1)
    cv2.rectangle(made, (60, 70), (140, 130), (255, 255, 255), -1)
    return made


def two_bars() -> Picture:
    """Returns a plain logo. In development such a logo alone caused 12 of 15 false alerts."""
    made = blank()
    cv2.line(made, (40, 170), (120, 40), (0, 0, 0), 30)
    cv2.line(made, (120, 170), (160, 105), (0, 0, 0), 30)
    return made


def placed(
    logo: Picture, scene: Picture, colour: tuple[int, int, int], lean: float = 0.0
) -> Picture:
    """Puts the dark parts of the logo on the scene in that colour; `lean` narrows its right side."""
    left, top, side = PLACE
    height, width = scene.shape[:2]
    corners = np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32)
    inset = lean * side / 2
    there = np.array(
        [
            [left, top],
            [left + side, top + inset],
            [left + side, top + side - inset],
            [left, top + side],
        ],
        np.float32,
    )
    cover = cv2.warpPerspective(
        255 - logo[:, :, 0],
        cv2.getPerspectiveTransform(corners, there),
        (width, height),
        flags=cv2.INTER_AREA,
    )
    share = cover[:, :, None].astype(np.float32) / 255
    return np.asarray(scene * (1 - share) + np.array(colour, np.float32) * share, np.uint8)
