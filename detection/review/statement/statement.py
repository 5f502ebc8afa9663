"""Builds the statement of reasons for a restricted seller, with the fields of Article 17 of the EU's
Digital Services Act (Regulation 2022/2065).

It names the design, the right and the picture, and nothing that helps evasion: no similarity, threshold
or recognised edit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detection.intake.models import Verdict
from detection.review.statement.wording import ENGLISH, LANGUAGES
from fingerprints.territories import EVERYWHERE
from vision.pictures.formats import LISTED, NAMES


@dataclass(frozen=True)
class Ground:
    """The ground of one brand's restriction. `picture` counts from 1; `territories` are the right's, empty
    for everywhere; `decision_reason` is the reviewer's, empty without a decision.
    """

    brand: str
    design: str
    picture: int
    right_kind: str
    office: str
    number: str
    territories: Sequence[str]
    automated_decision: bool
    decision_reason: str = ""


@dataclass(frozen=True)
class Restriction:
    """A restriction of a listing. `territories` are the listing's, empty for all that the marketplace serves.
    `corrects`: the statement replaces a wrong one. `missing` are the pictures, from 1, that could not be
    examined; without `grounds` they are the only ground.
    """

    verdict: Verdict
    title: str
    since: datetime
    territories: Sequence[str]
    grounds: Sequence[Ground]
    appeal_days: int
    corrects: bool = False
    missing: Sequence[int] = ()


def statement(restriction: Restriction) -> dict[str, Any]:
    automated = all(ground.automated_decision for ground in restriction.grounds)
    return {
        "restriction": {Verdict.HOLD: "suspended", Verdict.BLOCK: "disabled"}[restriction.verdict],
        "territories": list(restriction.territories),
        "since": restriction.since.isoformat(),
        "until": None,
        "corrects_earlier": restriction.corrects,
        "ends": ends(restriction),
        "facts": [
            {
                "picture": ground.picture,
                "brand": ground.brand,
                "design": ground.design,
                "decision_reason": ground.decision_reason,
            }
            for ground in restriction.grounds
        ],
        "pictures_not_looked_at": list(restriction.missing),
        "source": "own_initiative",
        "automated_detection": True,
        "automated_decision": automated,
        "ground": "illegal_content" if restriction.grounds else "pictures_not_looked_at",
        "rights": [
            {
                "right_kind": ground.right_kind,
                "office": ground.office,
                "number": ground.number,
                "territories": list(ground.territories),
            }
            for ground in restriction.grounds
        ],
        "redress": [
            "internal_appeal" if restriction.grounds else "send_again",
            "out_of_court_settlement",
            "court",
        ],
        "appeal_days": restriction.appeal_days,
        "text": {
            language: (
                text(restriction, words, automated=automated)
                if restriction.grounds
                else text_without_grounds(restriction, words)
            )
            for language, words in LANGUAGES.items()
        },
    }


def text(restriction: Restriction, words: dict[str, str], *, automated: bool) -> str:
    kind = restriction.verdict.value
    lines = [
        *([words["corrects"]] if restriction.corrects else []),
        words[kind].format(title=restriction.title),
        words["territories"].format(territories=named(restriction.territories, words)),
        words[f"duration_{kind}"].format(since=f"{restriction.since:%Y-%m-%d %H:%M} UTC"),
        *(
            words["facts"].format(picture=ground.picture, brand=ground.brand, design=ground.design)
            for ground in restriction.grounds
        ),
        *missing(restriction, words),
        words["own_initiative"],
        words["detected_automatically"],
        words["decided_automatically" if automated else "decided_by_a_person"],
        *(
            words["ground_found" if ground.automated_decision else "ground_decided"].format(
                right_kind=words[ground.right_kind],
                brand=ground.brand,
                register=register_entry(ground),
                right_territories=named(ground.territories, words),
            )
            + reason_sentence(ground, words)
            for ground in restriction.grounds
        ),
        words["appeal"].format(days=restriction.appeal_days),
        words["elsewhere"],
    ]
    return "\n".join(lines)


def text_without_grounds(restriction: Restriction, words: dict[str, str]) -> str:
    """Returns the text for a listing that is held only because some pictures could not be examined."""
    lines = [
        words["incomplete"].format(title=restriction.title),
        words["territories"].format(territories=named(restriction.territories, words)),
        words["duration_incomplete"].format(since=f"{restriction.since:%Y-%m-%d %H:%M} UTC"),
        *missing(restriction, words),
        words["detected_automatically"],
        words["decided_automatically"],
        words["ground_incomplete"],
        words["send_again"].format(types=NAMES if words is ENGLISH else LISTED),
        words["elsewhere"],
    ]
    return "\n".join(lines)


def missing(restriction: Restriction, words: dict[str, str]) -> list[str]:
    return [words["missing"].format(picture=picture) for picture in restriction.missing]


def ends(restriction: Restriction) -> str:
    if restriction.verdict == Verdict.BLOCK:
        return "not_limited"
    return "when_decided" if restriction.grounds else "when_sent_again"


def reason_sentence(ground: Ground, words: dict[str, str]) -> str:
    """Returns the sentence of the reviewer's reason, or an empty string."""
    return f" {words[ground.decision_reason]}" if ground.decision_reason else ""


def register_entry(ground: Ground) -> str:
    """Returns the register entry; empty for a copyright without one."""
    where = f"{ground.office} {ground.number}".strip()
    return f": {where}" if where else ""


def named(territories: Sequence[str], words: dict[str, str]) -> str:
    if EVERYWHERE in territories:
        return words["worldwide"]
    return ", ".join(territories) or words["everywhere"]
