"""Many designs and licences from files: a report by row, and nothing twice."""

import io
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from fingerprints.models import Brand, Design, Licence, Organisation
from fingerprints.tasks import enrol_design
from tests import factories
from tests.pictures import drawn, encoded
from tests.workbooks import sheet, workbook

pytestmark = pytest.mark.django_db
HEADER = "name,design_kind,images"
PICTURES = {"a.png": encoded(drawn(1)), "b.png": encoded(drawn(2)), "c.png": b"no picture"}


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enrol_design, "delay", lambda **_: None)


def archive(*rows: str, header: str = HEADER) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("designs.csv", "\n".join([header, *rows]))
        for name, data in PICTURES.items():
            made.writestr(name, data)
    return file.getvalue()


def sent(client: Client, brand: Brand, data: bytes, what: str = "bulk-designs") -> str:
    file = factories.upload(data, "file.zip")
    text: str = client.post(reverse(what, args=[brand.pk]), {"file": file}).text
    return text


def test_each_row_is_registered_or_says_why_not(brand: Brand, as_alice: Client) -> None:
    data = archive(
        "Bottle,packaging,a.png;c.png",
        "Cap,lid,b.png",
        "Crate,object,lost.png",
        "=cmd,object,b.png",
        "Glass,object,",
        "Label,logo,c.png",
    )
    text = sent(as_alice, brand, data)
    assert "1 taken in, 0 there already, 5 refused" in text
    for part in ("c.png:", "design_kind:", "no file lost.png", "formula", "names no picture"):
        assert part in text, part
    design = Design.objects.get()
    assert (design.name, design.images.count()) == ("Bottle", 2)


def test_the_same_file_again_registers_nothing_twice(brand: Brand, as_alice: Client) -> None:
    data = archive("Bottle,packaging,a.png;b.png")
    sent(as_alice, brand, data)
    assert "0 taken in, 1 there already" in sent(as_alice, brand, data)
    assert Design.objects.count() == 1


def test_a_file_that_cannot_be_read_is_refused_whole(brand: Brand, as_alice: Client) -> None:
    assert "lacks images" in sent(as_alice, brand, archive(header="name,design_kind"))
    too_many = archive(*["Bottle,packaging,a.png"] * 201)
    assert "more than 200 rows" in sent(as_alice, brand, too_many)
    assert not Design.objects.exists()


def test_licences_come_from_a_csv(brand: Brand, as_alice: Client) -> None:
    from detection.models import Marketplace

    place = factories.organisation("Bazaar")
    Marketplace.objects.create(organisation=place, name="Bazaar")
    factories.design(brand, "Bottle")
    rows = [
        "marketplace,seller_id,design,valid_from,valid_until",
        "Bazaar,s-1,,,",
        "Bazaar,s-2,Bottle,2026-01-01,2027-01-01",
        "Souk,s-3,,,",
        "Bazaar,s-4,Crate,,",
        "Bazaar,s-5,,tomorrow,",
    ]
    text = sent(as_alice, brand, "\n".join(rows).encode(), "bulk-licences")
    assert "2 taken in, 0 there already, 3 refused" in text
    assert "no design Crate" in text
    assert "There is no marketplace called Souk. Use its name: Bazaar." in text
    again = sent(as_alice, brand, "\n".join(rows[:2]).encode(), "bulk-licences")
    assert "0 taken in, 1 there already" in again
    assert Licence.objects.count() == 2


def test_a_workbook_brings_licences_and_names_the_cell_that_it_cannot(
    brand: Brand, as_alice: Client
) -> None:
    from detection.models import Marketplace

    Marketplace.objects.create(organisation=factories.organisation("Bazaar"), name="Bazaar")
    rows = [
        ["Marketplace", "Seller ID", "Valid until"],
        ["Bazaar", "s-1", '<c r="@" s="1"><v>73051</v></c>'],
        ["Bazaar", "s-2", '<c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>'],
    ]
    text = sent(as_alice, brand, workbook({"Sheet1": sheet(rows)}), "bulk-licences")
    assert "1 taken in, 0 there already, 1 refused" in text
    assert "C (valid_until): The spreadsheet shows an error here." in text
    assert Licence.objects.get().valid_until == date(2100, 1, 1)


def test_members_bring_designs_owners_licences_strangers_nothing(
    brand: Brand, acme: Organisation, as_bob: Client, as_charlie: Client
) -> None:
    for what, expected in (("bulk-designs", 200), ("bulk-licences", 403)):
        page = reverse(what, args=[brand.pk])
        assert as_bob.get(page).status_code == expected
        assert as_charlie.get(page).status_code == 404
    assert acme == brand.organisation
