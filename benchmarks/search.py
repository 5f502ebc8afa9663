"""Measures milliseconds, memory and recall of searching 1,000, 10,000 and 100,000 views.

    .venv/bin/python benchmarks/search.py [--folder DIR] [--views 1000 10000 100000]

All windows of one picture are searched at once, as in matching: by comparing with every vector, and by signs
first (vision/index/faiss.py). Both take turns on each picture, so their ratio holds on a busy machine too.
The catalogue is made from vectors of real pictures (benchmarks/crowd.py): the demo's, or those of a folder
with designs.csv and listings.csv, whose recall is more meaningful. Pictures that are searched for are not
used for the catalogue.
"""

import argparse
import ctypes
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

import django

django.setup()

import faiss
import numpy as np
from crowd import crowd

from lab.benchmark.statistics import percentile
from lab.calibration.folder import read_folder
from lab.demo.pictures import bundled
from lab.demo.scenario import cases
from vision.channels.copy.retrieval import SPEC as RETRIEVAL
from vision.channels.image_features import extract_features
from vision.encoders.base import Vectors
from vision.encoders.catalogue import CATALOGUE, load_encoder, load_windows_encoder
from vision.encoders.onnx import threads
from vision.index.base import Hit
from vision.index.faiss import FaissIndex
from vision.pictures.decode import decode

VECTORS_A_VIEW = 2  # the picture's and its negative's
SEARCHED = 40  # pictures
COSINES = (-1.0, 0.3, 0.5)  # recall is stated for neighbours from each of these on

type Answers = list[list[Hit]]


class Exact(FaissIndex):
    exact_below = sys.maxsize


class BySigns(FaissIndex):
    exact_below = 0


@dataclass(frozen=True)
class Measured:
    """Milliseconds by picture, and the answers of all windows in order."""

    milliseconds: list[float]
    answers: Answers

    def __str__(self) -> str:
        middle, high = (percentile(self.milliseconds, share) for share in (0.5, 0.95))
        return f"{middle:7.1f} {high:7.1f}"


def pictures(folder: Path | None, most: int) -> tuple[list[bytes], list[bytes]]:
    """Returns the pictures for the catalogue and those to search for."""
    if folder is None:
        shown = bundled()
        photographs = [one.data for one in (*shown.registered, *shown.unrelated)]
        return photographs, [case.data for case in cases(shown, 1)][:SEARCHED]
    labelled = read_folder(folder)
    paths = [row.path for row in labelled.listings]
    chosen = paths[:: max(1, len(paths) // most)]
    searched = chosen[:: max(1, len(chosen) // SEARCHED)]
    made_of = [row.path for row in labelled.designs] + sorted(set(chosen) - set(searched))
    return read(folder, made_of), read(folder, searched)


def read(folder: Path, paths: list[str]) -> list[bytes]:
    return [(folder / path).read_bytes() for path in paths]


def embedded(files: list[bytes], encoder: str) -> list[Vectors]:
    """Embeds each picture's windows as matching does."""
    whole = load_encoder(encoder)
    quick = load_windows_encoder(whole.spec)
    return [extract_features(decode(data), whole, quick).vectors for data in files]


def filled(index: FaissIndex, real: Vectors, count: int) -> float:
    """Fills the index and returns the megabytes it took."""
    before = resident()
    for batch in crowd(real, count):
        index.add(len(index) + np.arange(len(batch), dtype=np.int64), batch)
    return resident() - before


def resident() -> float:
    """Returns this process's memory in megabytes; nan on systems other than Linux."""
    status = Path("/proc/self/statm")
    if not status.exists():
        return float("nan")
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)  # frees unused memory, so that the next allocation cannot hide in it
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(exact: Exact, by_signs: BySigns, searched: list[Vectors]) -> tuple[Measured, Measured]:
    """Measures in turns. The first picture, during which memory is still allocated, counts only
    for answers.
    """
    results = Measured([], []), Measured([], [])
    for vectors in searched:
        for index, result in zip((exact, by_signs), results, strict=True):
            started = time.perf_counter()
            answers = index.search(vectors, k=RETRIEVAL.neighbours)
            result.milliseconds.append((time.perf_counter() - started) * 1000)
            result.answers.extend(answers)
    for result in results:
        del result.milliseconds[0]
    return results


def recall(found: Answers, expected: Answers, cosine: float) -> float:
    kept = wanted = 0
    for row, reference in zip(found, expected, strict=True):
        ids = {hit.id for hit in row}
        near = [hit.id for hit in reference if hit.score >= cosine]
        kept, wanted = kept + sum(number in ids for number in near), wanted + len(near)
    return kept / wanted if wanted else 1.0


def row(views: int, real: Vectors, searched: list[Vectors]) -> str:
    indexes = Exact(real.shape[1]), BySigns(real.shape[1])
    megabytes = [filled(index, real, VECTORS_A_VIEW * views) for index in indexes]
    exact, by_signs = measured(*indexes, searched)
    ratio = percentile(
        [one / other for one, other in zip(exact.milliseconds, by_signs.milliseconds, strict=True)],
        0.5,
    )
    recalls = " ".join(f"{recall(by_signs.answers, exact.answers, c):7.2%}" for c in COSINES)
    serving = "signs" if len(indexes[0]) >= FaissIndex.exact_below else "exact"
    return (
        f"{views:8,} {len(indexes[0]):8,} {exact} {megabytes[0]:6.0f} {by_signs} "
        f"{megabytes[1]:6.0f} {ratio:6.1f} {recalls}   {serving}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="has designs.csv and listings.csv")
    parser.add_argument(
        "--pictures", type=int, default=300, help="use at most this many of its listings"
    )
    parser.add_argument("--views", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--encoder", choices=list(CATALOGUE), default="sscd")
    chosen = parser.parse_args()
    faiss.omp_set_num_threads(threads())
    made_of, files = pictures(chosen.folder, chosen.pictures)
    real = np.concatenate(embedded(made_of, chosen.encoder))
    searched = embedded(files, chosen.encoder)
    print(
        f"{len(searched)} pictures of {len(searched[0])} windows, {RETRIEVAL.neighbours} neighbours of each, "
        f"{threads()} thread(s); catalogue made of {len(real):,} real vectors, {VECTORS_A_VIEW} a "
        "view. MB: in memory. Recall: of the 200 nearest, and of those at a cosine or nearer."
    )
    print(f"{'':18}{'exact':>16}{'':7} {'by signs':>15}{'':7} {'times':>6} {'recall':>23}")
    print(
        f"{'views':>8} {'vectors':>8} {'p50 ms':>7} {'p95 ms':>7} {'MB':>6} {'p50 ms':>7} "
        f"{'p95 ms':>7} {'MB':>6} {'faster':>6} {'of 200':>7} {'0.3':>7} {'0.5':>7}   serves"
    )
    for views in chosen.views:
        print(row(views, real, searched), flush=True)


if __name__ == "__main__":
    main()
