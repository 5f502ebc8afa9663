"""Every channel of the registry keeps the promises of vision/channels/channel.py.

The design is a letter that is textured enough for points, of one colour for shapes, and of a kind
that any channel may serve; the listing shows it again. A new channel is held to all this by being listed.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from itertools import pairwise
from math import isfinite
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from fingerprints.models import Design
from lab.calibration.memory import MemoryRegister
from tests.fake_encoder import OfShapes
from tests.logos import crescent, letter
from tests.matchers import decoded
from tests.pictures import drawn
from vision.channels.calibration import Calibration, load_calibration
from vision.channels.capping import FROM_A_BRAND, FROM_UNVERIFIED
from vision.channels.channel import ORIGINAL, Channel, Evidence, ViewDescription, ViewVector
from vision.channels.image_features import ImageFeatures, extract_features
from vision.channels.matching import match_image
from vision.channels.register import Query, View
from vision.channels.registry import CHANNELS, Channels
from vision.channels.spec import ChannelSpec, MatchKind
from vision.edits import transforms as edits
from vision.encoders.catalogue import CATALOGUE
from vision.geometry.polygons import Polygon
from vision.pictures.picture import Picture

LOOK_ALIKES = 60
# A channel may look by several ways, each with places of its own: copy detection has three.
WAYS = 3
# Features are stored as 16 bits of a side.
STORED = 1 / 65535
PLAIN = np.full((200, 200, 3), 200, np.uint8)
DESIGN = letter()
LISTING = edits.recompress(DESIGN, quality=80)
# From hardly changed to something else.
LISTINGS = [
    LISTING,
    edits.recompress(DESIGN, quality=20),
    edits.rotate(DESIGN, degrees=8),
    edits.tilt(DESIGN, degrees=35, axis="vertical"),
    edits.write_over(DESIGN, text="SPECIAL OFFER"),
    edits.crop(DESIGN, area=0.6),
    crescent(),
    drawn(1),
]


@pytest.fixture(scope="module")
def channels() -> Channels:
    """All of them, with one fake encoder that shapes and colours mean something to."""
    return {spec.name: spec.make(OfShapes()) for spec in CHANNELS}


@pytest.fixture(scope="module", params=CHANNELS, ids=lambda spec: spec.name)
def spec(request: pytest.FixtureRequest) -> ChannelSpec:
    made: ChannelSpec = request.param
    return made


@pytest.fixture(scope="module")
def channel(channels: Channels, spec: ChannelSpec) -> Channel:
    return channels[spec.name]


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    """As it is shipped: a channel is listed with its part of it."""
    return load_calibration(CATALOGUE["sscd"])


def features_of(picture: Picture) -> ImageFeatures:
    return extract_features(decoded(picture), OfShapes(), OfShapes())


def described_by(channels: Channels, picture: Picture) -> dict[str, ViewDescription]:
    """By all of them, whatever the design's kind."""
    made = {name: channel.describe_view(picture) for name, channel in channels.items()}
    return {name: description for name, description in made.items() if description}


@pytest.fixture(scope="module")
def descriptions(channels: Channels) -> dict[str, ViewDescription]:
    return described_by(channels, DESIGN)


@pytest.fixture(scope="module")
def view(descriptions: Mapping[str, ViewDescription]) -> View:
    return View(uuid4(), {name: made.view for name, made in descriptions.items()})


@pytest.fixture(scope="module")
def register(
    channels: Channels, descriptions: Mapping[str, ViewDescription], view: View
) -> MemoryRegister:
    made = MemoryRegister(channels)
    made.enrol(view.image, decoded(DESIGN).pixel_sha256, descriptions)
    return made


def finding_of(
    channel: Channel, picture: Picture, view: View, register: MemoryRegister
) -> Any | None:
    """What the channel says of the view in the picture, by the way that matching goes."""
    features = features_of(picture)
    made = channel.describe(features)
    candidates = channel.retrieve(made, Query(features, register))
    if view.image not in candidates and not channel.spec.verifies_all:
        return None
    return channel.verify(made, view, candidates.get(view.image), identical=False)


@pytest.fixture(scope="module")
def findings(channel: Channel, view: View, register: MemoryRegister) -> list[Any]:
    made = [finding_of(channel, picture, view, register) for picture in LISTINGS]
    return [finding for finding in made if finding is not None]


