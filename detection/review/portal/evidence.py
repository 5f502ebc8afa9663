"""A match as the page of an alert shows it: pictures to draw and numbers in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detection.intake.models import ListingImage, Rendition
from detection.matching.models import Match, MatchKind
from fingerprints.models import DesignImage
from vision.channels.registry import channel_named
from vision.channels.spec import ChannelSpec, Figure

# How each field of vision.channels.channel.Edit is told, in this order.
EDITS: dict[str, str | Promise] = {
    "mirrored": _("mirrored"),
    "inverted": _("colours inverted"),
    "rotated": _("turned by %(value).0f°"),
    "tilted": _("seen at an angle of %(value).0f°"),
    "cropped": _("cropped to %(value).0f%% of the view"),
    "scene": _("takes %(value).0f%% of the picture"),
    "hue": _("colours shifted by %(value).0f°"),
    "grey": _("colours taken out"),
}
SHARES = {"cropped", "scene"}
UNMOVED = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
AS_REGISTERED = _("as registered")
MEANINGS: dict[str, str | Promise] = {
    MatchKind.COPY: _("This very picture, or an edit of it."),
    MatchKind.SAME_DESIGN: _(
        "Another picture of the registered design. It can be genuine goods on resale."
    ),
    MatchKind.RESEMBLANCE: _("Alike, but geometry does not confirm it: for your eyes to judge."),
}

ON_GROUND: dict[str, str | Promise] = {
    Rendition.Ground.LIGHT: _("transparent, as a light page shows it"),
    Rendition.Ground.DARK: _("transparent, as a dark page shows it"),
}


@dataclass(frozen=True)
class Picture:
    """`points` are the corners of the matching region in pixels of the picture; where its size is
    not known, it counts as one pixel.
    """

    url: str
    width: int
    height: int
    points: str


def on_listing(match: Match) -> Picture:
    if rendition := match.rendition:
        return picture(
            reverse("rendition-picture", args=[rendition.pk]), rendition, match.listing_polygon
        )
    image = match.listing_image
    url = reverse("listing-picture", args=[image.pk])
    return picture(url, image, match.listing_polygon)


def on_view(match: Match) -> Picture:
    url = reverse("design-picture", args=[match.view_id])
    return picture(url, match.view, match.view_polygon)


def picture(
    url: str, image: ListingImage | DesignImage | Rendition, polygon: Sequence[Sequence[float]]
) -> Picture:
    width, height = image.width or 1, image.height or 1
    points = " ".join(f"{x * width:g},{y * height:g}" for x, y in polygon)
    return Picture(url, width, height, points)


def percent(share: float) -> str:
    return f"{number_format(share * 100, 0)} %"


def told(edit: Mapping[str, Any]) -> Iterator[str]:
    for name, words in EDITS.items():
        if value := edit.get(name):
            yield str(words) % {"value": value * 100 if name in SHARES else value}


def said_of(rendition: Rendition) -> str:
    said = []
    if rendition.milliseconds is not None:
        frame = {
            "frame": rendition.frame + 1,
            "time": number_format(rendition.milliseconds / 1000, 1),
        }
        said.append(gettext("frame %(frame)s, shown from second %(time)s on") % frame)
    elif rendition.frame:
        said.append(gettext("picture %(number)s of the file") % {"number": rendition.frame + 1})
    if rendition.ground:
        said.append(str(ON_GROUND[rendition.ground]))
    return ", ".join(said)


@dataclass(frozen=True)
class Thumb:
    """One picture of the strip below, with the match to show when it is chosen."""

    image: ListingImage | DesignImage
    match: Match | None


@dataclass(frozen=True)
class Evidence:
    match: Match

    @property
    def listing(self) -> Picture:
        return on_listing(self.match)

    @property
    def view(self) -> Picture:
        return on_view(self.match)

    @property
    def channel(self) -> ChannelSpec:
        return channel_named(self.match.channel)

    @property
    def meaning(self) -> str | Promise:
        if said := self.channel.meaning:
            return gettext(said)
        return MEANINGS[self.match.match_kind]

    @property
    def made_of(self) -> list[tuple[str, str]]:
        """The figures that speak for it, by the channel that found it."""
        said = self.match.evidence.get(self.match.channel, {})
        return [
            (gettext(figure.label), self.written(figure, said[figure.name]))
            for figure in self.channel.figures
            if figure.name in said
        ]

    def written(self, figure: Figure, value: float) -> str:
        if figure.unit == "points":
            return gettext("every pixel") if self.identical else number_format(int(value))
        return percent(value) if figure.unit == "share" else number_format(value, 2)

    @property
    def seen_on(self) -> str:
        """What of the picture's file is shown, where it shows several."""
        return said_of(self.match.rendition) if self.match.rendition else ""

    @property
    def edits(self) -> str:
        """What was done to the view, in words."""
        return ", ".join(told(self.match.edit)) or str(AS_REGISTERED)

    @property
    def confirmed(self) -> bool:
        return self.match.match_kind != MatchKind.RESEMBLANCE

    @property
    def warp(self) -> str:
        """The nine numbers that lay the view over the listing, both in shares, row by row; empty
        where nothing confirmed how.
        """
        found = self.match.homography or (UNMOVED if self.identical else None)
        return json.dumps([value for row in found for value in row]) if found else ""

    @property
    def identical(self) -> bool:
        """Every pixel is the same, so that there was nothing left to verify."""
        pixels = self.match.matched_pixels
        return bool(pixels) and pixels == self.match.view.pixel_sha256
