"""Prepares a match for the page of an alert: pictures with regions, and figures as text."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from detection.intake.models import ListingImage, Rendition
from detection.matching.models import Match, MatchKind
from detection.review.portal.regions import Beside, Polygon, middle, regions_of
from fingerprints.models import DesignImage
from vision.channels.registry import channel_named
from vision.channels.spec import ChannelSpec, Figure

# The text of each field of vision.channels.channel.Edit, in this order.
EDITS: dict[str, str | Promise] = {
    "mirrored": _("mirrored"),
    "inverted": _("colours inverted"),
    "rotated": _("rotated by %(value).0f°"),
    "tilted": _("seen at an angle of %(value).0f°"),
    "cropped": _("cropped to %(value).0f%% of the view"),
    "scene": _("covers %(value).0f%% of the picture"),
    "hue": _("colours shifted by %(value).0f°"),
    "grey": _("colours removed"),
}
FRACTIONS = {"cropped", "scene"}
IDENTITY = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
AS_REGISTERED = _("as registered")
MEANINGS: dict[str, str | Promise] = {
    MatchKind.COPY: _("The registered picture or an edit of it."),
    MatchKind.SAME_DESIGN: _(
        "Another picture of the registered design. It may show genuine goods on resale."
    ),
    MatchKind.RESEMBLANCE: _("Similar, but not confirmed by geometry: judge it by eye."),
}

ON_GROUND: dict[str, str | Promise] = {
    Rendition.Ground.LIGHT: _("transparent, on a light background"),
    Rendition.Ground.DARK: _("transparent, on a dark background"),
}


@dataclass(frozen=True)
class Label:
    """The number of another match, in the middle of its region; in pixels of the picture."""

    number: int
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """A picture to draw. `outlines` are the corners of each matching region in pixels of the picture, the best
    first; `others` are those of other matches in it. A picture of unknown size counts as one pixel.
    """

    url: str
    width: int
    height: int
    outlines: list[str]
    others: list[str] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    @property
    def label_size(self) -> int:
        """Returns the height of a label: as large on the screen whatever the picture's size."""
        return max(1, max(self.width, self.height) // 24)


def on_listing(match: Match, others: Sequence[Beside]) -> Picture:
    image, url = shown_image(match)
    width, height = image.width or 1, image.height or 1
    middles = [(other.number, *middle(region)) for other in others for region in other.regions]
    return Picture(
        url,
        width,
        height,
        corners(regions_of(match), width, height),
        corners([region for other in others for region in other.regions], width, height),
        [Label(number, round(x * width), round(y * height)) for number, x, y in middles],
    )


def shown_image(match: Match) -> tuple[ListingImage | Rendition, str]:
    """Returns what matched, and its URL."""
    if rendition := match.rendition:
        return rendition, reverse("rendition-picture", args=[rendition.pk])
    return match.listing_image, reverse("listing-picture", args=[match.listing_image_id])


def on_view(match: Match) -> Picture:
    url = reverse("design-picture", args=[match.view_id])
    width, height = match.view.width or 1, match.view.height or 1
    return Picture(url, width, height, corners([match.view_polygon], width, height))


def corners(polygons: Iterable[Polygon], width: int, height: int) -> list[str]:
    """Returns the corners of each polygon in pixels, as SVG has them."""
    return [
        " ".join(f"{x * width:g},{y * height:g}" for x, y in polygon)
        for polygon in polygons
        if polygon
    ]


def percent(share: float) -> str:
    return f"{number_format(share * 100, 0)} %"


def descriptions_of(edit: Mapping[str, Any]) -> Iterator[str]:
    for name, words in EDITS.items():
        if value := edit.get(name):
            yield str(words) % {"value": value * 100 if name in FRACTIONS else value}


def described(rendition: Rendition) -> str:
    parts = []
    if rendition.milliseconds is not None:
        frame = {
            "frame": rendition.frame + 1,
            "time": number_format(rendition.milliseconds / 1000, 1),
        }
        parts.append(gettext("frame %(frame)s, shown from second %(time)s") % frame)
    elif rendition.frame:
        parts.append(gettext("picture %(number)s of the file") % {"number": rendition.frame + 1})
    if rendition.part:
        place = {"number": rendition.part, "total": rendition.parts}
        parts.append(gettext("part %(number)s of %(total)s") % place)
    if rendition.ground:
        parts.append(str(ON_GROUND[rendition.ground]))
    return ", ".join(parts)


@dataclass(frozen=True)
class Thumb:
    """One picture of the filmstrip, with the match that a click shows."""

    image: ListingImage | DesignImage
    match: Match | None


@dataclass(frozen=True)
class Evidence:
    """`beside` are the other matches in the same picture that the reader may see."""

    match: Match
    beside: Sequence[Beside] = ()

    @property
    def listing(self) -> Picture:
        return on_listing(self.match, self.beside)

    @property
    def places(self) -> int:
        """Returns how often the picture shows the view."""
        return len(regions_of(self.match))

    @property
    def view(self) -> Picture:
        return on_view(self.match)

    @property
    def channel(self) -> ChannelSpec:
        return channel_named(self.match.channel)

    @property
    def meaning(self) -> str | Promise:
        if text := self.channel.meaning:
            return gettext(text)
        return MEANINGS[self.match.match_kind]

    @property
    def figures(self) -> list[tuple[str, str]]:
        """Returns label and value of each figure of the channel that found the match."""
        values = self.match.evidence.get(self.match.channel, {})
        return [
            (gettext(figure.label), self.written(figure, values[figure.name]))
            for figure in self.channel.figures
            if figure.name in values
        ]

    def written(self, figure: Figure, value: float) -> str:
        if figure.unit == "points":
            return gettext("every pixel") if self.identical else number_format(int(value))
        return percent(value) if figure.unit == "share" else number_format(value, 2)

    @property
    def seen_on(self) -> str:
        """Describes the rendition if the file has several."""
        return described(self.match.rendition) if self.match.rendition else ""

    @property
    def edits(self) -> str:
        """Describes how the view was edited."""
        return ", ".join(descriptions_of(self.match.edit)) or str(AS_REGISTERED)

    @property
    def confirmed(self) -> bool:
        return self.match.match_kind != MatchKind.RESEMBLANCE

    @property
    def warp(self) -> str:
        """Returns the homography from the view to the listing picture in normalised coordinates, as JSON of
        nine numbers row by row; empty without a confirmed one.
        """
        homography = self.match.homography or (IDENTITY if self.identical else None)
        return json.dumps([value for row in homography for value in row]) if homography else ""

    @property
    def identical(self) -> bool:
        """Whether all pixels are the same, so that nothing was left to verify."""
        pixels = self.match.matched_pixels
        return bool(pixels) and pixels == self.match.view.pixel_sha256
