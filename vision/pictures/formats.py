"""The types of pictures that are read, in one place: what is decoded, told, offered and kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """`reader` is Pillow's name of it, `said` is ours; the first of `media_types` and of `suffixes` is the
    usual one. `shown` says that browsers show it.
    """

    said: str
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
# MPO is a JPEG with further pictures in it, as some cameras make them.
BY_READER = {one.reader: one for one in READ} | {"MPO": READ[1]}
SUFFIXES = frozenset(suffix for one in READ for suffix in one.suffixes)
NOT_SHOWN = tuple(suffix for one in READ if not one.shown for suffix in one.suffixes)
# Of a file input. The endings too: few systems know the media type of HEIC.
ACCEPT = ",".join([kind for one in READ for kind in (*one.media_types, *one.suffixes)])
LISTED = ", ".join(one.said for one in READ)
NAMES = f"{', '.join(one.said for one in READ[:-1])} or {READ[-1].said}"
