"""The object channel: the signs of a thing, and whom it looks at."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pytest

from lab.calibration.memory import MemoryRegister
from tests.fake_encoder import FakeEncoder, OfThings
from tests.matchers import (
    calibration,
    channels,
    copy_view_of,
    described,
    evidence,
    found_in,
    memory,
    seen,
)
from tests.pictures import drawn
from tests.vision.channels.scenes import (
    COFFEE,
    OBJECTS,
    Counting,
    by_image,
    enrol,
    object_match,
    registered_by_the_thousand,
)
from vision.channels.copy import NAME as COPY
from vision.channels.object import NAME
from vision.channels.object.channel import ObjectChannel
from vision.channels.object.cohort import NOBODY, Cohort
from vision.channels.object.spec import POINTS, SPEC
from vision.channels.object.strength import ObjectMatch
from vision.channels.register import View
from vision.edits import transforms as edits
from vision.edits.recolours import RECOLOURS
from vision.geometry.polygons import WHOLE as WHOLE_POLYGON
from vision.geometry.regions import WHOLE


def test_it_embeds_only_where_something_registered_is_alike() -> None:
    encoder = Counting()
    of = channels(objects=encoder)
    register, picture = memory(of), drawn(1)
    enrol(register, picture, "photo", of)
    found_in(picture, register, of)
    assert encoder.embedded == 0
    thing = enrol(register, edits.recompress(picture, quality=95), "object", of)
    encoder.embedded = 0
    found = by_image(found_in(picture, register, of))
    assert encoder.embedded == 1
    match: ObjectMatch = found[thing].findings[NAME]
    assert match.cosine == pytest.approx(1.0)
    assert match.colours > 0.8


class Loading(MemoryRegister):
    """Counts the whole views that are loaded at once."""

    most = 0

    def views(self, images: Sequence[UUID]) -> list[View]:
        self.most = max(self.most, len(images))
        return super().views(images)


@pytest.mark.parametrize("verified", [False, True], ids=["others", "a verified brand"])
def test_look_alikes_take_no_place(*, verified: bool) -> None:
    of = channels(objects=OfThings())
    crowded = Loading(of)
    turned = edits.resize(edits.resize(COFFEE, width=30, height=20), width=300, height=200)
    owner = enrol(crowded, COFFEE, "object", of)
    registered_by_the_thousand(crowded, described(turned, "object", of), verified=verified)
    found = by_image(found_in(turned, crowded, of))
    assert NAME in found[owner].findings
    assert crowded.most < 20


def test_an_object_that_no_plane_confirms_is_shown_as_a_whole() -> None:
    said = evidence(SPEC.likeness, object=object_match())
    view = View(UUID(int=1), {COPY: copy_view_of(COFFEE)})
    explained = ObjectChannel(FakeEncoder()).explain(
        seen(COFFEE), view, said, calibration(object=OBJECTS)
    )
    assert explained.region == WHOLE
    assert explained.listing_polygon == explained.view_polygon == WHOLE_POLYGON
    assert explained.homography is None


@pytest.mark.parametrize("colour", RECOLOURS)
def test_an_object_in_another_colour_has_its_points_in_common(colour: str) -> None:
    of = channels(objects=OfThings())
    register = memory(of)
    thing = enrol(register, COFFEE, "object", of)
    found = by_image(found_in(RECOLOURS[colour](COFFEE), register, of))
    match: ObjectMatch = found[thing].findings[NAME]
    assert match.points > POINTS.chance + 10


def test_what_other_objects_reach_counts_for_nothing() -> None:
    channel = ObjectChannel(OfThings(), NOBODY)
    [first, *_] = channel.describe_view(COFFEE).vectors
    assert channel.describe_view(COFFEE).view.background == 0
    nearby = Cohort(np.empty((0, 1), np.float32), first.vector[None])
    assert ObjectChannel(OfThings(), nearby).describe_view(COFFEE).view.background == pytest.approx(
        1
    )


def test_it_learns_a_cohort_from_pictures() -> None:
    channel = ObjectChannel(OfThings(), NOBODY)
    pictures = [seen(COFFEE), seen(drawn(3))]
    learnt = channel.learn_cohort(pictures)
    assert channel.cohort is learnt
    np.testing.assert_array_equal(learnt.likeness[1], pictures[1].vectors[0])
    assert len(learnt.things) == 2
