"""The evidence: where the pictures match, and what the similarity is made of."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Marketplace
from detection.review.models import Alert
from detection.review.portal.evidence import Evidence
from fingerprints.models import Brand
from tests import factories
from vision.pictures.in_part import DAMAGED

pytestmark = pytest.mark.django_db


def test_both_pictures_carry_the_matching_region(alert: Alert, page: str, as_rita: Client) -> None:
    text = as_rita.get(page).text
    assert reverse("listing-picture", args=[alert.match.listing_image_id]) in text
    assert reverse("design-picture", args=[alert.match.view_id]) in text
    assert text.count('class="region-line" points="24,16 144,16 144,128 24,128"') == 2
    assert text.count('width="240" height="160"') == 2


def test_what_the_similarity_is_made_of_is_shown(page: str, as_rita: Client) -> None:
    text = as_rita.get(page).text
    for part in (
        "93.5",
        "0.81",
        "64",
        "mirrored, rotated by -12°, cropped to 60% of the view",
        "Copy",
        "held from 85",
    ):
        assert part in text, part


def test_another_match_with_the_brand_can_be_looked_at(
    alert: Alert, page: str, as_rita: Client
) -> None:
    second = factories.view(alert.match.view.design, position=1)
    other = factories.match(
        alert.match.listing_image,
        second,
        similarity=71.5,
        evidence={"copy": {"cosine": 0.33, "inliers": 12}},
    )
    assert f"{page}?match={other.pk}" in as_rita.get(page).text
    chosen = as_rita.get(f"{page}?match={other.pk}").text
    assert reverse("design-picture", args=[second.pk]) in chosen
    assert "0.33" in chosen
    theirs = factories.view(factories.design(factories.brand(factories.organisation("Theirs"))))
    hidden = factories.match(alert.match.listing_image, theirs)
    assert as_rita.get(f"{page}?match={hidden.pk}").status_code == 404


def test_a_match_of_one_rendition_shows_that_one_and_says_which(
    alert: Alert, page: str, as_rita: Client, as_charlie: Client
) -> None:
    rendition = factories.rendition(alert.match.listing_image, frame=7, milliseconds=1400)
    alert.match.rendition = rendition
    alert.match.save()
    text = as_rita.get(page).text
    assert reverse("rendition-picture", args=[rendition.pk]) in text
    assert "frame 8, shown from second 1.4, transparent, on a dark background" in text
    assert (
        reverse("rendition-thumbnail", args=[rendition.pk]) in as_rita.get(reverse("alerts")).text
    )
    for name in ("rendition-picture", "rendition-thumbnail"):
        url = reverse(name, args=[rendition.pk])
        assert as_rita.get(url).getvalue().startswith(b"\xff\xd8")
        assert as_charlie.get(url).status_code == 404


def test_a_match_in_a_long_picture_shows_the_part_and_says_which_it_is(
    alert: Alert, page: str, as_rita: Client
) -> None:
    rendition = factories.rendition(
        alert.match.listing_image, ground="", part=3, parts=9, area=[0, 0.2, 1, 0.1]
    )
    alert.match.rendition = rendition
    alert.match.save()
    text = as_rita.get(page).text
    assert reverse("rendition-picture", args=[rendition.pk]) in text
    assert "picture 1 of 1 · part 3 of 9<" in text


def test_a_refused_picture_of_the_listing_says_why(
    alert: Alert, page: str, as_rita: Client
) -> None:
    error = {"code": "x", "message": "It is damaged.", "remedy": "Send the whole file again."}
    factories.listing_image(
        alert.listing, position=1, state="refused", error=error, preview="", name="broken.png"
    )
    text = as_rita.get(page).text
    assert "broken.png: It is damaged." in text
    assert "picture 1 of 2" in text
    assert "1 of 2" in text


def test_a_picture_of_which_a_part_was_looked_at_says_so(
    alert: Alert, page: str, as_rita: Client
) -> None:
    factories.listing_image(alert.listing, position=1, warnings=[DAMAGED], name="cut.jpg")
    assert "cut.jpg: The file is damaged: only what can still be seen" in as_rita.get(page).text


def test_the_url_of_a_listing_leaks_nothing_to_where_it_leads(
    alert: Alert, page: str, as_rita: Client
) -> None:
    alert.listing.url = "https://bazaar.example/1"
    alert.listing.save()
    link = re.search(r'<a href="https://bazaar.example/1"([^>]*)>', as_rita.get(page).text)
    assert link
    assert "noopener noreferrer" in link[1]


def test_a_logo_s_evidence_is_told_by_its_shape(brand: Brand, marketplace: Marketplace) -> None:
    said = {"logo": {"cosine": 0.8, "outline": 0.97, "overlap": 0.9, "correlation": 0.95}}
    alert = factories.alert(
        brand, marketplace, channel="logo", evidence=said, match_kind="same_design", edit={}
    )
    found = Evidence(alert.match)
    assert [value for _, value in found.figures] == ["97 %", "90 %"]
    assert "registered logo" in str(found.meaning)


def test_an_object_s_evidence_is_told_by_its_three_signs(
    brand: Brand, marketplace: Marketplace
) -> None:
    said = {"object": {"likeness": 0.81, "cosine": 0.83, "colours": 0.9}}
    alert = factories.alert(
        brand, marketplace, channel="object", evidence=said, match_kind="resemblance", edit={}
    )
    assert [value for _, value in Evidence(alert.match).figures] == ["0.81", "0.83", "90 %"]
