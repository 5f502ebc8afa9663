"""Which tests `./run test` runs."""

import pytest

from tests.conftest import uses_a_database
from tests.launch import pytest_commands


def asked(*arguments: str) -> list[str]:
    return [" ".join(command[3:]) for command in pytest_commands(arguments)]


def test_the_whole_is_what_computes_on_every_core_and_then_processes_alone() -> None:
    computing, alone = asked("-q")
    assert computing.startswith("-m not slow and not (processes or browser) -n ")
    assert alone == "-m not slow and (processes or browser) -q"
    assert [line.startswith("-m not (processes") for line in asked("--all")] == [True, False]


def test_a_choice_is_one_run() -> None:
    assert asked("tests/golden") == ["-m not slow tests/golden"]
    assert asked("-q", "-m", "browser") == ["-q -m browser"]


def test_a_second_database_is_asked_what_a_database_decides_alone() -> None:
    (line,) = asked("--postgres")
    assert "not slow and not encoder and not processes and not browser" in line
    assert "--of-the-database" in line
    assert not any("--of-the-database" in line for line in asked("--all", "--postgres"))


@pytest.mark.django_db
def test_a_test_with_a_mark_uses_the_database(request: pytest.FixtureRequest) -> None:
    assert uses_a_database(request.node)


def test_a_test_whose_fixture_has_rows_uses_the_database(
    acme: object, request: pytest.FixtureRequest
) -> None:
    assert uses_a_database(request.node)


def test_a_test_that_computes_alone_does_not(request: pytest.FixtureRequest) -> None:
    assert not uses_a_database(request.node)
