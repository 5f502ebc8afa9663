"""What a right's row says of its days and countries."""

from datetime import timedelta

import pytest
from django.test import Client

from fingerprints.models import Brand
from tests import factories
from tests.fingerprints.scenes import TODAY, shown

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "Expires today"), (1, "Expires in 1 day"), (60, "Expires in 60 days"), (61, "")],
)
def test_an_end_that_is_near_is_said(days: int, said: str, brand: Brand, as_alice: Client) -> None:
    factories.right(brand, valid_until=TODAY + timedelta(days=days))
    page = shown(brand, as_alice)
    assert said in page
    assert ("Expires" in page) is bool(said)
    assert "No right is in force" not in page


def test_copyright_is_in_force_everywhere(brand: Brand, as_alice: Client) -> None:
    factories.right(brand, right_kind="copyright", office="", number="", territories=["*"])
    assert "everywhere · from 1 Jan 2020" in shown(brand, as_alice)


def test_a_right_that_has_not_begun_is_not_in_force(brand: Brand, as_alice: Client) -> None:
    factories.right(brand, valid_from=TODAY + timedelta(days=1))
    assert "Verified, not in force yet" in shown(brand, as_alice)
    assert "No right is in force" in shown(brand, as_alice)
