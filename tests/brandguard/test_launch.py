"""Which tests `./run test` runs."""

import pytest

from tests.conftest import uses_a_database
from tests.launch import pytest_command


def test_a_second_database_is_asked_what_a_database_decides_alone() -> None:
    assert "--of-the-database" in pytest_command(["--postgres"])
    assert "not slow and not encoder" in " ".join(pytest_command(["--postgres"]))
    assert "--of-the-database" not in pytest_command([])
    assert "--of-the-database" not in pytest_command(["--all", "--postgres"])


@pytest.mark.django_db
def test_a_test_with_a_mark_uses_the_database(request: pytest.FixtureRequest) -> None:
    assert uses_a_database(request.node)


def test_a_test_whose_fixture_has_rows_uses_the_database(
    acme: object, request: pytest.FixtureRequest
) -> None:
    assert uses_a_database(request.node)


def test_a_test_that_computes_alone_does_not(request: pytest.FixtureRequest) -> None:
    assert not uses_a_database(request.node)
