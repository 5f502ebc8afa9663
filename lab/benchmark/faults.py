"""What went wrong with a listing, and why in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lab.benchmark.families import is_shop, is_single, shows_nothing_else
from lab.benchmark.rows import Comparison, Row
from vision.channels.registry import CHANNELS
from vision.channels.spec import Figure

type Kind = Literal["miss", "false alert", "wrong brand"]


@dataclass(frozen=True)
class Fault:
    """`compared` is the registered view to look at: the design that was missed, or the one that was taken."""

    kind: Kind
    row: Row
    design: str
    compared: Comparison | None
    reason: str


def faults(rows: Sequence[Row], threshold: float) -> list[Fault]:
    """Returns every miss, and each false alert once a picture."""
    found: list[Fault] = []
    alerted: set[tuple[str, str]] = set()
    for row in rows:
        picture = (row.family, row.path)
        if is_false_alert(row, threshold) and picture not in alerted:
            alerted.add(picture)
            found.append(Fault("false alert", row, row.other_design, row.other, alert_reason(row)))
        elif is_wrong_brand(row):
            reason = f"The strongest match is {taken(row)}."
            found.append(Fault("wrong brand", row, row.best_design, row.best, reason))
        if is_missed(row, threshold):
            found.append(Fault("miss", row, row.design_id, row.right, miss_reason(row)))
    return found


def is_missed(row: Row, threshold: float) -> bool:
    """Whether the design was not flagged; of shop photographs, whether nothing of the brand was."""
    similarity = row.brand_similarity if is_shop(row.family) else row.design_similarity
    return bool(row.design_id) and similarity < threshold


def is_false_alert(row: Row, threshold: float) -> bool:
    return row.other_similarity >= threshold and shows_nothing_else(row.family)


def is_wrong_brand(row: Row) -> bool:
    return is_shop(row.family) and row.flagged and row.best_brand != row.brand


def alert_reason(row: Row) -> str:
    kind = row.other_kind.replace("_", " ")
    return (
        f"Another brand's design {row.other_design} by the {row.other_channel} channel at "
        f"{row.other_similarity:.0f}, as {kind}."
    )


def miss_reason(row: Row) -> str:
    if row.refused:
        return f"The picture was refused: {row.refused}"
    if row.right is None:
        return "The design was refused at enrolment."
    reason = seen(row.right, reused=row.reused)
    if is_mistaken(row):
        return f"{reason} The strongest match is {taken(row)}."
    return reason


def is_mistaken(row: Row) -> bool:
    """Whether the strongest match is of a design that the listing does not show. On a shelf, other products
    of the brand may be shown.
    """
    if not row.flagged or row.best_design == row.design_id:
        return False
    of_the_brand = row.best_brand == row.brand and is_single(row.family)
    return of_the_brand or row.best_design == row.other_design


def seen(right: Comparison, *, reused: bool) -> str:
    if reused:
        return "The same pixels were matched before, so no channel was asked again."
    if not right.scores:
        if not right.retrieved:
            return "Nothing was retrieved."
        return f"Retrieved by {channels(right.retrieved)}, and nothing was verified."
    by = f"Retrieved by {channels(right.retrieved)}" if right.retrieved else "Not retrieved"
    best = max(right.scores, key=lambda name: right.scores[name])
    points = ", ".join(matched(best, right))
    return f"{by}: {points}{', ' if points else ''}similarity {right.scores[best]:.0f} by {best}."


def channels(names: Sequence[str]) -> str:
    return f"the {' and '.join(names)} channel{'s' if len(names) > 1 else ''}"


def matched(channel: str, compared: Comparison) -> list[str]:
    """Returns the figures of that channel that a reviewer reads, as text."""
    values = compared.figures.get(channel, {})
    return [
        f"{worded(figure, values[figure.name])}"
        for spec in CHANNELS
        if spec.name == channel
        for figure in spec.figures
        if figure.name in values
    ]


def worded(figure: Figure, value: float) -> str:
    if figure.unit == "points":
        return f"{value:.0f} {figure.label.lower()}"
    return f"{figure.label.lower()} {value:.2f}"


def taken(row: Row) -> str:
    return f"{row.best_design} by the {row.channel} channel at {row.similarity:.0f}"
