"""The colours in which sellers offer a copied object."""

from collections.abc import Callable, Mapping

from vision.edits import transforms as edits
from vision.pictures.picture import Picture

RECOLOURS: Mapping[str, Callable[[Picture], Picture]] = {
    "hue-60": lambda picture: edits.shift_hue(picture, degrees=60),
    "hue-180": lambda picture: edits.shift_hue(picture, degrees=180),
    "grey": edits.grey,
    "warm": edits.warm,
}
