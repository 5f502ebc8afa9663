from detection.matching.robustness.groups import SIDES
from detection.matching.robustness.transforms import transformed
from tests.pictures import drawn


def test_the_same_seed_makes_the_same_transforms() -> None:
    one, other = (dict(transformed(drawn(1), drawn(2), "a view")) for _ in range(2))
    assert all((one[name] == other[name]).all() for name in one)
    assert {f"side-{side}-50" for side in SIDES} <= set(one)
