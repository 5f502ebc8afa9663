"""Every page of the register: Alice owns, Bob is on her team, Charlie is a stranger, and then there is
nobody.
"""

import pytest
from django.test import Client
from django.urls import reverse

from fingerprints.models import Brand, Design
from tests.pages import INLINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(brand: Brand, design: Design) -> list[str]:
    return [
        reverse("brand", args=[brand.pk]),
        reverse("edit-brand", args=[brand.pk]),
        reverse("new-design", args=[brand.pk]),
        reverse("design", args=[design.pk]),
        reverse("design-views", args=[design.pk]),
        reverse("retire-design", args=[design.pk]),
    ]


def test_a_team_opens_its_pages_and_a_stranger_finds_none(
    pages: list[str], as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    for page in pages:
        assert as_alice.get(page).status_code == 200
        assert as_bob.get(page).status_code == 200
        assert as_charlie.get(page).status_code == 404
        assert Client().get(page).headers["Location"] == f"/sign-in?next={page}"


def test_a_stranger_changes_nothing(brand: Brand, design: Design, as_charlie: Client) -> None:
    for page in (
        reverse("edit-brand", args=[brand.pk]),
        reverse("new-design", args=[brand.pk]),
        reverse("retire-design", args=[design.pk]),
    ):
        assert as_charlie.post(page, {"name": "Mine"}).status_code == 404
        assert Client().post(page, {"name": "Mine"}).status_code == 302
    design.refresh_from_db()
    brand.refresh_from_db()
    assert (brand.name, design.retired_at) == ("Fizz", None)


def test_no_page_has_anything_inline(pages: list[str], as_alice: Client) -> None:
    for page in [reverse("brands"), reverse("new-brand"), "/nothing", *pages]:
        response = as_alice.get(page)
        assert not INLINE.search(response.text), page
        assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert not INLINE.search(Client().get(reverse("account_login")).text)


def test_pages_stay_in_no_cache(pages: list[str], as_alice: Client) -> None:
    assert "no-store" in as_alice.get(pages[0]).headers["Cache-Control"]


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in(design: Design) -> None:
    response = Client().get(
        reverse("design-views", args=[design.pk]),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/brands"},
    )
    assert response.headers["HX-Redirect"] == "/sign-in?next=/brands"
