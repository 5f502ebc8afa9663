"""One picture through all channels, and one similarity over what they say."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from lab.calibration.memory import MemoryRegister
from tests.fake_encoder import FakeEncoder
from tests.logos import letter
from tests.matchers import (
    channels,
    copy_match,
    copy_view_of,
    evidence,
    found_in,
    memory,
    scoring,
    seen,
)
from tests.vision.channels.scenes import (
    COFFEE,
    LOGOS,
    OBJECTS,
    Counting,
    by_image,
    enrol,
    logo_match,
    object_match,
)
from vision.channels.channel import Evidence
from vision.channels.copy import NAME as COPY
from vision.channels.logo import NAME as LOGO
from vision.channels.matching import Matching, Scoring
from vision.channels.object import NAME as OBJECT
from vision.channels.register import Query, View
from vision.channels.spec import MatchKind
from vision.edits import transforms as edits


def test_nothing_registered_gives_no_evidence() -> None:
    assert found_in(COFFEE, memory()) == []


def test_a_view_deleted_meanwhile_is_passed_over() -> None:
    class Deleted(MemoryRegister):
        def views(self, images: Sequence[UUID]) -> list[View]:
            return super().views(images[:0])

    deleted = Deleted(channels())
    image = enrol(deleted, COFFEE)
    assert found_in(COFFEE, deleted) == []
    assert Matching(Query(seen(COFFEE), deleted), channels()).evidence_for(image) is None


def test_the_same_picture_gets_the_same_evidence() -> None:
    register, edited = memory(), edits.rotate(COFFEE, degrees=12)
    image = enrol(register, COFFEE)
    one, other = (by_image(found_in(edited, register))[image].findings[COPY] for _ in range(2))
    assert (one.cosine, one.inliers, one.appearance) == (
        other.cosine,
        other.inliers,
        other.appearance,
    )


def test_equal_pixels_need_no_channel_but_the_first() -> None:
    of = channels(logos=Counting())
    register = memory(of)
    enrol(register, letter(), "logo", of)
    [(_, said)] = found_in(letter(), register, of)
    assert said.identical
    assert list(said.findings) == [COPY]


# --- one similarity -------------------------------------------------------------------------------
@pytest.fixture
def all_channels() -> Scoring:
    return scoring(channels(FakeEncoder(), FakeEncoder()), object=OBJECTS, logo=LOGOS)


def of_an_object() -> Evidence:
    match = object_match(1.3, 1.3, 1.3)
    return evidence(match.likeness, object=match)


def test_similarity_is_the_highest_of_the_channels_and_names_it(all_channels: Scoring) -> None:
    assert all_channels.channel_of(evidence(0.1)) == COPY
    thing = of_an_object()
    assert (all_channels.similarity(thing), all_channels.channel_of(thing)) == (95.0, OBJECT)
    sign = evidence(0.1, logo=logo_match())
    assert all_channels.channel_of(sign) == LOGO
    assert all_channels.similarity(sign) > 85
    both = evidence(0.9, inliers=40, logo=logo_match(outline=0.5))
    assert all_channels.channel_of(both) == COPY
    assert all_channels.similarity(both) == scoring().similarity(evidence(0.9, inliers=40))


def test_each_channel_s_similarity_is_told(all_channels: Scoring) -> None:
    said = evidence(0.1, object=object_match(1.3, 1.3, 1.3), logo=logo_match())
    scored = all_channels.by_channel(said)
    assert list(scored) == [COPY, OBJECT, LOGO]
    assert max(scored.values()) == all_channels.similarity(said)


def test_what_each_channel_finds_is_of_its_own_kind(all_channels: Scoring) -> None:
    view = View(UUID(int=1), {COPY: copy_view_of(letter())})
    kinds = [
        all_channels.explain(seen(letter()), view, said).match_kind
        for said in (of_an_object(), evidence(0.1, logo=logo_match()))
    ]
    assert kinds == [MatchKind.RESEMBLANCE, MatchKind.SAME_DESIGN]


def test_what_the_channels_say_is_kept_by_name(all_channels: Scoring) -> None:
    thing = object_match()
    said = all_channels.figures(
        Evidence({COPY: copy_match(0.5), OBJECT: thing, LOGO: logo_match()})
    )
    assert said[COPY]["cosine"] == 0.5
    assert said[OBJECT]["likeness"] == thing.likeness
    assert said[OBJECT]["colours"] == thing.colours
    assert said[LOGO]["outline"] == 0.95
    assert list(all_channels.figures(evidence(0.5))) == [COPY]