def assert_same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        np.testing.assert_allclose(one, other, atol=STORED)
    elif is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, list | tuple):
        for mine, theirs in zip(one, other, strict=True):
            assert_same(mine, theirs)
    else:
        assert one == other


# --- the registry ---------------------------------------------------------------------------------
def test_names_are_distinct_and_one_channel_is_required() -> None:
    names = [spec.name for spec in CHANNELS]
    assert len(set(names)) == len(names)
    assert any(spec.is_required for spec in CHANNELS)


def test_a_spec_tells_people_what_the_channel_is_and_how_to_switch_it_on(
    spec: ChannelSpec,
) -> None:
    assert spec.version >= 1
    assert spec.milliseconds > 0
    assert spec.title
    assert spec.unseen
    assert spec.remedy
    assert len({figure.name for figure in spec.figures}) == len(spec.figures) > 0


def test_it_serves_the_kinds_that_it_names(spec: ChannelSpec) -> None:
    kinds = set(Design.DesignKind.values)
    assert {kind for kind in kinds if spec.serves(kind)} == (spec.design_kinds or kinds)
    assert spec.is_required <= (spec.design_kinds is None)


def test_it_is_the_channel_of_its_spec_with_the_encoder_that_it_was_given(
    channel: Channel, spec: ChannelSpec
) -> None:
    assert channel.spec is spec
    assert channel.encoder.spec == OfShapes.spec


# --- a view ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("picture", [DESIGN, drawn(1), PLAIN], ids=["design", "drawn", "plain"])
def test_a_view_has_unit_vectors_of_distinct_variants_or_none(
    channel: Channel, picture: Picture
) -> None:
    made = channel.describe_view(picture)
    vectors: list[ViewVector] = [*made.vectors] if made else []
    assert made is None or vectors or made.warnings
    for vector in vectors:
        assert vector.vector.dtype == np.float32
        assert vector.vector.shape == (channel.encoder.spec.dimension,)
        assert np.linalg.norm(vector.vector) == pytest.approx(1, abs=1e-5)
    variants = [vector.variant for vector in vectors]
    assert len(set(variants)) == len(variants)
    assert not variants or ORIGINAL in variants


def test_the_design_of_this_contract_is_described(
    descriptions: Mapping[str, ViewDescription], spec: ChannelSpec
) -> None:
    assert spec.name in descriptions


def test_the_same_view_is_described_the_same(
    channel: Channel, descriptions: Mapping[str, ViewDescription], spec: ChannelSpec
) -> None:
    again = channel.describe_view(DESIGN)
    assert again
    assert_same(list(again.vectors), list(descriptions[spec.name].vectors))
    assert_same(again.view, descriptions[spec.name].view)


def test_what_was_enrolled_is_loaded_as_it_was_described(
    channels: Channels, descriptions: Mapping[str, ViewDescription], spec: ChannelSpec
) -> None:
    loaded: dict[str, Any] = {}
    for name, channel in channels.items():
        vectors = {vector.variant: vector for vector in descriptions[name].vectors}
        loaded[name] = channel.load_view(vectors, loaded)
        if name == spec.name:
            break
    assert_same(loaded[spec.name], descriptions[spec.name].view)


def test_a_view_whose_variants_are_missing_is_not_loaded(channel: Channel) -> None:
    assert channel.load_view({}, {}) is None


# --- candidates -----------------------------------------------------------------------------------
def retrieved(channel: Channel, register: MemoryRegister) -> set[UUID]:
    features = features_of(LISTING)
    return set(channel.retrieve(channel.describe(features), Query(features, register)))


def test_nothing_registered_is_no_candidate(channel: Channel, channels: Channels) -> None:
    assert retrieved(channel, MemoryRegister(channels)) == set()


def test_a_view_that_the_listing_shows_is_a_candidate(
    channel: Channel, register: MemoryRegister, view: View
) -> None:
    assert retrieved(channel, register) == {view.image}


