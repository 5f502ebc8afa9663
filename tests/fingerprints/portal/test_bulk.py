"""Many designs and licences from a table, row by row."""

import io
import zipfile
from datetime import date
from unicodedata import normalize

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from brandguard.celery import app
from fingerprints.models import Brand, Design, Licence
from tests import factories
from tests.fingerprints.scenes import HEADER, PICTURES, archive, previewed, zipped
from tests.workbooks import sheet, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def sent(client: Client, brand: Brand, data: bytes, what: str = "bulk-designs") -> str:
    """The report, once the preview was confirmed."""
    page = previewed(client, brand, data, what)
    return client.post(page, {"import": "yes"}).text if page.startswith("/") else page


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
    assert "1 imported, 0 already there, 5 refused" in text
    for part in ("c.png:", "design_kind:", "no file lost.png", "formula", "names no picture"):
        assert part in text, part
    design = Design.objects.get()
    assert (design.name, design.images.count()) == ("Bottle", 2)


class Unflagged(zipfile.ZipInfo):
    """As older programs name an entry: in their own encoding, without saying so."""

    codec = "gb18030"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own
        return self.filename.encode(self.codec), self.flag_bits


@pytest.mark.parametrize("codec", ["gb18030", "cp850", "utf-8"])
def test_pictures_are_found_by_names_in_other_encodings(
    brand: Brand, as_alice: Client, codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unflagged, "codec", codec)
    name = "正面.png" if codec == "gb18030" else "Größe.png"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("designs.csv", f"{HEADER}\nBottle,packaging,{name}")
        made.writestr(Unflagged(name), PICTURES["a.png"])
    assert "1 imported" in sent(as_alice, brand, file.getvalue())


def test_pictures_are_found_by_names_whose_accents_stand_apart(
    brand: Brand, as_alice: Client
) -> None:
    data = zipped({
        "designs.csv": f"{HEADER}\nBottle,packaging,Größe.png".encode(),
        normalize("NFD", "Größe.png"): PICTURES["a.png"],
    })  # fmt: skip
    assert "1 imported" in sent(as_alice, brand, data)


def test_the_same_file_again_registers_nothing_twice(brand: Brand, as_alice: Client) -> None:
    data = archive("Bottle,packaging,a.png;b.png")
    sent(as_alice, brand, data)
    assert "0 imported, 1 already there" in sent(as_alice, brand, data)
    assert Design.objects.count() == 1


def test_a_file_that_cannot_be_read_is_refused_whole(brand: Brand, as_alice: Client) -> None:
    assert "lacks images" in sent(as_alice, brand, archive(header="name,design_kind"))
    too_many = archive(*["Bottle,packaging,a.png"] * 201)
    assert "more than 200 rows" in sent(as_alice, brand, too_many)
    assert not Design.objects.exists()


def test_licences_come_from_a_csv(brand: Brand, as_alice: Client) -> None:
    from accounts.models import Marketplace

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
    assert "2 imported, 0 already there, 3 refused" in text
    assert "no design called Crate" in text
    assert "There is no marketplace called Souk. Use one of these names: Bazaar." in text
    again = sent(as_alice, brand, "\n".join(rows[:2]).encode(), "bulk-licences")
    assert "0 imported, 1 already there" in again
    assert Licence.objects.count() == 2


def test_a_workbook_brings_licences_and_names_the_cell_that_it_cannot(
    brand: Brand, as_alice: Client
) -> None:
    from accounts.models import Marketplace

    Marketplace.objects.create(organisation=factories.organisation("Bazaar"), name="Bazaar")
    rows = [
        ["Marketplace", "Seller ID", "Valid until"],
        ["Bazaar", "s-1", '<c r="@" s="1"><v>73051</v></c>'],
        ["Bazaar", "s-2", '<c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>'],
    ]
    text = sent(as_alice, brand, workbook({"Sheet1": sheet(rows)}), "bulk-licences")
    assert "1 imported, 0 already there, 1 refused" in text
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
