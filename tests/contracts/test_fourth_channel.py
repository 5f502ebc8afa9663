"""A fourth channel is a folder, a line in the registry, a calibration and the contract test: nothing else
has to know of it. tests/toy_channel is such a folder; here it goes the whole way.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Marketplace
from detection.matching.actions.match_listing import match_listing
from detection.matching.actions.rescore import rescore
from detection.matching.channel_states import channel_states
from detection.matching.matcher import Matcher
from detection.matching.models import Match
from detection.matching.versions import matching_version
from detection.review.models import Alert
from fingerprints.actions.enrol import enrol_design
from fingerprints.actions.enrol_channels import enrol_in_channels, lacking
from fingerprints.index.live import live_indexes
from fingerprints.models import Brand, Design, Fingerprint, IndexChange
from lab.benchmark.measure import Setting, measure
from lab.benchmark.rows import Job, Shown
from lab.calibration.collect import Collector
from lab.calibration.folder import read_folder
from lab.calibration.measure import Measured
from lab.management.commands.calibrate import fit
from tests import factories, matchers, toy_channel
from tests.detection.scenes import posted
from tests.fake_encoder import FakeEncoder
from tests.pictures import encoded
from tests.toy_channel.channel import TONES, Tones
from vision.channels.background import NO_BACKGROUND
from vision.channels.calibration import ChannelCalibration
from vision.channels.registry import CHANNELS, Channels, calibrated, load_channels
from vision.encoders.generation import generation_of
from vision.pictures.picture import Picture

pytestmark = pytest.mark.django_db

NAME, GENERATION = toy_channel.NAME, generation_of(TONES)
BY_HAND = ChannelCalibration(GENERATION, ((0.0, 0.0), (0.98, 85.0), (1.0, 95.0)))


def toned(seed: int, tone: tuple[int, int, int] = (210, 60, 90)) -> Picture:
    """Noise about one tone: no two of them have a point or a patch in common."""
    noise = np.random.default_rng(seed).integers(-40, 41, (160, 200, 3))
    return np.asarray(np.clip(noise + np.array(tone), 0, 255), np.uint8)


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    """The one line."""
    CHANNELS.append(toy_channel.SPEC)
    yield
    CHANNELS.remove(toy_channel.SPEC)


@pytest.fixture
def channels() -> Channels:
    return {**matchers.channels(), NAME: toy_channel.make(Tones())}


@pytest.fixture
def matcher(tmp_path: Path, channels: Channels) -> Matcher:
    return matchers.matcher(tmp_path / "index", channels, **{NAME: BY_HAND})


@pytest.fixture
def design(brand: Brand, channels: Channels) -> Design:
    made = matchers.registered(brand, toned(1), design_kind="photo")
    enrol_design(design=made, encoder=FakeEncoder(), channels=channels)
    return made


@pytest.fixture
def match(design: Design, marketplace: Marketplace, matcher: Matcher) -> Match:
    """Of another picture of the same tone, which no other channel finds."""
    match_listing(listing=posted(marketplace, toned(2)), matcher=matcher)
    return Match.objects.get()


def test_it_is_loaded_and_serves_where_the_calibration_knows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoders = {FakeEncoder.spec: FakeEncoder(), TONES: Tones()}
    monkeypatch.setattr("vision.channels.registry.load", encoders.__getitem__)
    monkeypatch.setattr("vision.channels.registry.models", lambda: {NAME: toy_channel.model()})
    loaded = load_channels(copy=FakeEncoder.spec)
    assert list(loaded) == ["copy", NAME]
    assert list(calibrated(loaded, matchers.calibration())) == ["copy"]
    assert list(calibrated(loaded, matchers.calibration(**{NAME: BY_HAND}))) == ["copy", NAME]


def test_its_vectors_are_enrolled_with_their_lines_of_the_journal(design: Design) -> None:
    [row] = Fingerprint.objects.filter(generation=GENERATION)
    assert row.image.design == design
    assert IndexChange.objects.get(generation=GENERATION).fingerprint_id == row.pk


def test_designs_of_before_are_enrolled_when_it_is_switched_on(
    brand: Brand, channels: Channels
) -> None:
    before = matchers.registered(brand, toned(1), design_kind="photo")
    enrol_design(design=before, encoder=FakeEncoder(), channels=matchers.channels())
    other_kind = matchers.registered(brand, toned(3), "Logo", design_kind="logo")
    enrol_design(design=other_kind, encoder=FakeEncoder(), channels=matchers.channels())
    [view] = lacking(channels)
    assert enrol_in_channels(image=view, channels=channels)
    assert not list(lacking(channels))


def test_its_index_is_saved_with_the_others() -> None:
    specs = {index.spec.name for index in live_indexes()}
    assert TONES.name in specs


def test_a_listing_is_matched_held_and_explained_by_it(match: Match) -> None:
    assert (match.channel, match.match_kind) == (NAME, "resemblance")
    assert match.similarity >= 85
    assert match.evidence[NAME]["cosine"] > 0.98
    assert Alert.objects.get().match == match
    assert match.reproduction["channels"][NAME]["name"] == TONES.name


def test_its_match_is_reproduced(match: Match, matcher: Matcher) -> None:
    found = rescore(match=match, matcher=matcher)
    assert (found.again, found.changed) == (match.similarity, {})


def test_a_stored_result_is_reused_only_with_the_same_channels(matcher: Matcher) -> None:
    without = {name: one for name, one in matcher.generations.items() if name != NAME}
    made = matching_version(matcher.features_version, matcher.calibration, without)
    assert made != matcher.version


def test_the_page_of_the_alert_tells_its_figures_and_what_they_mean(
    match: Match, brand: Brand, as_alice: Client
) -> None:
    text = as_alice.get(reverse("alert", args=[Alert.objects.get().pk])).text
    assert "Both pictures have the same tone." in text
    assert "Tone in common" in text


def test_the_operations_page_says_what_is_not_found_without_it() -> None:
    client = factories.signed_in(factories.staff())
    [state] = [state for state in channel_states() if state.spec == toy_channel.SPEC]
    assert not state.encoder  # the stored calibration does not know it
    text = client.get(reverse("operations")).text
    assert "Pictures of one tone" in text
    assert "Pictures of the same tone are not found." in text


def test_it_is_calibrated_with_the_others(tmp_path: Path, channels: Channels) -> None:
    for name, picture in {"a": toned(1), "b": toned(2), "c": toned(3, (40, 200, 90))}.items():
        (tmp_path / f"{name}.png").write_bytes(encoded(picture))
    (tmp_path / "designs.csv").write_text("design_id,brand,kind,path\nd1,Acme,photo,a.png\n")
    (tmp_path / "listings.csv").write_text(
        "path,family,design_id,brand\nb.png,shop-photo,d1,Acme\nc.png,unrelated-photo,,\n"
    )
    collector = Collector(
        read_folder(tmp_path), FakeEncoder(), FakeEncoder(), channels, lambda *_: None
    )
    views = collector.enrol()
    pairs = list(collector.listings())
    assert any(NAME in pair.findings for pair in pairs)
    measured = Measured(NO_BACKGROUND, views, collector.enrolled, {}, pairs)
    assert fit(channels, measured, NAME)[NAME].generation == GENERATION


def test_the_benchmark_names_it(
    design: Design,
    marketplace: Marketplace,
    matcher: Matcher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lab.benchmark.measure.this_process_matcher", lambda: matcher)
    (tmp_path / "listing.png").write_bytes(encoded(toned(2)))
    job = Job("listing.png", "shop-photo", (Shown(design.name, design.brand.name),))
    (row,) = measure(Setting(tmp_path, 85.0), job)
    assert (row.channel, row.flagged, row.best_design) == (NAME, True, design.name)
