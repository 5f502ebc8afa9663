"""Draws a mesh in NumPy: a depth buffer, textures, one light. No renderer needs to be installed for it.

Every pixel that a triangle's box covers is a candidate; the nearest candidate inside its triangle wins.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from meshes import Floats, Mesh, Numbers, Picture

CANDIDATES = 1_500_000  # pixels at a time
FINER = 2  # pixels drawn for each pixel of the result, along a side
FILLED = 0.94  # of the picture by the sphere around the thing
SHARPNESS = 30  # of the gloss
FLAT = 1e-9  # area below which a triangle is seen from its edge


@dataclass(frozen=True)
class Pose:
    """Degrees: `azimuth` turns the thing about its upright axis, `elevation` raises the camera, `roll` turns
    the camera. `distance` is the camera's, in radii of the thing.
    """

    azimuth: float
    elevation: float = 15.0
    roll: float = 0.0
    distance: float = 4.0

    @property
    def matrix(self) -> Floats:
        a, e, r = np.radians([self.azimuth, self.elevation, self.roll])
        turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
        lift = np.array([[1, 0, 0], [0, np.cos(e), -np.sin(e)], [0, np.sin(e), np.cos(e)]])
        roll = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
        return np.asarray(roll @ lift @ turn, float)


@dataclass(frozen=True)
class Light:
    """`towards` points to the light in the camera's frame; `ambient` 0..1 is what shadows keep."""

    towards: tuple[float, float, float] = (0.4, 0.6, 0.7)
    ambient: float = 0.45
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gloss: float = 0.15


@dataclass(frozen=True)
class Drawn:
    """`pixels uint8[side, side, 3]`; `share float[side, side]` says how much of each pixel the thing
    covers.
    """

    pixels: Picture
    share: Floats

    def on(self, ground: Picture) -> Picture:
        share = self.share[..., None]
        return np.asarray(self.pixels * share + ground * (1 - share), np.uint8)


@dataclass(frozen=True)
class Projected:
    """A mesh in a camera: `turned float[n, 3]` are its corners in the camera's frame, `depth float[n]` their
    distances, `screen float[n, 2]` their pixels.
    """

    mesh: Mesh
    turned: Floats
    depth: Floats
    screen: Floats
    side: int


def draw(mesh: Mesh, pose: Pose, light: Light, side: int) -> Drawn:
    seen = project(mesh, pose, side * FINER)
    nearest = nearest_faces(seen)
    covered = np.flatnonzero(nearest >= 0)
    colours = np.zeros((len(nearest), 3))
    if len(covered):
        colours[covered] = coloured(seen, nearest[covered], covered, light)
    small, fine = (side, side), (seen.side, seen.side)
    share = cv2.resize(
        (nearest >= 0).astype(float).reshape(fine), small, interpolation=cv2.INTER_AREA
    )
    summed = cv2.resize(colours.reshape(*fine, 3), small, interpolation=cv2.INTER_AREA)
    pixels = summed / np.maximum(share, 1e-6)[..., None]
    return Drawn(np.asarray(np.clip(pixels * 255, 0, 255), np.uint8), np.asarray(share, float))


def project(mesh: Mesh, pose: Pose, side: int) -> Projected:
    """Places the camera so that the sphere around the thing nearly fills the picture."""
    turned = mesh.corners @ pose.matrix.T
    depth = pose.distance - turned[:, 2]
    scale = side / 2 * FILLED * (pose.distance**2 - 1) ** 0.5
    screen = np.column_stack([turned[:, 0], -turned[:, 1]]) / depth[:, None] * scale + side / 2
    return Projected(mesh, turned, depth, screen, side)


def nearest_faces(seen: Projected) -> Numbers:
    """Returns the nearest face of each pixel, or -1."""
    near = np.zeros(seen.side**2)
    nearest = np.full(seen.side**2, -1, np.int64)
    for candidate, x, y in candidates(seen):
        corners = seen.mesh.faces.corners[candidate]
        weights, area = weights_at(seen.screen[corners], x + 0.5, y + 0.5)
        inside = (weights >= 0).all(axis=1) & (np.abs(area) > FLAT)
        pixel = y[inside] * seen.side + x[inside]
        closeness = (weights[inside] / seen.depth[corners[inside]]).sum(axis=1)
        np.maximum.at(near, pixel, closeness)
        won = closeness >= near[pixel]
        nearest[pixel[won]] = candidate[inside][won]
    return nearest


