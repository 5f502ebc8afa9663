"""Documents from strangers: PDFs or pictures by their content, stored as sent and never shown as they are.

They are served only as attachments, with a name and a type chosen by the service, to people who may see
them. A PDF is never parsed beyond its header, and a picture is shown only after encoding it again.
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
# A PDF's end marker is within its last kilobyte; without it the file is cut off.
PDF_END, PDF_TAIL = b"%%EOF", 1024


class UnusableDocument(DomainError):
    code = "document_unusable"

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy=remedy, field="document")


@dataclass(frozen=True)
class Received:
    """`file` has a name chosen by the service, with the suffix of its content's type."""

    file: ContentFile[bytes]
    sha256: str


def receive(file: File[bytes]) -> Received:
    """Reads and checks a document. Raises UnusableDocument."""
    data = file.read(MAX_BYTES + 1)  # one byte over is enough to refuse it; the rest is not read
    if len(data) > MAX_BYTES:
        raise UnusableDocument(
            f"The document has more than {MAX_BYTES:,} bytes.",
            f"Send at most {MAX_BYTES:,} bytes.",
        )
    ending = ending_of(data)
    return Received(ContentFile(data, f"document{ending}"), hashlib.sha256(data).hexdigest())


def ending_of(data: bytes) -> str:
    """Returns the suffix of the content's type. Raises UnusableDocument."""
    if data.startswith(PDF_START):
        if PDF_END not in data[-PDF_TAIL:]:
            raise UnusableDocument("The PDF is cut off.", "Send the whole file again.")
        return ".pdf"
    try:
        return BY_READER[inspect(data).format].suffixes[0]
    except NotAnImage as error:
        raise UnusableDocument(
            "The file is neither a PDF nor a supported picture.",
            f"Send a PDF, or a picture of the document: {NAMES}.",
        ) from error
    except UnreadableImage as error:
        raise UnusableDocument(error.message, error.remedy) from error


def type_of(name: str) -> str:
    """Returns the media type of a stored document by the suffix of its stored name."""
    return TYPES.get(PurePath(name).suffix, "application/octet-stream")
