from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lab.benchmark.cache import CachedEncoder
from tests.fake_encoder import SPEC, FakeEncoder
from tests.pictures import drawn
from vision.encoders.base import Vectors
from vision.pictures.picture import Picture


class CountingEncoder(FakeEncoder):
    seen = 0

    def embed(self, pictures: Sequence[Picture]) -> Vectors:
        self.seen += len(pictures)
        return super().embed(pictures)


def test_a_picture_is_embedded_once_by_each_generation(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    cached = CachedEncoder(encoder, tmp_path)
    first = cached.embed([drawn(0), drawn(1)])
    again = CachedEncoder(encoder, tmp_path).embed([drawn(1), drawn(2), drawn(0)])
    assert encoder.seen == 3
    assert (again == encoder.embed([drawn(1), drawn(2), drawn(0)])).all()
    assert (first == again[[2, 0]]).all()
    encoder.seen, encoder.spec = 0, replace(SPEC, version="2")
    CachedEncoder(encoder, tmp_path).embed([drawn(0)])
    assert encoder.seen == 1
