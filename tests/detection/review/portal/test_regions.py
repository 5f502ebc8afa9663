"""Every region of a match, and what else its picture shows, within what the reader may see."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from detection.matching.models import Match
from detection.review.models import Alert
from detection.review.portal import regions
from detection.review.portal.regions import beside, contains
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db

LEFT = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.9], [0.1, 0.9]]
RIGHT = [[0.6, 0.1], [0.9, 0.1], [0.9, 0.9], [0.6, 0.9]]
WITHIN = [[0.65, 0.2], [0.85, 0.2], [0.85, 0.8], [0.65, 0.8]]


def another(alert: Alert, name: str = "Can", **fields: Any) -> Match:
    """Another design of the brand in the same picture."""
    design = factories.design(alert.brand, name)
    known = {"listing_polygon": RIGHT} | fields
    return factories.match(alert.match.listing_image, factories.view(design), **known)


def test_every_region_of_the_match_is_outlined(alert: Alert, page: str, as_rita: Client) -> None:
    Match.objects.update(listing_polygon=LEFT, further_polygons=[RIGHT])
    text = as_rita.get(page).text
    assert text.count('class="region-line" points="24,16 96,16 96,144 24,144"') == 1
    assert text.count('class="region-line" points="144,16 216,16 216,144 144,144"') == 1
    assert "shown 2 times" in text
    assert "Also in this picture" not in text


def test_other_designs_in_the_picture_are_outlined_apart_and_named(
    alert: Alert, page: str, as_rita: Client
) -> None:
    other = another(alert, "Tall can", similarity=91)
    text = as_rita.get(page).text
    assert text.count('class="region-other" points="144,16 216,16 216,144 144,144"') == 1
    assert '<text class="region-number" x="180" y="80" font-size="10">1</text>' in text
    assert "Also in this picture" in text
    assert f'<a href="{page}?match={other.pk}">Tall can</a>' in text
    shown = as_rita.get(f"{page}?match={other.pk}").text
    assert 'class="region-line" points="144,16' in shown
    assert 'class="region-other" points="24,16' in shown


def test_a_reviewer_sees_other_brands_in_the_picture(
    alert: Alert, brand: Brand, rita: User, alice: User
) -> None:
    """A brand's own people do not: what is not theirs is not named."""
    theirs = factories.brand(factories.organisation("Theirs"), "Pop")
    claim = factories.claim_too(alert, theirs, listing_polygon=RIGHT)
    [shown] = beside(alert.match, rita)
    assert (shown.match, shown.alert) == (claim.match, claim)
    assert beside(alert.match, alice) == []


@pytest.mark.parametrize(
    "fields",
    [{"similarity": 84.9}, {"match_kind": "resemblance"}, {"listing_polygon": []}],
    ids=["below the threshold", "not confirmed", "nowhere"],
)
def test_what_raises_no_alert_or_has_no_place_is_not_shown(
    alert: Alert, rita: User, fields: dict[str, Any]
) -> None:
    another(alert, **fields)
    assert beside(alert.match, rita) == []


def test_another_picture_s_matches_are_not_shown(alert: Alert, rita: User) -> None:
    second = factories.listing_image(alert.listing, position=1)
    factories.match(second, factories.view(factories.design(alert.brand, "Can")))
    frame = factories.rendition(alert.match.listing_image)
    another(alert, "Cup", rendition=frame)
    assert beside(alert.match, rita) == []


def test_views_of_one_design_are_told_once_in_each_place(alert: Alert, rita: User) -> None:
    can = another(alert, further_polygons=[LEFT])
    side = factories.view(can.view.design, position=1)
    factories.match(alert.match.listing_image, side, similarity=90, listing_polygon=WITHIN)
    own = factories.view(alert.match.view.design, position=1)
    mine = factories.match(alert.match.listing_image, own, similarity=89, listing_polygon=RIGHT)
    first, second = beside(alert.match, rita)
    assert (first.match, list(first.regions)) == (can, [RIGHT, LEFT])
    assert (second.match, second.number) == (mine, 2)


def test_so_many_are_shown(alert: Alert, rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "MAX_BESIDE", 2)
    for number in range(3):
        another(alert, f"Can {number}", similarity=90 + number)
    assert [one.match.similarity for one in beside(alert.match, rita)] == [92, 91]


def test_much_in_one_picture_costs_no_more_queries(
    alert: Alert, rita: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        another(alert, f"Can {number}")
    with django_assert_max_num_queries(4):
        assert len(beside(alert.match, rita)) == 8


def test_a_polygon_contains_what_lies_on_one_side_of_all_edges() -> None:
    assert contains(LEFT, (0.2, 0.5))
    assert contains(LEFT[::-1], (0.2, 0.5))
    assert not contains(LEFT, (0.5, 0.5))
    assert not contains([], (0.5, 0.5))


def test_the_url_of_the_other_match_is_of_its_own_alert(
    alert: Alert, page: str, as_rita: Client
) -> None:
    theirs = factories.brand(factories.organisation("Theirs"), "Pop")
    claim = factories.claim_too(alert, theirs, listing_polygon=RIGHT)
    url = f"{reverse('alert', args=[claim.pk])}?match={claim.match_id}"
    assert url in as_rita.get(page).text
    assert as_rita.get(url).status_code == 200
