from detection.matching.robustness.groups import GROUPS
from vision.edits.families import FAMILIES


def test_every_edit_family_belongs_to_one_group() -> None:
    grouped = [name for group in GROUPS.values() for name in group]
    assert sorted(grouped) == sorted(FAMILIES)
