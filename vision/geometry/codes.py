"""A first look by local features: which of many views share details with a listing's picture.

Each descriptor becomes 256 bits: which of two of its values is the larger, for 256 pairs. Codes of
a listing's points vote for the views that have the nearest codes, the more the nearer they are than
the tenth, which stands for what is near by chance. Shop photographs find their package among the
first four of 164 views by votes in 92% of cases, by the cosine of whole and windows in 85%, by one
of the two in 97% (`benchmarks/ledger.md`).
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
    """How local features become codes, and how these vote."""

    view_codes: int = 200  # of a view, its strongest: 6.4 KB
    listing_codes: int = 500  # all 1,000 vote worse: faint points are near to anything
    nearest: int = 10  # votes a point has, the last of which sets the measure


SPEC = CodeSpec()


type Codes = NDArray[np.uint8]
"""`uint8[n, BITS / 8]`."""

# Each of the 128 values is compared twice, with others that lie ever farther in the descriptor.
FIRST = np.arange(BITS) % 128
SECOND = (FIRST + 1 + np.arange(BITS) * 29 % 127) % 128


def view_codes(features: LocalFeatures) -> Codes:
    """Of the view as it is, not of the squeezed looks."""
    return codes_of(features.descriptors[: min(SPEC.view_codes, features.parts[0])])


def listing_codes(features: LocalFeatures) -> Codes:
    return codes_of(features.descriptors[: SPEC.listing_codes])


def codes_of(descriptors: NDArray[np.uint8]) -> Codes:
    return np.packbits(descriptors[:, FIRST] > descriptors[:, SECOND], axis=1)


def votes(listing: Codes, views: Sequence[Codes]) -> NDArray[np.float64]:
    """How much speaks for each view, `float64[len(views)]`; only the order means anything."""
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
