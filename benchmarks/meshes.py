"""Three-dimensional goods: read from Wavefront OBJ models, or made from a profile and a label.

A mesh is centred at the origin, with its farthest corner at distance 1 and y upwards.
"""

import io
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

type Floats = NDArray[np.float64]
type Numbers = NDArray[np.int64]
type Picture = NDArray[np.uint8]

TEXTURE_SIDE = 512  # pixels; larger textures only alias
SEE_THROUGH = 0.3  # materials with less opacity are left out
GREY = (0.7, 0.7, 0.7)
AROUND = 48  # corners of a surface of revolution


class Files(Protocol):
    """A folder or archive: names, and the bytes of each."""

    def namelist(self) -> list[str]: ...

    def read(self, name: str) -> bytes: ...


@dataclass(frozen=True)
class Material:
    """`colour` is 0..1; `texture` replaces it."""

    colour: tuple[float, float, float] = GREY
    texture: Picture | None = None
    opacity: float = 1.0


@dataclass(frozen=True)
class Faces:
    """Triangles: `corners int[n, 3]` and `places int[n, 3]` index a mesh's, `material int[n]` its
    materials.
    """

    corners: Numbers
    places: Numbers
    material: Numbers

    @classmethod
    def of(cls, corners: Any, places: Any, material: Any) -> "Faces":
        return cls(*(np.array(part, np.int64) for part in (corners, places, material)))

    def __len__(self) -> int:
        return len(self.corners)


@dataclass(frozen=True)
class Mesh:
    """`corners float[n, 3]`, `places float[m, 2]` on the texture."""

    corners: Floats
    places: Floats
    faces: Faces
    materials: tuple[Material, ...]

    def centred(self) -> "Mesh":
        used = self.corners[np.unique(self.faces.corners)]
        middle = (used.max(axis=0) + used.min(axis=0)) / 2
        radius = float(np.linalg.norm(used - middle, axis=1).max()) or 1.0
        return replace(self, corners=(self.corners - middle) / radius)

    @property
    def sides(self) -> Floats:
        """Returns the lengths of the bounding box, longest first."""
        used = self.corners[np.unique(self.faces.corners)]
        return np.sort(used.max(axis=0) - used.min(axis=0))[::-1]


def read_obj(files: Files, name: str) -> Mesh:
    """Reads a model with the materials and textures beside it. Raises ValueError without faces."""
    made = ObjReader(files, posixpath.dirname(name))
    for line in files.read(name).decode("latin-1").splitlines():
        made.read(line)
    return made.mesh()


class ObjReader:
    def __init__(self, files: Files, folder: str) -> None:
        self.files, self.folder = files, folder
        self.corners: list[list[float]] = []
        self.places: list[list[float]] = [[0.0, 0.0]]
        self.faces: list[tuple[int, ...]] = []
        self.faces_on: list[tuple[int, ...]] = []
        self.material: list[int] = []
        self.materials: list[Material] = [Material()]
        self.named: dict[str, int] = {}
        self.current = 0

    def read(self, line: str) -> None:
        kind, _, rest = line.strip().partition(" ")
        if kind == "v":
            self.corners.append([float(word) for word in rest.split()[:3]])
        elif kind == "vt":
            self.places.append([float(word) for word in rest.split()[:2]])
        elif kind == "f":
            self.face(rest.split())
        elif kind == "mtllib":
            self.library(rest.strip())
        elif kind == "usemtl":
            self.current = self.named.get(rest.strip(), 0)

    def face(self, words: Sequence[str]) -> None:
        """Adds a polygon as triangles around its first corner."""
        parts = [word.split("/") for word in words]
        corners = [numbered(part[0], len(self.corners), 1) for part in parts]
        places = [
            numbered(part[1], len(self.places), 0) if len(part) > 1 and part[1] else 0
            for part in parts
        ]
        for i in range(1, len(parts) - 1):
            self.faces.append((corners[0], corners[i], corners[i + 1]))
            self.faces_on.append((places[0], places[i], places[i + 1]))
            self.material.append(self.current)

    def library(self, name: str) -> None:
        path = posixpath.join(self.folder, name)
        if path not in self.files.namelist():
            return
        for block in self.files.read(path).decode("latin-1").split("newmtl ")[1:]:
            lines = [line.strip().partition(" ") for line in block.splitlines()]
            self.named[lines[0][0] + lines[0][1] + lines[0][2]] = len(self.materials)
            self.materials.append(self.material_of({k: v.strip() for k, _, v in lines[1:]}))

    def material_of(self, facts: Mapping[str, str]) -> Material:
        colour = tuple(float(word) for word in facts.get("Kd", "0.7 0.7 0.7").split()[:3])
        opacity = float(facts.get("d", "1").split()[-1])
        image = facts.get("map_Kd", "").split(" ")[-1].replace("\\", "/")
        path = posixpath.normpath(posixpath.join(self.folder, image)) if image else ""
        texture = texture_of(self.files.read(path)) if path in self.files.namelist() else None
        return Material((colour[0], colour[1], colour[2]), texture, opacity)

    def mesh(self) -> Mesh:
        seen = [self.materials[number].opacity >= SEE_THROUGH for number in self.material]
        if not any(seen):
            raise ValueError("The model has no faces.")
        faces = Faces.of(self.faces, self.faces_on, self.material)
        kept = Faces(faces.corners[seen], faces.places[seen], faces.material[seen])
        corners, places = np.array(self.corners, float), np.array(self.places, float)
        return Mesh(corners, places, kept, tuple(self.materials)).centred()


