"""Several views as owners have them: three of a package's shop photographs become views of its design.

The other shop photographs, and cartons of brands that are not registered, are matched once more with them.
"""

import hashlib
from collections.abc import Iterator

from lab.benchmark.families import WITH_VIEWS
from lab.benchmark.rows import Job, Shown
from lab.calibration.folder import LabelledFolder, ListingRow

ADDED = 3
SHOP, CARTON = "shop-photo", "unrelated-carton"


def photographs(folder: LabelledFolder) -> dict[str, list[ListingRow]]:
    """Returns the shop photographs by design, of designs with more than become views. The hash of the path
    says which are first, so that names in the order of shooting choose nothing.
    """
    of: dict[str, list[ListingRow]] = {}
    for row in folder.listings:
        if row.family == SHOP and row.design_id:
            of.setdefault(row.design_id, []).append(row)
    return {
        design: sorted(rows, key=lambda row: hashlib.sha256(row.path.encode()).digest())
        for design, rows in of.items()
        if len(rows) > ADDED
    }


def views_jobs(folder: LabelledFolder) -> Iterator[Job]:
    known = photographs(folder)
    if not known:
        return
    others = [row for row in folder.listings if row.family == CARTON]
    for row in [*(row for rows in known.values() for row in rows[ADDED:]), *others]:
        yield Job(row.path, row.family + WITH_VIEWS, (Shown(row.design_id, row.brand),))
