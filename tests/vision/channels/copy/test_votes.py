"""Votes count where they agree on a place."""

import numpy as np

from tests.matchers import seen
from tests.pictures import drawn, photograph
from tests.vision.channels.scenes import COFFEE, ROCKET
from vision.channels.copy.votes import SPEC, Votes, votes
from vision.edits import transforms as edits
from vision.geometry.codes import bits_of, view_codes
from vision.geometry.features import extract_view
from vision.index.codes import CodeIndex, without_hits
from vision.pictures.picture import Picture

VIEWS = (drawn(1), COFFEE, ROCKET, drawn(2))
INDEX = CodeIndex()
INDEX.add(list(range(len(VIEWS))), [view_codes(extract_view(view)) for view in VIEWS])
OF_COFFEE = 1
CAT = photograph("chelsea.png")


def votes_for(picture: Picture) -> dict[int, Votes]:
    local = seen(picture).local
    chosen = np.arange(min(500, len(local)))
    hits = INDEX.search(bits_of(local.descriptors[chosen]), 64)
    return {one.fingerprint: one for one in votes(hits, local, chosen)}


def test_an_edited_copy_votes_for_its_view_and_agrees_on_a_place() -> None:
    found = votes_for(edits.tilt(COFFEE, degrees=35, axis="vertical"))
    others = [one for number, one in found.items() if number != OF_COFFEE]
    assert found[OF_COFFEE].agreeing > 40
    assert max(one.agreeing for one in others) < 8
    assert found[OF_COFFEE].weight > 2 * max(one.weight for one in others)


def test_the_place_is_that_of_the_view_in_the_picture() -> None:
    above = edits.resize(CAT, width=400, height=300)
    scene = np.concatenate([above, edits.resize(COFFEE, width=400, height=267)])
    found = votes_for(scene)[OF_COFFEE]
    heights = seen(scene).local.points[found.points][:, 1]
    assert found.agreeing > 20
    assert (heights > 300 / len(scene)).all()


def test_votes_for_another_picture_agree_on_nothing() -> None:
    assert max(one.agreeing for one in votes_for(CAT).values()) < 8


def test_without_hits_nobody_is_voted_for() -> None:
    local = seen(COFFEE).local
    assert votes(without_hits(10, 0), local, np.arange(10)) == []
    assert votes(CodeIndex().search(bits_of(local.descriptors[:10]), 8), local, np.arange(10)) == []


def test_few_views_are_looked_at_however_many_are_voted_for() -> None:
    local = seen(COFFEE).local
    crowd = CodeIndex()
    crowd.add(list(range(300)), [view_codes(extract_view(ROCKET))] * 300)
    hits = crowd.search(bits_of(local.descriptors[:500]), 512)
    assert len(votes(hits, local, np.arange(len(hits.ids)))) <= SPEC.views
