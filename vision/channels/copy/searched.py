"""The points of a picture with the registered codes nearest to each. Each point is searched once, however
often the picture is looked at: at 10,000 views that takes longer than anything else of a further look.
"""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision.channels.copy import NAME
from vision.channels.register import Query, Register
from vision.geometry.codes import bits_of
from vision.geometry.features import LocalFeatures
from vision.index.codes import CodeHits, of_rows, replace, without_hits

CODES_OF_A_BRAND = 8  # of the nearest codes of a point


class SearchedPoints:
    def __init__(self, local: LocalFeatures, register: Register) -> None:
        self.local = local
        self.register = register
        self._searched = np.zeros(len(local), np.bool_)
        self._hits = without_hits(len(local), 0), without_hits(len(local), 0)

    @classmethod
    def of_picture(cls, query: Query) -> Self:
        """Returns the points of the listing's picture, the same at every call."""
        found: Self = query.shared.setdefault(
            f"{NAME}: points", cls(query.features.local, query.register)
        )
        return found

    def near(self, chosen: NDArray[np.int64]) -> tuple[CodeHits, CodeHits]:
        """Returns the codes nearest to these points: those of verified claimants and, apart, of others."""
        if len(new := chosen[~self._searched[chosen]]):
            self._search(new)
        verified, others = self._hits
        return of_rows(verified, chosen), of_rows(others, chosen)

    def _search(self, new: NDArray[np.int64]) -> None:
        bits = bits_of(self.local.descriptors[new])
        found = self.register.search_codes(NAME, bits, CODES_OF_A_BRAND)
        verified, others = (
            placed(known, new, one) for known, one in zip(self._hits, found, strict=True)
        )
        self._hits = verified, others
        self._searched[new] = True


def placed(known: CodeHits, rows: NDArray[np.int64], found: CodeHits) -> CodeHits:
    """Returns the hits with these rows replaced. Either may have no columns: nothing was registered then."""
    width = found.ids.shape[1]
    if not width:
        return known
    made = known if known.ids.shape[1] else without_hits(len(known.ids), width)
    replace(made, rows, found)
    return made
