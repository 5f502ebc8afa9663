"""The picture formats that are read: one list for decoding, messages and file inputs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """`label` is our name and `reader` Pillow's. The first of `media_types` and of `suffixes` is the usual
    one. `shown` says whether browsers show it.
    """

    label: str
    reader: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    shown: bool = True


READ = (
    Format("PNG", "PNG", ("image/png",), (".png",)),
    Format("JPEG", "JPEG", ("image/jpeg",), (".jpg", ".jpeg")),  # MPO too
    Format("WebP", "WEBP", ("image/webp",), (".webp",)),
    Format("AVIF", "AVIF", ("image/avif",), (".avif",)),
    Format("GIF", "GIF", ("image/gif",), (".gif",)),
    Format("HEIC", "HEIF", ("image/heic", "image/heif"), (".heic", ".heif"), shown=False),
    Format("TIFF", "TIFF", ("image/tiff",), (".tif", ".tiff"), shown=False),
    Format("BMP", "BMP", ("image/bmp",), (".bmp",)),
)
# MPO is a JPEG with further pictures in it; some cameras write it.
BY_READER = {one.reader: one for one in READ} | {"MPO": READ[1]}
SUFFIXES = frozenset(suffix for one in READ for suffix in one.suffixes)
NOT_SHOWN = tuple(suffix for one in READ if not one.shown for suffix in one.suffixes)
# For file inputs. Suffixes are listed too: few systems know the media type of HEIC.
ACCEPT = ",".join([kind for one in READ for kind in (*one.media_types, *one.suffixes)])
LISTED = ", ".join(one.label for one in READ)
NAMES = f"{', '.join(one.label for one in READ[:-1])} or {READ[-1].label}"
