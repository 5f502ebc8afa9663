"""Files as they were stored, read back by workers."""

from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_noop

from brandguard.kernel.errors import DomainError
from brandguard.kernel.transient import StorageAway, is_transient
from vision.pictures.decode import Picture, preview


class FileLost(DomainError):
    code = "file_lost"


def read_stored(file: FieldFile) -> bytes:
    """Raises FileLost where this very file cannot be had, now or later; what is transient travels up,
    StorageAway among it.
    """
    try:
        with file.open() as opened:
            data: bytes = opened.read()
    except OSError as error:
        raise lost(error) from error
    return data


def lost(error: OSError) -> Exception:
    """What an error of a stored file means: itself where it is transient, StorageAway, or FileLost."""
    if is_transient(error):
        return error
    if not Path(settings.MEDIA_ROOT).is_dir():
        return StorageAway(f"{settings.MEDIA_ROOT} is not there.")
    return FileLost(
        gettext_noop("The stored file is missing or cannot be read."),
        remedy=gettext_noop("Send it again, or ask the operator to restore it from a back-up."),
    )


def preview_file(pixels: Picture) -> ContentFile[bytes]:
    """What screens show of a picture, to be stored beside it."""
    return ContentFile(preview(pixels), "preview.jpg")
