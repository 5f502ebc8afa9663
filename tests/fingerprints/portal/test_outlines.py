"""The owner sees and corrects the outline of the goods."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from fingerprints.models import Design, DesignImage
from fingerprints.portal.outlines import BEGINNING
from tests import factories
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.django_db
CORNERS = {"x": ["10", "60", "60", "10"], "y": ["20", "20", "70", "70"]}
SQUARE = [[0.1, 0.2], [0.6, 0.2], [0.6, 0.7], [0.1, 0.7]]


@pytest.fixture
def view(design: Design) -> DesignImage:
    """Half as wide and high as its photograph."""
    return factories.view(
        design,
        position=1,
        outline=SQUARE,
        outline_by="views",
        photograph=ContentFile(encoded(drawn(4, width=480, height=320), "JPEG"), "whole.jpg"),
    )


def page(view: DesignImage) -> str:
    return reverse("correct-outline", args=[view.pk])


def test_the_design_shows_the_outline_on_the_whole_photograph(
    view: DesignImage, as_bob: Client
) -> None:
    text = as_bob.get(reverse("design", args=[view.design_id])).text
    assert reverse("design-photograph-thumbnail", args=[view.pk]) in text
    assert 'points="48,64 288,64 288,224 48,224"' in text
    assert "Only what lies within the outline is registered." in text
    assert f'href="{page(view)}"' in text


def test_the_photograph_is_seen_by_those_who_see_the_view(
    view: DesignImage, as_bob: Client, as_charlie: Client
) -> None:
    url = reverse("design-photograph-thumbnail", args=[view.pk])
    assert as_bob.get(url).status_code == 200
    assert as_charlie.get(url).status_code == 404


def test_a_corrected_outline_is_enrolled_as_another_view(view: DesignImage, as_bob: Client) -> None:
    answer = as_bob.post(page(view), CORNERS, follow=True)
    assert "is being enrolled with this outline" in answer.text
    made = view.replacements.get()
    assert (made.outline, made.outline_by, made.state) == (SQUARE, "owner", "pending")
    assert f'href="{page(view)}"' not in answer.text  # one correction at a time


def test_the_whole_picture_is_registered_on_demand(view: DesignImage, as_bob: Client) -> None:
    as_bob.post(page(view), CORNERS | {"whole": "1"})
    assert view.replacements.get().outline is None


def test_without_an_outline_drawing_begins_a_little_within(design: Design, as_bob: Client) -> None:
    text = as_bob.get(page(design.images.get())).text
    assert text.count('name="x"') == len(BEGINNING) + 2
    assert 'name="x" min="0" max="100" step="0.1" value="15.0"' in text


def test_empty_corners_are_left_out(view: DesignImage, as_bob: Client) -> None:
    as_bob.post(page(view), {"x": [*CORNERS["x"], ""], "y": [*CORNERS["y"], ""]})
    assert view.replacements.get().outline == SQUARE


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        ({"x": ["10", "60"], "y": ["20", "20"]}, "This is no outline"),
        (CORNERS | {"x": ["10", "60", "60", "ten"]}, "This is no outline"),
        (CORNERS | {"y": ["20", "20", "20", "20"]}, "hardly any area"),
    ],
    ids=["two corners", "no number", "a line"],
)
def test_what_is_no_outline_is_shown_again_with_the_reason(
    view: DesignImage, as_bob: Client, corners: dict[str, list[str]], said: str
) -> None:
    answer = as_bob.post(page(view), corners)
    assert answer.status_code == 422
    assert said in answer.text
    assert not view.replacements.exists()


def test_others_and_views_that_are_not_enrolled_have_no_such_page(
    view: DesignImage, as_bob: Client, as_charlie: Client
) -> None:
    assert as_charlie.get(page(view)).status_code == 404
    assert as_charlie.post(page(view), CORNERS).status_code == 404
    DesignImage.objects.filter(pk=view.pk).update(state="removed")
    assert as_bob.get(page(view)).status_code == 404
