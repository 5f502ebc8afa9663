"""Turns uploaded files into rows; errors that show in the header are found at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File

from brandguard.kernel.errors import DomainError
from vision.pictures.decode import inspect
from vision.pictures.errors import ImageError, as_error
from vision.pictures.formats import NAMES


class NoReadableImage(DomainError):
    """`details["images"]` has the reason for each picture, in order."""

    code = "no_readable_image"

    def __init__(self, images: list[ImageError]) -> None:
        super().__init__(
            "None of the pictures can be read.",
            remedy=f"Send at least one {NAMES}.",
            field="images",
        )
        self.details = {"images": images}


class WrongNumberOfImages(DomainError):
    code = "number_of_images"


@dataclass(frozen=True)
class Received:
    """`error` is None for a picture with a valid header; other errors show when it is decoded. `size` is
    width and height by the header, before the picture is turned upright; None with an error.
    """

    name: str
    file: ContentFile[bytes]
    sha256: str
    error: ImageError | None
    size: tuple[int, int] | None = None

    def fields(self) -> dict[str, Any]:
        """Returns the fields of the row that stores the picture."""
        width, height = self.size or (None, None)
        return {
            "width": width,
            "height": height,
            "name": self.name,
            "file": self.file,
            "sha256": self.sha256,
            "state": "refused" if self.error else "pending",
            "error": self.error,
        }


def receive(files: Sequence[File[bytes]], *, others: bool = False) -> list[Received]:
    """Reads the files. Raises WrongNumberOfImages, and NoReadableImage if none is readable, unless
    `others` says that more pictures come from elsewhere.
    """
    if not 1 <= len(files) <= settings.MAX_IMAGES:
        raise WrongNumberOfImages(
            f"There are {len(files)} pictures.",
            remedy=f"Send 1 to {settings.MAX_IMAGES} files in the field images.",
            field="images",
        )
    received = [receive_one(file) for file in files]
    errors = [picture.error for picture in received if picture.error]
    if len(errors) == len(received) and not others:
        raise NoReadableImage(errors)
    return received


def receive_one(file: File[bytes]) -> Received:
    # One byte over the limit is enough to refuse the file; the rest is not read.
    data = file.read(settings.MAX_IMAGE_BYTES + 1)
    name = (file.name or "picture")[-255:]  # Django needs a name to store a file
    size, error = size_of(data)
    return Received(name, ContentFile(data, name), hashlib.sha256(data).hexdigest(), error, size)


def size_of(data: bytes) -> tuple[tuple[int, int] | None, ImageError | None]:
    """Returns the size by the header, or why there is none."""
    try:
        header = inspect(data)
    except DomainError as error:
        return None, as_error(error)
    return (header.width, header.height), None
