"""Makes the centres around which local-feature codes are filed (vision/geometry/code_words.npy).

    .venv/bin/python benchmarks/code_words.py FOLDER [FOLDER ...] [--words 4096]

Clusters the codes of all pictures below the folders. The centres decide how fast and how completely codes
are found, never whether pictures match. Changing them requires building the indexes anew.
"""

import argparse
import sys
from pathlib import Path

import faiss
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vision.geometry.codes import BITS, WORDS, bits_of
from vision.geometry.features import extract
from vision.pictures.decode import decode
from vision.pictures.folder import pictures_below

FEWEST = 39  # codes for each centre, as FAISS advises


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--words", type=int, default=4096)
    parser.add_argument("--out", type=Path, default=WORDS)
    options = parser.parse_args()
    files = [file for folder in options.folders for file in pictures_below(folder)]
    codes = []
    for done, file in enumerate(files, 1):
        codes.append(bits_of(extract(decode(file.read_bytes()).pixels).descriptors))
        sys.stderr.write(f"\r{done} of {len(files)} pictures")
    rows = np.concatenate(codes)
    if len(rows) < FEWEST * options.words:
        sys.exit(f"{len(rows)} codes are too few for {options.words} centres: add pictures.")
    np.save(options.out, centres(rows, options.words), allow_pickle=False)
    sys.stderr.write(f"\n{options.words} centres of {len(rows)} codes in {options.out}\n")


def centres(rows: np.ndarray, count: int) -> np.ndarray:
    taken = np.random.default_rng(0).permutation(len(rows))[: FEWEST * count]
    words = faiss.IndexBinaryFlat(BITS)
    index = faiss.IndexBinaryIVF(words, BITS, count)
    index.train(np.ascontiguousarray(rows[taken]))
    return np.asarray(words.reconstruct_n(0, count), np.uint8)


if __name__ == "__main__":
    main()
