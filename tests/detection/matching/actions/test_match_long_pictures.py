"""A picture much longer than wide is matched in parts, and a match says in which."""

from pathlib import Path

import numpy as np
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import Marketplace
from detection.intake.models import Listing, Rendition
from detection.matching.actions.match_listing import match_listing
from detection.matching.actions.rescore import rescore
from detection.matching.matcher import Matcher
from detection.matching.models import ImageEmbedding, Match
from detection.matching.register import DatabaseRegister
from detection.review.api.serializers import ListingSerializer
from fingerprints.actions.enrol import enrol_design
from fingerprints.models import Brand, DesignImage
from lab.demo.pictures import bundled
from tests.detection.matching.scenes import after_matching
from tests.detection.scenes import BOTTLE, COPY, UNRELATED, posted
from tests.fake_encoder import FakeEncoder
from tests.matchers import channels, enrolled, indexes, registered
from tests.pictures import drawn, encoded, photograph
from tests.vision.pictures.made import saved
from vision.channels.calibration import load_calibration
from vision.channels.copy import NAME as COPY_CHANNEL
from vision.channels.copy.channel import CopyChannel
from vision.channels.matching import Scoring
from vision.channels.registry import Channels
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_windows_encoder
from vision.pictures.decode import decode
from vision.pictures.parts import SPEC
from vision.pictures.picture import Picture
from vision.pictures.resize import squash

WIDTH, GAP = 300, 24


def page(*pictures: Picture, wide: bool = False) -> Picture:
    """A marketplace's detail page: the pictures below each other on white, or side by side."""
    strips = []
    for picture in pictures:
        height = round(len(picture) * WIDTH / picture.shape[1])
        strips += [squash(picture, width=WIDTH, height=height), np.full((GAP, WIDTH, 3), 255)]
    high = np.concatenate(strips).astype(np.uint8)
    return np.ascontiguousarray(high.swapaxes(0, 1)) if wide else high


def others(count: int) -> list[Picture]:
    return [drawn(seed) for seed in range(20, 20 + count)]


LONG = page(*others(7), COPY, *others(4))


@pytest.mark.parametrize("count", [4, 12])
@pytest.mark.parametrize("wide", [False, True])
def test_a_copy_among_other_pictures_of_a_long_one_is_held_and_its_part_is_named(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, *, count: int, wide: bool
) -> None:
    turned = np.ascontiguousarray(COPY.swapaxes(0, 1)) if wide else COPY
    enrolled(brand, np.ascontiguousarray(BOTTLE.swapaxes(0, 1)) if wide else BOTTLE)
    shown = [np.ascontiguousarray(turned.swapaxes(0, 1)) if wide else turned]
    long = page(*others(count), *shown, *others(count), wide=wide)
    listing = after_matching(posted(marketplace, long), matcher)
    assert listing.verdict == "hold"
    rendition = Match.objects.get().rendition
    assert rendition
    assert rendition.part
    assert rendition.area
    parts = Rendition.objects.exclude(part=None)
    assert [row.part for row in parts] == list(range(1, len(parts) + 1))
    assert {row.parts for row in parts} == {len(parts)}
    begin, length = rendition.area[0 if wide else 1], rendition.area[2 if wide else 3]
    assert begin < 0.5 < begin + length


def test_the_whole_comes_first_and_each_part_has_its_size_and_vectors(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    after_matching(posted(marketplace, LONG), matcher)
    whole, *parts = Rendition.objects.order_by("number")
    assert (whole.number, whole.part, whole.area) == (0, None, None)
    assert (whole.width, whole.height) == (WIDTH, len(LONG))
    assert sum(part.height for part in parts) >= len(LONG)
    assert ImageEmbedding.objects.count() == len(parts) + 1
    image = whole.image
    assert (image.width, image.height) == (WIDTH, len(LONG))
    assert image.perceptual_hash == whole.perceptual_hash
    assert not image.warnings


def test_the_api_says_which_part_matched_and_where_it_is(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = after_matching(posted(marketplace, LONG), matcher)
    [match] = ListingSerializer(listing).data["matches"]
    rendition = Match.objects.get().rendition
    assert rendition
    assert match["rendition"] == {
        "number": rendition.number,
        "frame": 0,
        "milliseconds": None,
        "ground": "",
        "part": rendition.part,
        "parts": rendition.parts,
        "area": rendition.area,
    }


def test_its_match_can_be_computed_again(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, LONG), matcher)
    again = rescore(match=Match.objects.get(), matcher=matcher)
    assert again.again == again.stored
    assert not again.changed


def test_the_same_long_picture_again_is_not_embedded_again(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, LONG), matcher)
    monkeypatch.setattr("detection.matching.actions.match_listing.match_rendition", None)
    again = after_matching(posted(marketplace, LONG, external_id="offer-2"), matcher)
    assert again.verdict == "hold"
    match = Match.objects.get(listing_image__listing=again)
    first = Match.objects.exclude(pk=match.pk).get()
    assert match.rendition
    assert first.rendition
    assert match.rendition.image == again.images.get()
    assert (match.rendition.part, match.rendition.area) == (
        first.rendition.part,
        first.rendition.area,
    )