def numbered(word: str, count: int, first: int) -> int:
    """Returns the index of an OBJ number, which counts from 1, or from the end if negative."""
    number = int(word)
    return number - first if number > 0 else count + number


def texture_of(data: bytes) -> Picture | None:
    try:
        with Image.open(io.BytesIO(data)) as opened:
            opened.thumbnail((TEXTURE_SIDE, TEXTURE_SIDE))
            return np.asarray(opened.convert("RGB"))
    except OSError:
        return None


# --- made goods -------------------------------------------------------------------------------
def revolved(profile: Sequence[tuple[float, float]], label: Picture, cap: Material) -> Mesh:
    """Returns a tin, bottle or jar: `profile` gives radius and height from bottom to top; the label goes
    around its longest straight part and `cap` has the colour of the rest.
    """
    rings = np.array(profile, float)
    angles = np.linspace(0, 2 * np.pi, AROUND + 1)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    corners = np.concatenate(
        [
            np.column_stack([r * circle[:, 0], np.full(AROUND + 1, y), r * circle[:, 1]])
            for r, y in rings
        ]
    )
    labelled = int(np.argmax(np.diff(rings[:, 1])))
    places = np.array([[1 - a / (2 * np.pi), v] for v in (0.0, 1.0) for a in angles])
    faces, faces_on, material = [], [], []
    for ring in range(len(rings) - 1):
        for step in range(AROUND):
            a, b = ring * (AROUND + 1) + step, (ring + 1) * (AROUND + 1) + step
            faces += [(a, b, a + 1), (a + 1, b, b + 1)]
            low, high = step, AROUND + 1 + step
            faces_on += [(low, high, low + 1), (low + 1, high, high + 1)]
            material += [int(ring != labelled)] * 2
    materials = (Material(texture=label), cap)
    return Mesh(corners, places, Faces.of(faces, faces_on, material), materials).centred()


def box(sides: tuple[float, float, float], labels: Sequence[Picture]) -> Mesh:
    """Returns a carton with six printed sides."""
    x, y, z = (side / 2 for side in sides)
    quads = [
        [(-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z)],
        [(x, -y, z), (x, -y, -z), (x, y, -z), (x, y, z)],
        [(x, -y, -z), (-x, -y, -z), (-x, y, -z), (x, y, -z)],
        [(-x, -y, -z), (-x, -y, z), (-x, y, z), (-x, y, -z)],
        [(-x, y, z), (x, y, z), (x, y, -z), (-x, y, -z)],
        [(-x, -y, -z), (x, -y, -z), (x, -y, z), (-x, -y, z)],
    ]
    corners = np.array([corner for quad in quads for corner in quad], float)
    places = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)
    faces = [
        face
        for i in range(6)
        for face in ((4 * i, 4 * i + 1, 4 * i + 2), (4 * i, 4 * i + 2, 4 * i + 3))
    ]
    faces_on = [face for _ in range(6) for face in ((0, 1, 2), (0, 2, 3))]
    material = [i for i in range(6) for _ in range(2)]
    materials = tuple(Material(texture=label) for label in labels)
    return Mesh(corners, places, Faces.of(faces, faces_on, material), materials).centred()
