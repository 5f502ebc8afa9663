import pytest

from tests.pictures import drawn
from vision.channels.logo.windows import starts, windows


@pytest.mark.parametrize(("width", "height"), [(640, 480), (300, 900), (64, 64), (40, 640)])
def test_windows_are_squares_that_cover_the_picture(width: int, height: int) -> None:
    found = list(windows(drawn(1, width=width, height=height), 64))
    assert all(cut.shape == (64, 64, 3) for _, cut in found)
    assert min(region.left for region, _ in found) == 0
    assert max(region.left + region.width for region, _ in found) == pytest.approx(1)
    assert max(region.top + region.height for region, _ in found) == pytest.approx(1)


def test_windows_overlap_by_half() -> None:
    assert starts(256, 64) == [0, 32, 64, 96, 128, 160, 192]
    assert starts(64, 64) == [0]