def test_the_lease_is_renewed_before_each_part(
    marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed = []
    monkeypatch.setattr(Listing, "renew", lambda *_: renewed.append(1))
    after_matching(posted(marketplace, LONG), matcher)
    assert len(renewed) > Rendition.objects.count() > 5


def on_nothing(picture: Picture) -> bytes:
    image = Image.fromarray(picture).convert("RGBA")
    image.putalpha(Image.fromarray(picture[:, :, 1]))
    return saved(image, "PNG")


def test_what_is_left_out_of_a_long_transparent_picture_is_stated(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    """Both grounds share the parts that a file may have, and parts are at most four widths long."""
    narrow = [squash(picture, width=40, height=40) for picture in others(90)]
    listing = after_matching(posted(marketplace, on_nothing(np.concatenate(narrow))), matcher)
    [warning] = listing.images.get().warnings
    assert warning["code"] == "parts_left_out"
    assert f"{SPEC.max_parts // 2} of its " in warning["message"]
    assert Rendition.objects.exclude(part=None).count() == SPEC.max_parts


def test_short_pictures_of_a_check_come_before_long_ones(
    brand: Brand, marketplace: Marketplace, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, LONG, UNRELATED, COPY)
    Listing.objects.update(purpose="check")
    listing.refresh_from_db()
    order: list[int] = []
    monkeypatch.setattr(
        "detection.matching.actions.match_listing.match_picture",
        lambda image, *_: order.append(image.position),
    )
    match_listing(listing=listing, matcher=matcher)
    assert order == [1, 2, 0]


def test_pictures_that_the_time_does_not_suffice_for_are_left_to_another_task(
    marketplace: Marketplace, matcher: Matcher
) -> None:
    listing = posted(marketplace, LONG, UNRELATED)
    assert not match_listing(listing=listing, matcher=matcher, seconds=-1)
    listing.refresh_from_db()
    assert (listing.state, listing.leased_until) == ("queued", None)
    states = listing.images.order_by("position").values_list("state", flat=True)
    assert list(states) == ["pending", "embedded"]
    assert match_listing(listing=listing, matcher=matcher, seconds=-1)
    listing.refresh_from_db()
    assert listing.state == "matched"


def test_a_check_is_answered_while_its_long_picture_is_still_pending(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    enrolled(brand, BOTTLE)
    listing = posted(marketplace, LONG, COPY)
    Listing.objects.update(purpose="check")
    listing.refresh_from_db()
    match_listing(listing=listing, matcher=matcher, seconds=-1)
    listing.refresh_from_db()
    assert (listing.state, listing.verdict) == ("queued", "hold")


@pytest.mark.parametrize(
    ("ratio", "state", "code"), [(4, "enrolled", "long"), (21, "refused", "view_too_long")]
)
def test_a_long_view_is_warned_of_and_a_very_long_one_refused(
    brand: Brand, ratio: int, state: str, code: str
) -> None:
    """A view is compared as one picture."""
    design = registered(brand, BOTTLE)
    view = design.images.get()
    view.file.save(
        "page.png",
        ContentFile(encoded(np.concatenate([squash(BOTTLE, width=100, height=100)] * ratio))),
    )
    enrol_design(design=design, encoder=FakeEncoder(), channels=channels())
    view.refresh_from_db()
    assert view.state == state
    assert view.state == DesignImage.State(state)
    [told] = [view.error] if view.error else [one for one in view.warnings if one["code"] == code]
    assert told["code"] == code
    assert "register its parts as separate views" in told["remedy"]


def real(sscd: Encoder, folder: Path) -> Matcher:
    """The copy channel as it is served."""
    of: Channels = {COPY_CHANNEL: CopyChannel(sscd)}
    register = DatabaseRegister(of, indexes(of, folder))
    scoring = Scoring(of, load_calibration(sscd.spec))
    return Matcher(sscd, load_windows_encoder(sscd.spec), register, scoring, {})


@pytest.mark.encoder
def test_the_real_encoder_finds_a_photograph_in_a_page_fourteen_times_as_long_as_wide(
    brand: Brand, marketplace: Marketplace, tmp_path: Path, sscd: Encoder
) -> None:
    matcher = real(sscd, tmp_path)
    design = registered(brand, photograph("coffee.png"))
    enrol_design(design=design, encoder=sscd, channels=matcher.channels)
    around = [decode(one.data).pixels for one in bundled().unrelated if one.name != "phantom"]
    long = page(*around, photograph("coffee.png"))
    assert 14 <= len(long) / WIDTH < 25
    listing = after_matching(posted(marketplace, encoded(long, "JPEG")), matcher)
    assert listing.verdict == "hold"
    match = Match.objects.get(similarity__gte=85)
    assert match.rendition
    assert match.rendition.part == match.rendition.parts
