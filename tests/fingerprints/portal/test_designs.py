"""Designs are registered, shown and retired on their pages."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from fingerprints.models import Brand, Design
from tests import factories

pytestmark = pytest.mark.django_db


def registration(**fields: object) -> dict[str, object]:
    return {"name": "Bottle", "design_kind": "packaging", "images": [factories.upload()]} | fields


def test_a_design_is_registered_with_several_pictures(brand: Brand, as_bob: Client) -> None:
    pictures = [factories.upload(name="front.png"), factories.upload(b"text", "notes.txt")]
    page = reverse("new-design", args=[brand.pk])
    response = as_bob.post(page, registration(images=pictures), follow=True)
    assert Design.objects.get().images.count() == 2
    assert "1 view is being enrolled" in response.text
    assert "notes.txt" in response.text
    assert "Send PNG, JPEG, WebP, AVIF, GIF, HEIC, TIFF or BMP." in response.text


def test_pictures_that_cannot_be_read_are_named_and_the_rest_is_kept(
    brand: Brand, as_alice: Client
) -> None:
    pictures = [factories.upload(b"", "empty.png"), factories.upload(b"text", "notes.txt")]
    page = reverse("new-design", args=[brand.pk])
    response = as_alice.post(page, registration(images=pictures))
    assert response.status_code == 422
    assert "empty.png</strong> The file is empty." in response.text
    assert "notes.txt</strong> This file is not a picture" in response.text
    assert 'value="Bottle"' in response.text
    assert not Design.objects.exists()


@pytest.mark.parametrize(
    ("number", "said"), [(0, "Choose at least one picture"), (13, "There are 13 pictures")]
)
def test_the_number_of_pictures_is_checked(
    number: int, said: str, brand: Brand, as_alice: Client
) -> None:
    pictures = [factories.upload() for _ in range(number)]
    response = as_alice.post(reverse("new-design", args=[brand.pk]), registration(images=pictures))
    assert response.status_code == 422
    assert said in response.text


def test_the_page_asks_until_nothing_is_pending(design: Design, as_alice: Client) -> None:
    factories.view(design, position=1, state="pending", preview="")
    page, part = reverse("design", args=[design.pk]), reverse("design-views", args=[design.pk])
    assert f'hx-get="{part}?pending=1"' in as_alice.get(page).text
    assert as_alice.get(f"{part}?pending=1").status_code == 204
    design.images.update(state="enrolled")
    done = as_alice.get(f"{part}?pending=1").text
    assert "hx-trigger" not in done
    assert "compared with 2 views" in done
    assert "<html" not in done


def test_a_refused_view_says_why_and_what_to_do(design: Design, as_alice: Client) -> None:
    error = {"code": "x", "message": "It is damaged.", "remedy": "Send the whole file again."}
    design.images.update(state="refused", error=error)
    text = as_alice.get(reverse("design", args=[design.pk])).text
    assert "It is damaged." in text
    assert "Send the whole file again." in text


def test_a_view_is_removed_once_confirmed_and_never_the_last(
    design: Design, as_bob: Client, as_charlie: Client
) -> None:
    view = factories.view(design, position=1, name="back.png")
    page, shown = reverse("remove-view", args=[view.pk]), reverse("design", args=[design.pk])
    assert as_charlie.get(page).status_code == as_charlie.post(page).status_code == 404
    assert f'href="{page}"' in as_bob.get(shown).text
    assert "Remove back.png from Bottle?" in as_bob.get(page).text
    text = as_bob.post(page, follow=True).text
    assert "back.png is removed." in text
    assert "The last usable view cannot be removed" in text
    assert as_bob.get(page).status_code == 404
    last = reverse("remove-view", args=[design.images.get(position=0).pk])
    assert "the only view of Bottle" in as_bob.post(last, follow=True).text


def test_a_refused_picture_is_dismissed(design: Design, as_alice: Client) -> None:
    error = {"code": "x", "message": "It is damaged.", "remedy": "Send the whole file again."}
    view = factories.view(design, position=1, state="refused", error=error, name="torn.png")
    assert "Dismiss" in as_alice.get(reverse("design", args=[design.pk])).text
    as_alice.post(reverse("remove-view", args=[view.pk]), follow=True)
    assert "torn.png" not in as_alice.get(reverse("design", args=[design.pk])).text


def test_a_design_is_retired_once_confirmed(design: Design, as_alice: Client) -> None:
    page = reverse("retire-design", args=[design.pk])
    assert "cannot be restored" in as_alice.get(page).text
    assert "no longer matches" in as_alice.post(page, follow=True).text
    assert as_alice.get(page).status_code == 302
    brand_page = reverse("brand", args=[design.brand_id])
    assert "Bottle" not in as_alice.get(brand_page).text
    assert "Bottle" in as_alice.get(f"{brand_page}?show=retired").text


def test_a_retired_design_awaits_nothing(design: Design, as_alice: Client) -> None:
    design.images.update(state="pending", width=None, height=None)
    design.retire(timezone.now())
    assert "hx-trigger" not in as_alice.get(reverse("design", args=[design.pk])).text


def test_views_are_added_to_a_design(design: Design, as_alice: Client, settings: Settings) -> None:
    page = reverse("add-views", args=[design.pk])
    before = design.images.count()
    as_alice.post(page, {"images": [factories.upload(), factories.upload()]})
    assert design.images.count() == before + 2
    positions = list(design.images.values_list("position", flat=True))
    assert positions == sorted(set(positions))
    settings.MAX_IMAGES = before + 2
    answer = as_alice.post(page, {"images": [factories.upload()]})
    assert answer.status_code == 422
    assert "room for 0 more" in answer.text


def test_nobody_adds_to_a_retired_design_or_a_stranger_s(
    design: Design, as_alice: Client, as_charlie: Client
) -> None:
    page = reverse("add-views", args=[design.pk])
    assert as_charlie.post(page, {"images": [factories.upload()]}).status_code == 404
    design.retire(timezone.now())
    assert "is retired" in as_alice.post(page, {"images": [factories.upload()]}).text
