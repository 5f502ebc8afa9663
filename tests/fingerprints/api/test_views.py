"""Brands and designs over the API, as owner, team-mate, stranger and nobody."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from fingerprints.models import Brand, Design, DesignImage
from tests import factories
from tests.api import error
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.django_db


def new_design(brand: Brand, **fields: object) -> dict[str, object]:
    return {
        "brand": str(brand.pk),
        "name": "Bottle",
        "design_kind": "packaging",
        "images": [factories.upload(encoded(drawn(1))), factories.upload(encoded(drawn(2)))],
    } | fields


def test_a_brand_is_made_in_ones_own_organisation(as_alice: Client, acme: Organisation) -> None:
    response = as_alice.post("/api/v1/brands", {"name": "Fizz", "review_threshold": 90})
    assert response.status_code == 201
    brand = Brand.objects.get()
    assert (brand.organisation, brand.review_threshold) == (acme, 90)


@pytest.mark.parametrize("threshold", [69, 101, -1, "much"])
def test_a_threshold_outside_70_to_100_is_refused(as_alice: Client, threshold: object) -> None:
    response = as_alice.post("/api/v1/brands", {"name": "Fizz", "review_threshold": threshold})
    assert response.status_code == 400
    assert error(response)["field"] == "review_threshold"
    assert not Brand.objects.exists()


@pytest.mark.parametrize("threshold", [89, 101, "much"])
def test_nothing_is_blocked_from_less_than_90(as_alice: Client, threshold: object) -> None:
    response = as_alice.post("/api/v1/brands", {"name": "Fizz", "block_threshold": threshold})
    assert error(response)["field"] == "block_threshold"


def test_nothing_is_blocked_from_less_than_it_is_held_from(as_alice: Client, brand: Brand) -> None:
    crossed = {"name": "Pop", "review_threshold": 95, "block_threshold": 94}
    assert error(as_alice.post("/api/v1/brands", crossed))["field"] == "block_threshold"
    response = as_alice.patch(
        f"/api/v1/brands/{brand.pk}", {"review_threshold": 98}, content_type="application/json"
    )
    assert error(response)["code"] == "thresholds_crossed"


def test_a_brand_that_holds_late_blocks_no_earlier(as_alice: Client) -> None:
    made = as_alice.post("/api/v1/brands", {"name": "Fizz", "review_threshold": 99}).json()
    assert (made["block_threshold"], made["blocks_without_review"]) == (99, False)


def test_a_name_that_is_taken_is_refused_by_name(as_alice: Client, brand: Brand) -> None:
    response = as_alice.post("/api/v1/brands", {"name": brand.name})
    assert response.status_code == 400
    assert error(response)["field"] == "name"


def test_a_threshold_is_changed(as_bob: Client, brand: Brand) -> None:
    response = as_bob.patch(
        f"/api/v1/brands/{brand.pk}", {"review_threshold": 75}, content_type="application/json"
    )
    assert response.json()["review_threshold"] == 75


def test_a_member_of_two_organisations_says_which(
    as_alice: Client, alice: User, acme: Organisation
) -> None:
    other = factories.organisation("Other")
    other.memberships.create(user=alice)
    assert error(as_alice.post("/api/v1/brands", {"name": "A"}))["field"] == "organisation"
    made = as_alice.post("/api/v1/brands", {"name": "A", "organisation": str(acme.pk)})
    assert made.status_code == 201


def test_a_strangers_organisation_is_refused(as_charlie: Client, acme: Organisation) -> None:
    response = as_charlie.post("/api/v1/brands", {"name": "A", "organisation": str(acme.pk)})
    assert error(response)["field"] == "organisation"


def test_a_design_is_registered_with_several_pictures(as_alice: Client, brand: Brand) -> None:
    response = as_alice.post("/api/v1/designs", new_design(brand))
    assert response.status_code == 201
    assert [image["state"] for image in response.json()["images"]] == ["pending", "pending"]
    assert Design.objects.get().images.count() == 2


def test_a_bad_picture_does_not_stop_the_others(as_alice: Client, brand: Brand) -> None:
    images = [factories.upload(b"<html>", "a.jpg"), factories.upload()]
    response = as_alice.post("/api/v1/designs", new_design(brand, images=images))
    bad, good = response.json()["images"]
    assert (bad["state"], good["state"]) == ("refused", "pending")
    assert bad["error"]["code"] == "image_type"
    assert bad["error"]["remedy"] == "Send PNG, JPEG, WebP, AVIF, GIF, HEIC, TIFF or BMP."


def test_no_readable_picture_at_all_is_an_error(as_alice: Client, brand: Brand) -> None:
    response = as_alice.post("/api/v1/designs", new_design(brand, images=[factories.upload(b"x")]))
    assert response.status_code == 400
    told = error(response)
    assert told["field"] == "images"
    assert told["images"][0]["code"] == "image_type"  # type: ignore[index]
    assert not Design.objects.exists()


def test_too_many_pictures_are_refused(as_alice: Client, brand: Brand) -> None:
    images = [factories.upload() for _ in range(13)]
    response = as_alice.post("/api/v1/designs", new_design(brand, images=images))
    assert response.status_code == 400
    assert error(response)["field"] == "images"


@pytest.mark.parametrize("missing", ["brand", "name", "design_kind", "images"])
def test_what_is_missing_is_named(as_alice: Client, brand: Brand, missing: str) -> None:
    fields = new_design(brand)
    del fields[missing]
    response = as_alice.post("/api/v1/designs", fields)
    assert response.status_code == 400
    assert error(response)["field"] == missing


def test_retiring_twice_is_the_same_as_once(as_alice: Client, brand: Brand) -> None:
    design = factories.design(brand)
    first = as_alice.post(f"/api/v1/designs/{design.pk}/retire").json()["retired_at"]
    assert first
    assert as_alice.post(f"/api/v1/designs/{design.pk}/retire").json()["retired_at"] == first


def test_alice_and_bob_see_their_rows_and_charlie_none(
    as_alice: Client, as_bob: Client, as_charlie: Client, brand: Brand
) -> None:
    design = factories.design(brand)
    for path in (f"/api/v1/brands/{brand.pk}", f"/api/v1/designs/{design.pk}"):
        seen = [client.get(path).status_code for client in (as_alice, as_bob, as_charlie)]
        assert seen == [200, 200, 404]
    assert as_charlie.get("/api/v1/designs").json()["results"] == []
    assert as_charlie.post(f"/api/v1/designs/{design.pk}/retire").status_code == 404
    assert error(as_charlie.post("/api/v1/designs", new_design(brand)))["field"] == "brand"


def test_a_list_costs_the_same_however_long_it_is(
    as_alice: Client, brand: Brand, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        factories.view(factories.design(brand))
    with django_assert_num_queries(4):  # session, user, designs, their images
        assert len(as_alice.get("/api/v1/designs").json()["results"]) == 3
    with django_assert_num_queries(3):
        as_alice.get("/api/v1/brands")


def test_a_design_shows_which_view_was_refused_and_why(as_bob: Client, brand: Brand) -> None:
    why = {"code": "image_unreadable", "message": "Damaged.", "remedy": "Send it again."}
    design = factories.design(brand)
    factories.view(design, state=DesignImage.State.REFUSED, error=why)
    (image,) = as_bob.get(f"/api/v1/designs/{design.pk}").json()["images"]
    assert image["error"] == why
