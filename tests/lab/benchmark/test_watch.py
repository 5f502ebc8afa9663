"""A watch knows every view that was retrieved, at the first look and later."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import uuid4

from lab.benchmark.watch import Watch, WatchedChannel
from tests.fake_encoder import OfShapes, OfThings
from tests.matchers import channels
from tests.toy_channel.channel import ToneChannel, Tones
from vision.channels.channel import Channel, LooksAgain, Settles
from vision.channels.copy import NAME
from vision.channels.matching import Scoring

FIRST, LATER = uuid4(), uuid4()


class Twice:
    """Retrieves one view, and another when it looks again."""

    spec = channels()[NAME].spec

    def retrieve(self, *_: Any) -> dict[Any, None]:
        return {FIRST: None}

    def look_again(self, *_: Any) -> dict[Any, None]:
        return {LATER: None}

    def join(self, known: Any, further: Any) -> Any:
        raise NotImplementedError

    def settle(self, _: Any, __: Any, findings: Mapping[Any, str]) -> dict[Any, str]:
        return {view: f"what is left of {finding}" for view, finding in findings.items()}


def test_views_of_the_second_look_count_as_retrieved() -> None:
    watched = WatchedChannel(cast("Channel", Twice()))
    watched.watch = Watch(cast("Scoring", None))
    assert watched.retrieve(None, cast("Any", None)) == {FIRST: None}
    assert watched.watch.channels_with({LATER}) == ()
    assert watched.look_again(None, cast("Any", None), {}) == {LATER: None}
    assert watched.watch.channels_with({LATER}) == (NAME,)


def test_a_channel_that_looks_once_has_nothing_more() -> None:
    assert not isinstance(ToneChannel(Tones()), LooksAgain)
    assert WatchedChannel(ToneChannel(Tones())).look_again(None, cast("Any", None), {}) == {}


def test_a_watched_channel_looks_again_and_settles_as_it_does_unwatched() -> None:
    for channel in channels(OfThings(), OfShapes()).values():
        watched = WatchedChannel(channel)
        assert isinstance(watched, LooksAgain)
        assert isinstance(watched, Settles)
        if not isinstance(channel, LooksAgain):
            assert watched.look_again(None, cast("Any", None), {}) == {}
            assert watched.join("known", "further") == "known"
        if not isinstance(channel, Settles):
            assert watched.settle(None, cast("Any", None), {}) == {}


def test_what_other_findings_leave_of_one_is_what_counts() -> None:
    watched = WatchedChannel(cast("Channel", Twice()))
    watched.watch = Watch(cast("Scoring", None), findings={FIRST: {NAME: "it"}})
    watched.settle(None, cast("Any", None), {FIRST: "it"})
    assert watched.watch.findings == {FIRST: {NAME: "what is left of it"}}
