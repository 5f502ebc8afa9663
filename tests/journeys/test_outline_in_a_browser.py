"""An owner corrects the outline of the goods, with the mouse, with the keyboard and by numbers."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from playwright.sync_api import Page, expect

from brandguard.celery import app
from fingerprints.models import Brand, DesignImage
from tests import factories
from tests.journeys.test_portal_in_a_browser import assert_fits, browser, page, sign_in
from tests.pictures import encoded, photograph

__all__ = ["browser", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUTLINE = [[0.2, 0.2], [0.7, 0.2], [0.7, 0.8], [0.2, 0.8]]


@pytest.fixture
def view(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> DesignImage:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    whole = photograph("coffee.png")
    goods = whole[80:320, 120:420]
    return factories.view(
        factories.design(brand),
        name="in-the-hand.jpg",
        outline=OUTLINE,
        outline_by="views",
        width=300,
        height=240,
        preview=ContentFile(encoded(goods, "JPEG"), "preview.jpg"),
        photograph=ContentFile(encoded(whole, "JPEG"), "whole.jpg"),
    )


def test_an_outline_is_corrected(page: Page, view: DesignImage, alice: User) -> None:
    sign_in(page, alice)
    page.goto(f"/designs/{view.design_id}")
    expect(page.locator(".outlined polygon.region-line")).to_be_visible()
    assert_fits(page)
    page.get_by_role("link", name="Correct the outline").click()
    assert_fits(page)

    handles = page.locator(".stage .corner")
    expect(handles).to_have_count(4)
    stage = page.locator(".stage").bounding_box()
    assert stage
    handles.nth(0).scroll_into_view_if_needed()
    stage = page.locator(".stage").bounding_box()
    assert stage
    page.mouse.move(stage["x"] + 0.2 * stage["width"], stage["y"] + 0.2 * stage["height"])
    page.mouse.down()
    page.mouse.move(stage["x"] + 0.1 * stage["width"], stage["y"] + 0.3 * stage["height"])
    page.mouse.up()

    handles.nth(2).focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_role("button", name="Add a corner").click()
    expect(handles).to_have_count(5)

    page.get_by_text("Corners as numbers").click()
    page.get_by_label("Corner 2, from the left").fill("75")
    page.get_by_role("button", name="Register what lies within").click()

    expect(page.get_by_text("is being enrolled with this outline")).to_be_visible()
    outline = view.replacements.get().outline
    assert outline
    assert outline[0] == [pytest.approx(0.1, abs=0.01), pytest.approx(0.3, abs=0.01)]
    assert outline[1:3] == [[0.75, 0.2], [0.72, 0.85]]
    assert outline[3] == [0.46, pytest.approx(0.825, abs=0.001)]  # between its neighbours
    assert outline[4] == [0.2, 0.8]


def test_a_corner_is_removed_by_keyboard_while_three_are_left(
    page: Page, view: DesignImage, alice: User
) -> None:
    sign_in(page, alice)
    page.goto(f"/views/{view.pk}/outline")
    handles = page.locator(".stage .corner")
    handles.nth(1).focus()
    page.keyboard.press("Delete")
    expect(handles).to_have_count(3)
    expect(handles.nth(1)).to_be_focused()
    page.keyboard.press("Delete")
    expect(handles).to_have_count(3)
    expect(page.get_by_role("button", name="Remove the corner")).to_be_disabled()
    page.get_by_role("button", name="Register what lies within").click()
    expect(page.get_by_text("is being enrolled with this outline")).to_be_visible()
    assert view.replacements.get().outline == [OUTLINE[0], OUTLINE[2], OUTLINE[3]]
