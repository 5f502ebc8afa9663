"""A folder of labelled pictures: `designs.csv` and `listings.csv` beside the pictures they name.

designs.csv: design_id, brand, kind, path; several rows of one design are its views. listings.csv: path,
family, design_id, brand. Both are empty for an unrelated listing; design_id alone is empty for another
product of a registered brand.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management.base import CommandError

from brandguard.kernel.tables import Columns, UnreadableImport, read_table
from vision.pictures.decode import Decoded, decode

EDITED_KINDS = {"packaging", "photo"}  # kinds of design that are edited
# Other registered brands may really be visible in these, so a match with one need not be false.
OTHERS_BEHIND = {"shop-photo", "sibling-photo", "unrelated-carton", "shelf-noisy"}
MAX_ROWS = 1_000_000
DESIGN_FIELDS = ("design_id", "brand", "kind", "path")
LISTING_FIELDS = ("path", "family", "design_id", "brand")


@dataclass(frozen=True)
class DesignRow:
    design_id: str
    brand: str
    kind: str
    path: str


@dataclass(frozen=True)
class ListingRow:
    path: str
    family: str
    design_id: str
    brand: str


@dataclass(frozen=True)
class LabelledFolder:
    root: Path
    designs: tuple[DesignRow, ...]
    listings: tuple[ListingRow, ...]
    elsewhere: Mapping[str, Path] = field(
        default_factory=dict
    )  # roots of the paths not below `root`

    def picture(self, path: str) -> Decoded:
        return decode((self.elsewhere.get(path, self.root) / path).read_bytes())

    def half(self, number: int) -> "LabelledFolder":
        """Returns half 0 or 1. A hash assigns brands and unrelated listings: calibrate on one half, report
        on the other.
        """
        return LabelledFolder(
            self.root,
            tuple(row for row in self.designs if half_of(row.brand) == number),
            tuple(row for row in self.listings if half_of(row.brand or row.path) == number),
            self.elsewhere,
        )


def joined(folders: Sequence[LabelledFolder]) -> LabelledFolder:
    """Returns one folder with the rows of all. Raises CommandError if two have a picture of the same
    path.
    """
    roots: dict[str, Path] = {}
    for folder in folders:
        paths = [row.path for row in folder.designs] + [row.path for row in folder.listings]
        for path in paths:
            if roots.setdefault(path, folder.root) != folder.root:
                raise CommandError(f"{path} is in {roots[path]} and in {folder.root}: rename one.")
    return LabelledFolder(
        folders[0].root,
        tuple(row for folder in folders for row in folder.designs),
        tuple(row for folder in folders for row in folder.listings),
        roots,
    )


def is_background(row: ListingRow) -> bool:
    """Whether the listing belongs to the normalisation cohort: half of the unrelated ones do, and fit
    nothing else.
    """
    unrelated = row.family.startswith("unrelated-") and row.family not in OTHERS_BEHIND
    return unrelated and half_of(f"background {row.path}") == 0


def half_of(name: str) -> int:
    return hashlib.sha256(name.encode()).digest()[0] % 2


def read_folder(root: Path) -> LabelledFolder:
    """Reads the folder. Raises CommandError, which names the missing file or column."""
    return LabelledFolder(
        root,
        tuple(DesignRow(*row) for row in rows(root / "designs.csv", DESIGN_FIELDS)),
        tuple(ListingRow(*row) for row in rows(root / "listings.csv", LISTING_FIELDS)),
    )


def rows(path: Path, fields: tuple[str, ...]) -> Iterator[list[str]]:
    """Yields the fields. Other columns are ignored, as folders may contain notes."""
    if not path.is_file():
        raise CommandError(
            f"{path} is missing: name a folder that has designs.csv and listings.csv."
        )
    columns = Columns(path.name, fields, (), (), most_rows=MAX_ROWS, others=True)
    try:
        with path.open("rb") as file:
            table = read_table(file, columns)
    except UnreadableImport as error:
        raise CommandError(f"{path}: {error.advice}") from error
    for wrong in table.faults:
        raise CommandError(
            f"{path}, row {wrong.row}, column {wrong.column}: {wrong.message} {wrong.remedy}"
        )
    for row in table.rows:
        yield [row.cells.get(name, "") for name in fields]
