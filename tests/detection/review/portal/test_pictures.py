"""Pictures are for those who see what they are of."""

import pytest
from django.test import Client
from django.urls import reverse

from detection.intake.models import ListingImage
from detection.review.models import Alert
from fingerprints.models import DesignImage
from tests import factories

pytestmark = pytest.mark.django_db


def test_pictures_are_for_those_who_see_the_alert(
    alert: Alert, as_alice: Client, as_bob: Client, as_rita: Client, as_charlie: Client
) -> None:
    view, image = alert.match.view_id, alert.match.listing_image_id
    for name, pk in (("design", view), ("listing", image)):
        for size in ("picture", "thumbnail"):
            url = reverse(f"{name}-{size}", args=[pk])
            for client in (as_alice, as_bob, as_rita):
                response = client.get(url)
                assert response.status_code == 200
                assert response.headers["Content-Type"] == "image/jpeg"
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert "private" in response.headers["Cache-Control"]
                assert response.getvalue().startswith(b"\xff\xd8\xff")
            assert as_charlie.get(url).status_code == 404
            assert Client().get(url).status_code == 404


def test_a_reviewer_sees_no_design_without_an_alert(
    alert: Alert, as_rita: Client, as_alice: Client
) -> None:
    other = factories.view(factories.design(alert.brand, "Secret"))
    url = reverse("design-thumbnail", args=[other.pk])
    assert as_rita.get(url).status_code == 404
    assert as_alice.get(url).status_code == 200


def test_a_picture_that_is_not_made_yet_is_not_found(alert: Alert, as_alice: Client) -> None:
    DesignImage.objects.update(preview="")
    ListingImage.objects.update(preview="lost/preview.jpg")
    for name, pk in (
        ("design-picture", alert.match.view_id),
        ("listing-thumbnail", alert.match.listing_image_id),
    ):
        assert as_alice.get(reverse(name, args=[pk])).status_code == 404
