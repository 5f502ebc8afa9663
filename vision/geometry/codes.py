"""Binary codes of local features tell quickly which of many views share details with a listing's picture.

Each descriptor becomes 256 bits; each bit says which of two of its values is larger. Codes of a listing's
points vote for the views with the nearest codes. A vote's weight is how much nearer the code is than the
tenth nearest, which stands for what is near by chance. Shop photographs find their package among the first
four of 164 views by votes in 92% of cases, by the cosine of whole picture and windows in 85%, by one of the
two in 97% (`benchmarks/ledger.md`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from vision.geometry.features import LocalFeatures

BITS = 256


@dataclass(frozen=True)
class CodeSpec:
    """How local features become codes and how codes vote."""

    view_codes: int = 200  # the strongest points of a view: 6.4 KB
    listing_codes: int = 500  # all 1,000 points vote worse: faint points are near to anything
    nearest: int = 10  # votes of a point; the last one sets the scale


SPEC = CodeSpec()


type Codes = NDArray[np.uint8]
"""`uint8[n, BITS / 8]`."""

# Each of the 128 values is compared twice, with values ever farther away in the descriptor.
FIRST = np.arange(BITS) % 128
SECOND = (FIRST + 1 + np.arange(BITS) * 29 % 127) % 128


def view_codes(features: LocalFeatures) -> Codes:
    """Returns the codes of the view itself, without its simulated tilts."""
    return codes_of(features.descriptors[: min(SPEC.view_codes, features.parts[0])])


def listing_codes(features: LocalFeatures) -> Codes:
    return codes_of(features.descriptors[: SPEC.listing_codes])


def codes_of(descriptors: NDArray[np.uint8]) -> Codes:
    return np.packbits(descriptors[:, FIRST] > descriptors[:, SECOND], axis=1)


def votes(listing: Codes, views: Sequence[Codes]) -> NDArray[np.float64]:
    """Returns the weight of votes for each view, `float64[len(views)]`; only their order is meaningful."""
    counts = np.zeros(len(views))
    sizes = [len(codes) for codes in views]
    if sum(sizes) < SPEC.nearest or not len(listing):
        return counts
    index = faiss.IndexBinaryFlat(BITS)
    index.add(np.concatenate(views))
    differing, places = index.search(listing, SPEC.nearest)
    by_chance = np.maximum(differing[:, -1:], 1)
    weights = ((by_chance - differing) / by_chance) ** 2
    owners = np.repeat(np.arange(len(views)), sizes)
    np.add.at(counts, owners[places], weights)
    return counts
