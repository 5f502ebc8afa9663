"""Watches what each channel retrieves and verifies, because matches below 50 are not stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from detection.matching.matcher import Matcher
from vision.channels.channel import Channel, Evidence, LooksAgain, Settles
from vision.channels.matching import Scoring
from vision.channels.register import Query, View


@dataclass
class Watch:
    """What was seen of one listing. `findings` is by view, then by channel; a listing with several frames
    keeps the finding of the highest similarity. `retrieved` is by channel.
    """

    scoring: Scoring
    retrieved: dict[str, set[UUID]] = field(default_factory=dict)
    findings: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def note(self, view: UUID, channel: str, finding: Any) -> None:
        known = self.findings.setdefault(view, {})
        if channel not in known or self.score(channel, finding) > self.score(
            channel, known[channel]
        ):
            known[channel] = finding

    def score(self, channel: str, finding: Any) -> float:
        return self.scoring.by_channel(Evidence({channel: finding}))[channel]

    def scores(self, view: UUID) -> dict[str, float]:
        return self.scoring.by_channel(Evidence(self.findings.get(view, {})))

    def figures(self, view: UUID) -> dict[str, dict[str, float]]:
        found = self.scoring.figures(Evidence(self.findings.get(view, {})))
        return {channel: dict(figures) for channel, figures in found.items()}

    def channels_with(self, views: set[UUID]) -> tuple[str, ...]:
        """Returns the channels that retrieved one of these views."""
        return tuple(name for name, found in self.retrieved.items() if found & views)


class WatchedChannel:
    """A channel that tells the watch of every answer. Every other call goes to the channel itself."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.watch: Watch | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    def retrieve(self, described: Any, query: Query) -> dict[UUID, Any]:
        return self._noted(self._channel.retrieve(described, query))

    def look_again(
        self, described: Any, query: Query, findings: Mapping[UUID, Any]
    ) -> dict[UUID, Any]:
        if not isinstance(self._channel, LooksAgain):
            return {}
        return self._noted(self._channel.look_again(described, query, findings))

    def join(self, known: Any, further: Any) -> Any:
        # Written out, because isinstance sees no method that __getattr__ gives.
        return (
            self._channel.join(known, further) if isinstance(self._channel, LooksAgain) else known
        )

    def _noted(self, retrieved: dict[UUID, Any]) -> dict[UUID, Any]:
        if self.watch:
            known = self.watch.retrieved.setdefault(self._channel.spec.name, set())
            known.update(retrieved)
        return retrieved

    def verify(self, described: Any, view: View, candidate: Any, *, identical: bool) -> Any | None:
        finding = self._channel.verify(described, view, candidate, identical=identical)
        if self.watch and finding is not None:
            self.watch.note(view.image, self._channel.spec.name, finding)
        return finding

    def settle(
        self, described: Any, query: Query, findings: Mapping[UUID, Any]
    ) -> Mapping[UUID, Any]:
        if not isinstance(self._channel, Settles):
            return {}
        changed = self._channel.settle(described, query, findings)
        if self.watch:
            for view, finding in changed.items():
                self.watch.findings[view][self._channel.spec.name] = finding
        return changed


def watched(matcher: Matcher) -> Matcher:
    """Returns a matcher whose channels can be watched; its answers are the same."""
    channels: Mapping[str, Any] = {
        name: WatchedChannel(channel) for name, channel in matcher.channels.items()
    }
    return replace(matcher, scoring=replace(matcher.scoring, channels=channels))


def begin_watch(matcher: Matcher) -> Watch:
    """Starts a watch of a watched matcher, which ends the one before."""
    watch = Watch(matcher.scoring)
    channels: Mapping[str, Any] = matcher.channels
    for channel in channels.values():
        channel.watch = watch
    return watch
