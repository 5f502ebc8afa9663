"""Draws the rooms and the slices of detection into docs/architecture.md, from the imports in the code."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

PAGE = Path(__file__).resolve().parents[3] / "docs" / "architecture.md"
BEGIN, END = "<!-- begin: ./run manage draw_rooms -->", "<!-- end: ./run manage draw_rooms -->"
KERNEL = "kernel"

# From top to bottom, in the order of import-linter's layers in pyproject.toml.
ROOMS = {
    "lab": "offline: benchmark, calibration, training, demo",
    "brandguard": "composition root: settings, URLs, Celery, wiring, runtime",
    "detection": "the running service, in six slices",
    "fingerprints": "the register: brands, designs, rights, enrolment, index",
    "accounts": "organisations, people, marketplaces, audit trail",
    "vision": "pictures, encoders, geometry, index, channels; no Django",
}
SLICES = {
    "operations": "what the operator's staff sees and does",
    "review": "verdicts, alerts, decisions, appeals",
    "matching": "listing pictures against the register",
    "intake": "listings, imports, fetching of pictures",
    "delivery": "events and webhooks",
    "outbound": "safe HTTP to hosts of strangers",
}

type Arrow = tuple[str, str]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--page", type=Path, default=PAGE, help="the page with the markers")

    def handle(self, *_: Any, page: Path, **__: Any) -> None:
        try:
            page.write_text(redrawn(page.read_text(), drawing(imports_of_the_code())))
        except ModuleNotFoundError as error:
            raise CommandError(f"{error}: run ./run check first, which installs it.") from error
        self.stdout.write(f"{page} is up to date.")


def imports_of_the_code() -> list[Arrow]:
    """Returns (importing module, imported module) pairs, without imports for types alone."""
    import grimp  # a development tool, which the service is installed without

    graph = grimp.build_graph(*ROOMS, exclude_type_checking_imports=True, cache_dir=None)
    return [
        (module, imported)
        for module in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
    ]


def room_of(module: str) -> str:
    room, *inner = module.split(".")
    return KERNEL if room == "brandguard" and inner[:1] == [KERNEL] else room


def slice_of(module: str) -> str:
    """Returns the slice, or an empty string outside slices."""
    room, *inner = module.split(".")
    return inner[0] if room == "detection" and inner and inner[0] in SLICES else ""


def arrows(imports: Iterable[Arrow], box_of: Callable[[str], str]) -> Counter[Arrow]:
    """Counts the imports between each pair of boxes."""
    pairs = ((box_of(module), box_of(imported)) for module, imported in imports)
    return Counter((one, other) for one, other in pairs if one and other and one != other)


def drawing(imports: Iterable[Arrow]) -> str:
    """Returns two Mermaid blocks. Every room imports the kernel, so a number replaces its arrows."""
    known = list(imports)
    rooms = arrows(known, room_of)
    to_kernel = sum(count for (_, room), count in rooms.items() if room == KERNEL)
    between = Counter({pair: count for pair, count in rooms.items() if KERNEL not in pair})
    kernel = {KERNEL: f"shared by all rooms: imported {to_kernel} times"}
    return "\n\n".join(
        [
            "**Rooms**",
            block(ROOMS | kernel, between, below=KERNEL),
            "**Slices of `detection/`**",
            block(SLICES, arrows(known, slice_of)),
        ]
    )


def block(boxes: Mapping[str, str], counts: Mapping[Arrow, int], below: str = "") -> str:
    """Returns one Mermaid block. `below` is a box without arrows, drawn under the last one."""
    order = list(boxes)
    names = [f'    {box}["<b>{box}</b><br/>{what}"]' for box, what in boxes.items()]
    drawn = sorted(counts, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    lines = [f"    {one} -->|{counts[one, other]}| {other}" for one, other in drawn]
    if below:
        lines.append(f"    {order[order.index(below) - 1]} ~~~ {below}")
    return "\n".join(["```mermaid", "flowchart TD", *names, *lines, "```"])


def redrawn(page: str, picture: str) -> str:
    """Returns the page with that picture between its markers. Raises CommandError."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise CommandError(f"The page has no {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{picture}\n{END}{after}"
