"""Documents from strangers: PDF or a picture by their content, kept as sent, never shown as they are.

They are handed out as attachments only, under a name and a type of our own, to those who may see
them; nothing of a PDF is ever parsed beyond its header, and a picture is shown as pixels made anew.
"""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile, File

from brandguard.kernel.errors import DomainError
from vision.pictures.decode import NotAnImage, UnreadableImage, inspect
from vision.pictures.formats import BY_READER, NAMES, READ

MAX_BYTES = 10_000_000  # a certificate of some pages, scanned
TYPES = {".pdf": "application/pdf"} | {one.suffixes[0]: one.media_types[0] for one in READ}
PDF_START = b"%PDF-"
# The end of a PDF stands within its last kilobyte; without it the file was cut off.
PDF_END, PDF_TAIL = b"%%EOF", 1024


class UnusableDocument(DomainError):
    code = "document_unusable"

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy=remedy, field="document")


@dataclass(frozen=True)
class Received:
    """`file` has a name of ours with the ending that its content has."""

    file: ContentFile[bytes]
    sha256: str


def receive(file: File[bytes]) -> Received:
    """Raises UnusableDocument."""
    data = file.read(MAX_BYTES + 1)  # one byte over is enough to refuse it; the rest is not read
    if len(data) > MAX_BYTES:
        raise UnusableDocument(
            f"The document has more than {MAX_BYTES:,} bytes.",
            f"Send at most {MAX_BYTES:,} bytes.",
        )
    ending = ending_of(data)
    return Received(ContentFile(data, f"document{ending}"), hashlib.sha256(data).hexdigest())


def ending_of(data: bytes) -> str:
    """Raises UnusableDocument."""
    if data.startswith(PDF_START):
        if PDF_END not in data[-PDF_TAIL:]:
            raise UnusableDocument("The PDF is cut off.", "Send the whole file again.")
        return ".pdf"
    try:
        return BY_READER[inspect(data).format].suffixes[0]
    except NotAnImage as fault:
        raise UnusableDocument(
            "This is not a document that we take.", f"Send a PDF, or a picture of it: {NAMES}."
        ) from fault
    except UnreadableImage as fault:
        raise UnusableDocument(fault.message, fault.remedy) from fault


def type_of(name: str) -> str:
    """Of a stored document, by the ending that we gave it."""
    return TYPES.get(PurePath(name).suffix, "application/octet-stream")
