"""Measures the milliseconds for a file with several pictures, beside a still one of the same size.

    .venv/bin/python benchmarks/renditions.py [--frames 8] [--repeat 5]

Each file is decoded, and each of its renditions is matched, in one process with the threads of one worker
process. The first run, which loads libraries, is left out.
"""

import argparse
import io
import os
import sys
import time
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brandguard.settings")

import django

django.setup()

from PIL import Image

from fingerprints.actions.enrol import describe
from lab.benchmark.statistics import percentile
from lab.calibration.memory import MemoryRegister
from lab.demo.pictures import bundled
from vision.channels.image_features import extract_features
from vision.channels.matching import match_image
from vision.channels.registry import Channels, load_channels
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_encoder, load_windows_encoder
from vision.pictures.decode import decode
from vision.pictures.renditions import renditions_in

SIZE = (800, 600)


def files(frames: int) -> dict[str, bytes]:
    shown = [*bundled().registered, *bundled().unrelated]
    pictures = [
        Image.fromarray(decode(one.data).pixels).resize(SIZE)
        for one in (shown * frames)[: max(frames, 2)]
    ]
    still = saved(pictures[:1], "PNG")
    cut_out = pictures[0].copy()
    cut_out.putalpha(pictures[1].convert("L"))
    films = {kind: saved(pictures, kind) for kind in ("GIF", "WEBP", "PNG", "AVIF")}
    return {"a still": still, "a transparent still": saved([cut_out], "PNG"), **films}


def saved(pictures: list[Image.Image], kind: str) -> bytes:
    file = io.BytesIO()
    first, *others = pictures
    how = {"save_all": True, "append_images": others, "duration": 200} if others else {}
    first.save(file, kind, **how)
    return file.getvalue()


def enrolled(channels: Channels) -> MemoryRegister:
    register = MemoryRegister(channels)
    for photograph in bundled().registered:
        decoded = decode(photograph.data)
        made = describe(decoded.pixels, "photo", channels)
        register.enrol(uuid5(NAMESPACE_URL, photograph.name), decoded.pixel_sha256, made)
    return register


def matched(
    data: bytes, encoder: Encoder, channels: Channels, register: MemoryRegister
) -> tuple[int, float, float]:
    """Returns the number of renditions, the total milliseconds, and those for finding and decoding them."""
    started = time.perf_counter()
    count = len(list(renditions_in(data)))
    decoding = time.perf_counter() - started
    quick = load_windows_encoder(encoder.spec)
    started = time.perf_counter()
    for rendition in renditions_in(data):
        match_image(extract_features(rendition.decoded, encoder, quick), register, channels)
    return count, (time.perf_counter() - started) * 1000, decoding * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--repeat", type=int, default=5)
    chosen = parser.parse_args()
    encoder = load_encoder("sscd")
    channels = load_channels()
    register = enrolled(channels)
    print(f"{'file':<20} {'renditions':>5} {'p50 ms':>8} {'p95 ms':>8} {'decode':>8}")
    for name, data in files(chosen.frames).items():
        runs = [matched(data, encoder, channels, register) for _ in range(chosen.repeat + 1)][1:]
        middle, high = (percentile([run[1] for run in runs], share) for share in (0.5, 0.95))
        decoding = percentile([run[2] for run in runs], 0.5)
        print(f"{name:<20} {runs[0][0]:5} {middle:8.0f} {high:8.0f} {decoding:8.0f}")


if __name__ == "__main__":
    main()
