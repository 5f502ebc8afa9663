"""The statement of reasons that a restricted seller is owed, with the fields of Article 17 of the EU's
Digital Services Act (Regulation 2022/2065).

It names design, right and picture, and nothing that helps to evade: no similarity, no threshold, no
edit that was recognised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detection.models import Verdict
from detection.statement.wording import LANGUAGES
from fingerprints.territories import EVERYWHERE


@dataclass(frozen=True)
class Ground:
    """What one brand's claim rests on. `picture` counts from 1; `territories` of the right, none for
    everywhere.
    """

    brand: str
    design: str
    picture: int
    right_kind: str
    office: str
    number: str
    territories: Sequence[str]
    automated_decision: bool


@dataclass(frozen=True)
class Restriction:
    """`territories` are the listing's, none for wherever the marketplace serves; `corrects` says that it
    takes the place of a statement that was wrong.
    """

    verdict: Verdict
    title: str
    since: datetime
    territories: Sequence[str]
    grounds: Sequence[Ground]
    appeal_days: int
    corrects: bool = False


def statement(restriction: Restriction) -> dict[str, Any]:
    automated = all(ground.automated_decision for ground in restriction.grounds)
    return {
        "restriction": {Verdict.HOLD: "suspended", Verdict.BLOCK: "disabled"}[restriction.verdict],
        "territories": list(restriction.territories),
        "since": restriction.since.isoformat(),
        "until": None,
        "corrects_earlier": restriction.corrects,
        "ends": "when_decided" if restriction.verdict == Verdict.HOLD else "not_limited",
        "facts": [
            {"picture": ground.picture, "brand": ground.brand, "design": ground.design}
            for ground in restriction.grounds
        ],
        "source": "own_initiative",
        "automated_detection": True,
        "automated_decision": automated,
        "ground": "illegal_content",
        "rights": [
            {
                "right_kind": ground.right_kind,
                "office": ground.office,
                "number": ground.number,
                "territories": list(ground.territories),
            }
            for ground in restriction.grounds
        ],
        "redress": ["internal_appeal", "out_of_court_settlement", "court"],
        "appeal_days": restriction.appeal_days,
        "text": {
            language: text(restriction, words, automated=automated)
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
        words["own_initiative"],
        words["detected_automatically"],
        words["decided_automatically" if automated else "decided_by_a_person"],
        *(
            words["ground_found" if ground.automated_decision else "ground_decided"].format(
                right_kind=words[ground.right_kind],
                brand=ground.brand,
                register=registered(ground),
                right_territories=named(ground.territories, words),
            )
            for ground in restriction.grounds
        ),
        words["appeal"].format(days=restriction.appeal_days),
        words["elsewhere"],
    ]
    return "\n".join(lines)


def registered(ground: Ground) -> str:
    """Copyright may be in no register."""
    where = f"{ground.office} {ground.number}".strip()
    return f": {where}" if where else ""


def named(territories: Sequence[str], words: dict[str, str]) -> str:
    if EVERYWHERE in territories:
        return words["worldwide"]
    return ", ".join(territories) or words["everywhere"]
