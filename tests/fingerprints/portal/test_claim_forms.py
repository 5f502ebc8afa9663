"""The forms of rights: countries, and everything that is wrong at once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fingerprints.models import Brand
from fingerprints.territories import OF_RIGHTS
from tests import factories
from tests.fingerprints.scenes import entry

pytestmark = pytest.mark.django_db


def boxes(page: str) -> dict[str, str]:
    """Of all territories: the whole tag by its code, in the order of the page."""
    tags = re.findall(r'<input type="checkbox" name="territories"[^>]*>', page)
    return {str(re.findall(r'value="([^"]*)"', tag)[0]): tag for tag in tags}


def test_countries_are_chosen_from_a_list_and_stay_chosen(brand: Brand, as_alice: Client) -> None:
    page = reverse("new-right", args=[brand.pk])
    shown = as_alice.get(page).text
    assert [*boxes(shown)][:5] == ["EU", "BX", "*", "AF", "AX"]
    assert set(boxes(shown)) == OF_RIGHTS
    assert "Afghanistan" in shown
    assert "South Korea" in shown  # as people call it
    assert 'data-words="england gb gbr great britain uk united kingdom' in boxes(shown)["GB"]
    again = as_alice.post(page, entry(number="", territories=["EU", "CH"])).text
    assert [code for code, tag in boxes(again).items() if "checked" in tag] == ["EU", "CH"]


def test_countries_are_named_in_the_reader_s_language(brand: Brand, as_alice: Client) -> None:
    as_alice.post(reverse("language"), {"language": "zh-hans", "next": "/"})
    shown = as_alice.get(reverse("new-right", args=[brand.pk])).text
    assert "德国" in shown
    assert "柬埔寨" in shown
    assert "欧盟" in shown
    assert [*boxes(shown)][3:5] == ["AL", "DZ"]  # 阿尔巴尼亚, 阿尔及利亚: by their sound
    assert "germany" in boxes(shown)["DE"]


def test_everything_that_is_wrong_is_told_at_once(brand: Brand, as_alice: Client) -> None:
    wrong = entry(
        office="",
        number="",
        territories="XX",
        valid_until="2019-01-01",
        document=factories.upload(b"<html>", "c.pdf"),
    )
    text = as_alice.post(reverse("new-right", args=[brand.pk]), wrong).text
    for said in (
        "its office is missing",
        "its number is missing",
        "XX",
        "ends before it begins",
        "neither a PDF nor a supported picture",
    ):
        assert said in text, said
