from pathlib import Path

import pytest

from lab.benchmark import environment
from lab.benchmark.environment import commit, flat, project_version


def test_every_version_has_a_name_of_its_own() -> None:
    assert flat({"a": 1, "b": {"c": 2, "d": {"e": 3}}}) == {"a": 1, "b.c": 2, "b.d.e": 3}


def test_the_project_has_a_version() -> None:
    assert project_version().count(".") == 2


def test_outside_a_checkout_there_is_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "PROJECT", tmp_path)
    assert not commit()
