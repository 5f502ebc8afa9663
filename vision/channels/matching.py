"""Matches one listing picture against the register: retrieves, verifies, scores and explains by channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from vision.channels.calibration import Calibration
from vision.channels.channel import Channel, Evidence, Explanation, LooksAgain, Settles
from vision.channels.image_features import ImageFeatures
from vision.channels.register import Query, Register, View
from vision.channels.spec import Figures
from vision.stages import stage

type Found = tuple[View, Evidence]

# Times that a picture is looked at again, which bounds what a shelf costs.
ROUNDS = 4


def match_image(
    features: ImageFeatures, register: Register, channels: Mapping[str, Channel]
) -> list[Found]:
    """Returns every candidate view with its evidence."""
    return Matching(Query(features, register), channels).found()


class Matching:
    """The matching of one picture by all channels."""

    def __init__(self, query: Query, channels: Mapping[str, Channel]) -> None:
        self.query = query
        self.channels = channels
        self.described = {
            name: channel.describe(query.features) for name, channel in channels.items()
        }

    def found(self) -> list[Found]:
        """Returns all candidates. The picture is looked at again while something new is found."""
        retrieved = {name: self.retrieve(name) for name in self.channels}
        found = {view.image: (view, evidence) for view, evidence in self.verified(retrieved)}
        for _ in range(ROUNDS):
            further = self.verified(self.look_again(list(found.values())))
            if not further:
                break
            for view, evidence in further:
                known = found.get(view.image)
                found[view.image] = view, self.joined(known[1], evidence) if known else evidence
        return self.settled(list(found.values()))

    def settled(self, found: Sequence[Found]) -> list[Found]:
        """Returns the candidates with what each channel makes of all its findings together."""
        for name, channel in self.channels.items():
            if isinstance(channel, Settles):
                with stage(f"{name}: settle"):
                    changed = channel.settle(
                        self.described[name], self.query, findings_of(found, name)
                    )
                found = [
                    (view, with_finding(evidence, name, changed.get(view.image)))
                    for view, evidence in found
                ]
        return list(found)

    def joined(self, known: Evidence, further: Evidence) -> Evidence:
        """Returns the evidence with that of other places in the picture."""
        findings = dict(known.findings)
        for name, finding in further.findings.items():
            channel = self.channels[name]
            if isinstance(channel, LooksAgain):
                findings[name] = channel.join(findings[name], finding)
        return replace(known, findings=findings)

    def verified(self, retrieved: Mapping[str, Mapping[UUID, Any]]) -> list[Found]:
        """Returns these candidates with their evidence. A channel with `verifies_all` verifies every
        candidate, whichever channel retrieved it.
        """
        own = self.verify_own(retrieved)
        wanted = [retrieved[name] for name in self.channels if name not in own]
        wanted += [own[name] for name in self.channels if name in own]
        images = dict.fromkeys(image for found in wanted for image in found)
        with stage("views"):
            views = self.query.register.views(list(images))
        return [(view, self.evidence(view, retrieved, own)) for view in views]

    def evidence_for(self, image: UUID) -> Evidence | None:
        """Returns the evidence for one view, as the whole picture gives it where the view is found there;
        None where it is not registered.
        """
        for view, evidence in self.found():
            if view.image == image:
                return evidence
        views = self.query.register.views([image])
        if not views:
            return None
        retrieved = {
            name: {view: found for view, found in self.retrieve(name).items() if view == image}
            for name in self.channels
        }
        return self.evidence(views[0], retrieved, self.verify_own(retrieved))

    def retrieve(self, name: str) -> Mapping[UUID, Any]:
        with stage(f"{name}: retrieve"):
            return self.channels[name].retrieve(self.described[name], self.query)

    def look_again(self, found: Sequence[Found]) -> dict[str, Mapping[UUID, Any]]:
        """Returns further candidates by channel: new ones, and other places of those found."""
        further: dict[str, Mapping[UUID, Any]] = {name: {} for name in self.channels}
        for name, channel in self.channels.items():
            if not isinstance(channel, LooksAgain):
                continue
            with stage(f"{name}: look again"):
                further[name] = channel.look_again(
                    self.described[name], self.query, findings_of(found, name)
                )
        return further

    def verify_own(self, retrieved: Mapping[str, Mapping[UUID, Any]]) -> dict[str, dict[UUID, Any]]:
        """Returns the findings of the channels that verify only what they retrieved themselves."""
        return {
            name: self.verify_candidates(name, candidates)
            for name, candidates in retrieved.items()
            if not self.channels[name].spec.verifies_all
        }

    def verify_candidates(self, name: str, candidates: Mapping[UUID, Any]) -> dict[UUID, Any]:
        views = self.query.register.views(list(candidates))
        made = {view.image: self.verify(name, view, candidates[view.image]) for view in views}
        return {image: finding for image, finding in made.items() if finding is not None}

    def verify(self, name: str, view: View, candidate: Any) -> Any | None:
        identical = view.image in self.query.identical
        with stage(f"{name}: verify"):
            return self.channels[name].verify(
                self.described[name], view, candidate, identical=identical
            )

    def evidence(
        self,
        view: View,
        retrieved: Mapping[str, Mapping[UUID, Any]],
        own: Mapping[str, Mapping[UUID, Any]],
    ) -> Evidence:
        """Collects the evidence. Equal pixels need no other channel."""
        identical = view.image in self.query.identical
        findings: dict[str, Any] = {}
        for name in self.channels:
            if name not in own:
                findings[name] = self.verify(name, view, retrieved[name].get(view.image))
            elif not identical and view.image in own[name]:
                findings[name] = own[name][view.image]
        present = {name: finding for name, finding in findings.items() if finding is not None}
        return Evidence(present, identical=identical)


def findings_of(found: Sequence[Found], channel: str) -> dict[UUID, Any]:
    return {
        view.image: evidence.findings[channel]
        for view, evidence in found
        if channel in evidence.findings
    }


def with_finding(evidence: Evidence, channel: str, finding: Any | None) -> Evidence:
    if finding is None:
        return evidence
    return replace(evidence, findings={**evidence.findings, channel: finding})


@dataclass(frozen=True)
class Scoring:
    """The similarity of evidence: the highest similarity of any channel by its own calibration.

    What else is registered changes it only through `settled`, and only downwards.
    """

    channels: Mapping[str, Channel]
    calibration: Calibration

    def by_channel(self, evidence: Evidence) -> dict[str, float]:
        """Returns 0..100 for each channel with a finding, in registry order."""
        return {
            name: self.channels[name].similarity(finding, self.calibration.channels[name])
            for name, finding in evidence.findings.items()
        }

    def similarity(self, evidence: Evidence) -> float:
        return max(self.by_channel(evidence).values())

    def channel_of(self, evidence: Evidence) -> str:
        """Returns the channel with the highest similarity; the first one wins a tie."""
        scored = self.by_channel(evidence)
        return max(scored, key=lambda name: scored[name])

    def explain(self, features: ImageFeatures, view: View, evidence: Evidence) -> Explanation:
        channel = self.channels[self.channel_of(evidence)]
        return channel.explain(features, view, evidence, self.calibration)

    def figures(self, evidence: Evidence) -> dict[str, Figures]:
        return {
            name: self.channels[name].figures(finding)
            for name, finding in evidence.findings.items()
        }