@pytest.mark.parametrize(
    ("verified", "places"),
    [(True, FROM_A_BRAND), (False, FROM_UNVERIFIED)],
    ids=["a verified brand", "brands that nobody verified"],
)
def test_look_alikes_get_their_places_and_no_more(
    channel: Channel,
    channels: Channels,
    descriptions: Mapping[str, ViewDescription],
    *,
    verified: bool,
    places: int,
) -> None:
    """They were registered first, of the very listing: nothing is nearer."""
    crowded, owner, greedy = MemoryRegister(channels), uuid4(), uuid4()
    theirs = described_by(channels, LISTING)
    for _ in range(LOOK_ALIKES):
        brand = greedy if verified else uuid4()
        crowded.enrol(uuid4(), "theirs", theirs, brand, verified=verified)
    crowded.enrol(owner, "mine", descriptions)
    found = retrieved(channel, crowded)
    assert owner in found
    assert 1 <= len(found - {owner}) <= WAYS * places


# --- a finding ------------------------------------------------------------------------------------
def test_it_finds_what_the_listing_shows(
    channel: Channel, view: View, register: MemoryRegister, findings: list[Any]
) -> None:
    assert finding_of(channel, LISTING, view, register) is not None
    assert len(findings) > 1


def test_the_same_pair_gets_the_same_finding(
    channel: Channel, view: View, register: MemoryRegister
) -> None:
    one, other = (finding_of(channel, LISTING, view, register) for _ in range(2))
    assert_same(one, other)


@pytest.mark.parametrize("identical", [False, True])
@pytest.mark.parametrize("name", [spec.name for spec in CHANNELS if spec.verifies_all])
def test_a_channel_that_verifies_all_needs_no_candidate_of_its_own(
    channels: Channels, view: View, calibration: Calibration, name: str, *, identical: bool
) -> None:
    channel = channels[name]
    made = channel.describe(features_of(LISTING))
    found = channel.verify(made, view, None, identical=identical)
    assert found is not None
    assert 0 <= channel.similarity(found, calibration.channels[name]) <= 100


def test_similarity_lies_between_0_and_100_and_rises_with_strength(
    channel: Channel, findings: list[Any], calibration: Calibration
) -> None:
    known = calibration.channels[channel.spec.name]
    scored = sorted(
        (channel.strength(finding, known), channel.similarity(finding, known))
        for finding in findings
    )
    assert all(0 <= similarity <= 100 for _, similarity in scored)
    assert all(similarity == round(similarity, 2) for _, similarity in scored)
    assert all(weak <= strong for (_, weak), (_, strong) in pairwise(scored))
    assert scored[-1][1] > scored[0][1]


def test_its_figures_are_numbers_with_all_that_a_reviewer_reads(
    channel: Channel, findings: list[Any]
) -> None:
    for finding in findings:
        figures = channel.figures(finding)
        assert {figure.name for figure in channel.spec.figures} <= set(figures)
        assert all(isfinite(number) for number in figures.values())
        assert json.loads(json.dumps(figures)) == figures


def test_its_promise_is_numbers_that_can_be_compared(channel: Channel, findings: list[Any]) -> None:
    promises = [channel.promise(finding) for finding in findings]
    assert len({len(promise) for promise in promises}) == 1
    assert all(isfinite(number) for promise in promises for number in promise)
    assert promises[0]


def test_without_a_pair_it_is_not_calibrated(channel: Channel) -> None:
    with suppress(ValueError):
        assert channel.fit([], views=1) is None


# --- what a reviewer is shown ---------------------------------------------------------------------
def corners(*polygons: Polygon) -> Iterator[float]:
    for polygon in polygons:
        assert len(polygon) >= 3
        for corner in polygon:
            yield from corner


def test_it_explains_in_normalised_coordinates(
    channel: Channel, channels: Channels, register: MemoryRegister, calibration: Calibration
) -> None:
    explained = 0
    for features in map(features_of, LISTINGS):
        for view, evidence in match_image(features, register, channels):
            if channel.spec.name in evidence.findings:
                assert_explained(channel, features, view, evidence, calibration)
                explained += 1
    assert explained > 1


def assert_explained(
    channel: Channel,
    features: ImageFeatures,
    view: View,
    evidence: Evidence,
    calibration: Calibration,
) -> None:
    shown = channel.explain(features, view, evidence, calibration)
    assert isinstance(shown.match_kind, MatchKind)
    places = corners(shown.listing_polygon, shown.view_polygon, shown.region.polygon())
    assert all(0 <= place <= 1 for place in places)
    assert shown.appearance
    assert shown.homography is None or shown.homography.shape == (3, 3)
