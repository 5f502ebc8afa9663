"""What of a picture was not looked at: told as a warning beside it."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop

from fingerprints.images.decode import Decoded
from fingerprints.images.errors import ImageError

DAMAGED: ImageError = {
    "code": "damaged",
    "message": gettext_noop(
        "The file is damaged: only what can still be seen of it was looked at."
    ),
    "remedy": gettext_noop("Send the whole file again."),
}


def not_looked_at(decoded: Decoded) -> Iterator[ImageError]:
    if decoded.is_damaged:
        yield DAMAGED