def candidates(seen: Projected) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """Yields faces with pixels of their boxes, some at a time."""
    corners = seen.screen[seen.mesh.faces.corners]
    low, high = (
        np.clip(np.floor(edge), 0, seen.side - 1).astype(np.int64)
        for edge in (corners.min(axis=1), corners.max(axis=1))
    )
    wide, tall = (high - low + 1).T
    count = wide * tall
    ends = np.cumsum(count)
    start = 0
    while start < len(count):
        before = ends[start] - count[start]
        stop = max(start + 1, int(np.searchsorted(ends, before + CANDIDATES)))
        faces = np.repeat(np.arange(start, stop), count[start:stop])
        place = np.arange(len(faces)) + before - (ends - count)[faces]
        yield faces, low[faces, 0] + place % wide[faces], low[faces, 1] + place // wide[faces]
        start = stop


def weights_at(corners: Floats, x: Any, y: Any) -> tuple[Floats, Floats]:
    """Returns the barycentric weights of pixels in their triangles `corners[n, 3, 2]`, and twice the signed
    areas.
    """
    (ax, ay), (bx, by), (cx, cy) = corners.transpose(1, 2, 0)
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    safe = np.where(np.abs(area) > FLAT, area, 1.0)
    b = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / safe
    c = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / safe
    return np.column_stack([1 - b - c, b, c]), area


def coloured(seen: Projected, faces: Numbers, pixels: Numbers, light: Light) -> Floats:
    """Returns the colours 0..1 of covered pixels."""
    mesh = seen.mesh
    corners = mesh.faces.corners[faces]
    x, y = pixels % seen.side + 0.5, pixels // seen.side + 0.5
    weights = weights_at(seen.screen[corners], x, y)[0] / seen.depth[corners]
    weights /= weights.sum(axis=1, keepdims=True)
    places = (mesh.places[mesh.faces.places[faces]] * weights[..., None]).sum(axis=1)
    colours = np.empty((len(faces), 3))
    kinds = mesh.faces.material[faces]
    for kind in np.unique(kinds):
        chosen, material = kinds == kind, mesh.materials[kind]
        texture = material.texture
        colours[chosen] = material.colour if texture is None else sampled(texture, places[chosen])
    return lit(colours, normals_of(seen)[corners], weights, light)


def normals_of(seen: Projected) -> Floats:
    """Returns unit normals of the corners: means over their faces."""
    corners = seen.mesh.faces.corners
    a, b, c = seen.turned[corners].transpose(1, 0, 2)
    flat = np.cross(b - a, c - a)
    summed = np.zeros_like(seen.turned)
    for corner in range(3):
        np.add.at(summed, corners[:, corner], flat)
    return unit(summed)


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def lit(colours: Floats, normals: Floats, weights: Floats, light: Light) -> Floats:
    """Shades by Lambert and Phong. Faces are lit from both sides, as many models wind them at random."""
    normal = unit((normals * weights[..., None]).sum(axis=1))
    normal *= np.where(normal[:, 2:] < 0, -1.0, 1.0)
    towards = unit(np.array(light.towards))
    halfway = unit(towards + np.array([0.0, 0.0, 1.0]))
    bright = light.ambient + (1 - light.ambient) * np.maximum(normal @ towards, 0)
    gloss = light.gloss * np.maximum(normal @ halfway, 0) ** SHARPNESS
    return np.asarray((colours * bright[:, None] + gloss[:, None]) * light.tint, float)


def sampled(texture: Picture, places: Floats) -> Floats:
    """Returns colours 0..1 at places on the texture, which repeats, from the four nearest pixels."""
    height, width = texture.shape[:2]
    x = (places[:, 0] % 1) * width - 0.5
    y = (1 - places[:, 1] % 1) * height - 0.5
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    near = [texture[(top + dy) % height, (left + dx) % width] for dy in (0, 1) for dx in (0, 1)]
    above, below = near[0] * (1 - fx) + near[1] * fx, near[2] * (1 - fx) + near[3] * fx
    return np.asarray((above * (1 - fy) + below * fy) / 255, float)
