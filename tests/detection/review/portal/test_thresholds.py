"""The threshold view: whose pairs it replays, and that nothing unjudged is taken for judged."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Marketplace
from detection.intake.models import Listing
from detection.review.actions.decide import decide_alert
from detection.review.models import Decision
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/thresholds"


@pytest.fixture(autouse=True)
def _pairs(brand: Brand, marketplace: Marketplace, rita: User) -> None:
    judged = factories.alert(brand, marketplace, similarity=90)
    decide_alert(
        alert=judged, outcome=Decision.Outcome.INFRINGING, reason="design_copied", note="", by=rita
    )
    factories.alert(brand, marketplace, similarity=88)


def rows(text: str) -> list[list[str]]:
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    cells = [part.split("</td>")[0] for part in table.split("<td>")[1:]]
    return [cells[n : n + 2] for n in range(0, len(cells), 2)]


def test_owner_and_reviewer_see_now_and_then(as_alice: Client, as_rita: Client) -> None:
    for client in (as_alice, as_rita):
        text = client.get(PAGE, {"at": 95}).text
        assert "Fizz: holds from 85" in text
        flagged, blocked, _, _, not_judged, missed = rows(text)
        assert (flagged, blocked, not_judged, missed) == (
            ["2", "0"], ["1", "0"], ["1", "0"], ["0", "1"],
        )  # fmt: skip


def test_a_stranger_replays_nothing(as_charlie: Client, brand: Brand) -> None:
    assert "Nothing to replay yet" in as_charlie.get(PAGE, {"brand": str(brand.pk)}).text


def test_a_brand_sees_only_marketplaces_that_admitted_it(
    as_alice: Client, marketplace: Marketplace
) -> None:
    marketplace.admits.clear()
    text = as_alice.get(PAGE).text
    assert "There is nothing to replay yet" in text
    assert "a marketplace that admits you" in text
    assert "<tbody>" not in text


def test_a_marketplace_s_reviewer_learns_of_no_brand_elsewhere() -> None:
    souk = factories.marketplace("Souk")
    mara = factories.signed_in(factories.member(souk.organisation, "mara", role="reviewer"))
    assert "Nothing to replay yet" in mara.get(PAGE).text
    factories.alert(factories.brand(factories.organisation("Pop & Co"), "Pop"), souk)
    text = mara.get(PAGE).text
    assert "Pop: holds from 85" in text
    assert "Fizz" not in text


def test_checks_and_sandboxes_are_nobody_s_to_count(as_rita: Client) -> None:
    Listing.objects.update(purpose="check")
    assert "There is nothing to replay yet" in as_rita.get(PAGE).text


def test_a_threshold_out_of_range_is_told_of(as_rita: Client) -> None:
    assert "less than or equal to 100" in as_rita.get(PAGE, {"at": 130}).text


def test_the_same_queries_however_many_pairs(
    as_rita: Client,
    brand: Brand,
    marketplace: Marketplace,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        factories.alert(brand, marketplace)
    with django_assert_max_num_queries(20):
        as_rita.get(reverse("thresholds"))
