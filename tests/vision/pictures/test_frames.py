"""Of a file that holds several pictures those are looked at that differ, and of too many those shown longest."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.pictures import drawn, encoded
from tests.vision.pictures.made import animated, difference, saved
from vision.pictures import frames as frames_module
from vision.pictures.decode import decode
from vision.pictures.frames import SPEC, frames_in
from vision.pictures.in_part import not_looked_at
from vision.pictures.renditions import rendition_again, renditions_in

PLAIN = (200, 200, 190)


def plain(shade: int = 0) -> Image.Image:
    return Image.new("RGB", (240, 160), tuple(colour - shade for colour in PLAIN))


def film(kind: str, *pictures: Image.Image, shown: list[int] | None = None) -> bytes:
    how = {} if kind == "TIFF" else {"duration": shown or [100] * len(pictures)}
    if kind == "WEBP":
        how["lossless"] = True  # type: ignore[assignment] # one of its options
    file = io.BytesIO()
    pictures[0].save(file, kind, save_all=True, append_images=pictures[1:], **how)
    return file.getvalue()


def carton() -> Image.Image:
    return Image.fromarray(drawn(1))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_frame_among_plain_ones_is_looked_at(kind: str) -> None:
    pictures = [*(plain(n) for n in range(7)), carton()]
    data = film(kind, *pictures, shown=[200] * 7 + [5000])
    first, second = renditions_in(data)
    assert first.frame.number == 0
    assert (second.frame.number, second.frame.begins) == (7, 1400)
    assert difference(second.decoded.pixels, drawn(1)) < 12
    assert not list(not_looked_at(renditions_in(data)))


def test_pages_are_all_looked_at() -> None:
    data = film("TIFF", Image.fromarray(drawn(1)), Image.fromarray(drawn(2, height=100)))
    first, second = renditions_in(data)
    assert (first.frame.begins, second.frame.begins) == (None, None)
    np.testing.assert_array_equal(second.decoded.pixels, drawn(2, height=100))


def test_of_a_camera_file_with_two_pictures_the_first_is_looked_at() -> None:
    """Browsers show no other; in most the second only says how bright the first is."""
    [only] = renditions_in(animated("MPO", quality=95))
    assert only.decoded.pixel_sha256 == decode(animated("MPO", quality=95)).pixel_sha256


def test_of_too_many_those_are_looked_at_that_are_shown_longest() -> None:
    pictures = [Image.fromarray(drawn(n)) for n in range(12)]
    data = film("GIF", *pictures, shown=[100] * 11 + [900])
    found = frames_in(data)
    assert len(found.chosen) == SPEC.max_renditions
    assert found.distinct == 12
    assert [frame.number for frame in found.chosen] == [0, 1, 2, 3, 4, 5, 6, 11]
    [warning] = not_looked_at(renditions_in(data))
    assert warning["code"] == "frames_left_out"
    assert warning["message"] == (
        "Of 12 pictures in this file that differ, 8 were looked at, which are shown for 80% of the time."
    )


def test_the_time_of_frames_that_look_the_same_is_added() -> None:
    often, once = carton(), Image.fromarray(drawn(2))
    pictures = [plain(), *(Image.fromarray(drawn(n)) for n in range(3, 11)), often, once, often]
    shown = [100, *([150] * 8), 100, 100, 100]
    chosen = [frame.number for frame in frames_in(film("GIF", *pictures, shown=shown)).chosen]
    assert 9 in chosen  # 200 in all
    assert 10 not in chosen


def test_a_small_thing_that_appears_makes_another_picture() -> None:
    with_mark = np.array(plain())
    with_mark[130:150, 200:225] = (20, 20, 120)
    data = film("PNG", plain(), Image.fromarray(with_mark))
    assert frames_in(data).distinct == 2


def test_a_frame_that_says_no_time_is_shown_as_browsers_show_it() -> None:
    data = film("WEBP", plain(), carton(), Image.fromarray(drawn(2)), shown=[0, 10, 50])
    assert [frame.begins for frame in frames_in(data).chosen] == [0, 100, 200]


def test_frames_beyond_the_limits_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames_module, "SPEC", replace(SPEC, max_frames=3))
    data = film("GIF", *(Image.fromarray(drawn(n)) for n in range(5)))
    assert frames_in(data).is_cut
    [warning] = not_looked_at(renditions_in(data))
    assert "Further ones were not read." in warning["message"]


@pytest.mark.parametrize(
    "limit", [{"max_read_seconds": 0.0}, {"max_read": 0}], ids=["time", "pixels"]
)
def test_reading_ends_at_the_limits_of_time_and_pixels(
    monkeypatch: pytest.MonkeyPatch, limit: dict[str, Any]
) -> None:
    monkeypatch.setattr(frames_module, "SPEC", replace(SPEC, **limit))
    data = film("GIF", *(Image.fromarray(drawn(n)) for n in range(5)))
    found = frames_in(data)
    assert (len(found.chosen), found.is_cut) == (1, True)


def test_a_transparent_animation_is_looked_at_on_both_grounds_and_half_as_often() -> None:
    pictures = []
    for seed in range(6):
        image = Image.new("RGBA", (240, 160), (255, 255, 255, 0))
        image.putalpha(Image.fromarray(drawn(seed)).convert("L"))
        pictures.append(image)
    renditions = list(renditions_in(film("PNG", *pictures)))
    assert [rendition.ground for rendition in renditions] == ["light", "dark"] * 4
    last = renditions[-1]
    again = rendition_again(film("PNG", *pictures), frame=last.frame.number, ground="dark")
    assert again.pixel_sha256 == last.decoded.pixel_sha256


def test_an_animation_that_lacks_its_end_is_what_is_there() -> None:
    data = film("GIF", *(Image.fromarray(drawn(n)) for n in range(4)))
    renditions = renditions_in(data[: len(data) // 2])
    assert 1 <= len(list(renditions)) < 4
    assert not renditions.first.is_damaged


def test_a_frame_that_cannot_be_read_is_told_of() -> None:
    data = film("PNG", *(Image.fromarray(drawn(n)) for n in range(3)))
    spoilt = bytearray(data)
    spoilt[data.rindex(b"fdAT") + 20] ^= 0xFF
    renditions = renditions_in(bytes(spoilt))
    assert len(list(renditions)) == 2
    assert [warning["code"] for warning in not_looked_at(renditions)] == ["frames_left_out"]


def test_very_many_frames_of_a_few_bytes_are_not_counted() -> None:
    """Each is a pixel: reading ends at the limits, and counting is not begun."""
    first = film("GIF", carton(), plain())
    pixel = b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0"
    found = frames_in(first[:-1] + pixel * 100_000 + b";")
    assert found.is_cut


def test_a_still_picture_is_one() -> None:
    for data in (encoded(drawn()), encoded(drawn(), "GIF"), saved(carton(), "TIFF")):
        assert len(list(renditions_in(data))) == 1
