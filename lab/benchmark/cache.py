"""Caches vectors between runs, because most of a run's time goes into embedding the same pictures again."""

import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vision.encoders.base import Encoder, EncoderSpec, Vectors
from vision.encoders.generation import generation_of
from vision.pictures.picture import Picture, pixel_sha256


class CachedEncoder:
    """An encoder that first looks each picture up by its pixels: one `.npy` a picture, in a folder for each
    generation.

    Any number of processes may share the folder, because files are written atomically. A change in how an
    encoder prepares pictures that does not change its spec needs another folder.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.encoder = encoder
        self.folder = folder / generation_of(encoder.spec)

    @property
    def spec(self) -> EncoderSpec:
        return self.encoder.spec

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        files = [self.file_of(picture) for picture in pictures]
        known = [self.load(file) for file in files]
        missing = [number for number, vector in enumerate(known) if vector is None]
        made = self.encoder.embed([pictures[number] for number in missing])
        for number, vector in zip(missing, made, strict=True):
            save(files[number], vector)
            known[number] = vector
        vectors = [vector for vector in known if vector is not None]
        return np.stack(vectors) if vectors else np.empty((0, self.spec.dimension), np.float32)

    def file_of(self, picture: Picture) -> Path:
        name = pixel_sha256(picture)
        return self.folder / name[:2] / f"{name}.npy"

    def load(self, file: Path) -> Vectors | None:
        try:
            return np.asarray(np.load(file, allow_pickle=False), np.float32)
        except FileNotFoundError:
            return None


def save(file: Path, vector: Vectors) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{uuid.uuid4().hex}.tmp")
    with unfinished.open("wb") as open_file:
        np.save(open_file, vector, allow_pickle=False)
    unfinished.replace(file)
