"""Lists that page by key: equal rows, and places that this list never gave out."""

import pytest

from accounts.models import Organisation
from brandguard.kernel.portal.paging import page_of
from tests import factories

pytestmark = pytest.mark.django_db
SIZE = 2


@pytest.fixture
def twins() -> list[Organisation]:
    """Made at the same moment."""
    made = [factories.organisation(f"Twin {number}") for number in range(5)]
    Organisation.objects.update(created_at=made[0].created_at)
    return sorted(made, key=lambda one: one.pk, reverse=True)


def names(before: str) -> tuple[list[str], str]:
    page = page_of(Organisation.objects.all(), by="created_at", before=before, size=SIZE)
    return [row.name for row in page.rows], page.older


def test_equal_rows_are_each_shown_once(twins: list[Organisation]) -> None:
    shown, older = names("")
    while older:
        rows, older = names(older)
        shown += rows
    assert shown == [one.name for one in twins]


def test_a_page_that_is_just_full_is_the_last(twins: list[Organisation]) -> None:
    twins[0].delete()
    _, older = names("")
    assert names(older)[1] == ""


@pytest.mark.usefixtures("twins")
def test_the_place_in_another_order_is_the_first_page() -> None:
    other = page_of(Organisation.objects.all(), by="name", before="", size=SIZE).older
    assert other
    assert names(other) == names("")


@pytest.mark.usefixtures("twins")
def test_a_changed_place_is_the_first_page() -> None:
    _, older = names("")
    assert names(older.swapcase()) == names("")
