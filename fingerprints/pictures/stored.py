"""Reads stored files back."""

from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_noop

from brandguard.kernel.errors import DomainError
from brandguard.kernel.transient import StorageAway, is_transient
from vision.pictures.encode import preview
from vision.pictures.picture import Picture


class FileLost(DomainError):
    code = "file_lost"


def read_stored(file: FieldFile) -> bytes:
    """Raises FileLost when this file is permanently unreadable; transient errors, such as StorageAway,
    travel up.
    """
    try:
        with file.open() as opened:
            data: bytes = opened.read()
    except OSError as error:
        raise lost(error) from error
    return data


def lost(error: OSError) -> Exception:
    """Translates an error of a stored file: a transient one stays itself, others become StorageAway or
    FileLost.
    """
    if is_transient(error):
        return error
    if not Path(settings.MEDIA_ROOT).is_dir():
        return StorageAway(f"The folder {settings.MEDIA_ROOT} does not exist.")
    return FileLost(
        gettext_noop("The stored file is missing or cannot be read."),
        remedy=gettext_noop("Send it again, or ask the operator to restore it from a backup."),
    )


def preview_file(pixels: Picture) -> ContentFile[bytes]:
    """Returns the preview that screens show, to be stored with the picture."""
    return ContentFile(preview(pixels), "preview.jpg")
