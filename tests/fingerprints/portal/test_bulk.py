"""Many designs and licences from files: a report by row, and nothing twice."""

import io
import zipfile
from datetime import date, timedelta
from unicodedata import normalize

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from brandguard.celery import app
from fingerprints.actions.sent_tables import discard_old_tables
from fingerprints.models import Brand, Design, Licence, SentTable
from tests import factories
from tests.pictures import drawn, encoded
from tests.workbooks import sheet, workbook

pytestmark = pytest.mark.django_db
HEADER = "name,design_kind,images"
PICTURES = {"a.png": encoded(drawn(1)), "b.png": encoded(drawn(2)), "c.png": b"no picture"}


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return file.getvalue()


def archive(*rows: str, header: str = HEADER) -> bytes:
    return zipped({"designs.csv": "\n".join([header, *rows]).encode(), **PICTURES})


def previewed(client: Client, brand: Brand, data: bytes, what: str = "bulk-designs") -> str:
    """The address of the preview, or the page that says why there is none."""
    file = factories.upload(data, "file.zip")
    answer = client.post(reverse(what, args=[brand.pk]), {"file": file})
    return answer["Location"] if answer.status_code == 302 else answer.text


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
    assert "There is no marketplace called Souk. Use its name: Bazaar." in text
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


def test_nothing_is_imported_before_the_preview_is_confirmed(
    brand: Brand, as_alice: Client
) -> None:
    data = archive(
        "Bottle;packaging;a.png",
        "Cap;object",
        "Big;object;b.png;x",
        header="Name;Design kind;Images",
    )
    page = previewed(as_alice, brand, data)
    text = as_alice.get(page).text
    for part in ("semicolon", "UTF-8", "Bottle", "Import 2 rows", "no name", "<td>D</td>"):
        assert part in text, part
    assert not Design.objects.exists()
    assert "1 imported, 0 already there, 2 refused" in as_alice.post(page, {"import": "yes"}).text


def test_an_encoding_that_is_not_certain_is_chosen_at_the_preview(
    brand: Brand, as_alice: Client
) -> None:
    data = f"{HEADER}\nCr\u00e8me,packaging,a.png".encode("cp1252")
    page = previewed(as_alice, brand, zipped({"designs.csv": data, "a.png": PICTURES["a.png"]}))
    text = as_alice.get(page).text
    assert "It may be Windows-1252, Windows-1250" in text
    assert 'name="import"' not in text
    assert "Cr\u00e8me" in as_alice.get(page, {"encoding": "cp1252"}).text
    as_alice.post(page, {"import": "yes", "encoding": "cp1252"})
    assert Design.objects.get().name == "Cr\u00e8me"


def test_a_confirmed_or_removed_file_is_gone(brand: Brand, as_alice: Client) -> None:
    for button in ("import", "discard"):
        with TestCase.captureOnCommitCallbacks(execute=True):
            page = previewed(as_alice, brand, archive("Bottle,packaging,a.png"))
            table = SentTable.objects.get()
            as_alice.post(page, {button: "yes"})
        assert not SentTable.objects.exists()
        assert not table.file.storage.exists(table.file.name or "")
        assert "no longer here" in as_alice.post(page, {"import": "yes"}, follow=True).text
    assert Design.objects.count() == 1


def test_a_file_that_was_lost_is_told_of(brand: Brand, as_alice: Client) -> None:
    page = previewed(as_alice, brand, archive("Bottle,packaging,a.png"))
    table = SentTable.objects.get()
    table.file.storage.delete(table.file.name or "")
    assert "The stored file is missing" in as_alice.post(page, {"import": "yes"}).text


def test_what_nobody_confirms_goes_after_a_day(brand: Brand, as_alice: Client) -> None:
    previewed(as_alice, brand, archive("Bottle,packaging,a.png"))
    now = timezone.now()
    assert discard_old_tables(now=now + timedelta(hours=23)) == 0
    assert discard_old_tables(now=now + timedelta(hours=25)) == 1
    assert not SentTable.objects.exists()


def test_a_senders_newest_five_wait(brand: Brand, as_alice: Client, as_bob: Client) -> None:
    previewed(as_bob, brand, archive("Bottle,packaging,a.png"))
    pages = [previewed(as_alice, brand, archive("Bottle,packaging,a.png")) for _ in range(6)]
    assert [as_alice.get(page).status_code for page in pages] == [302, *[200] * 5]
    assert SentTable.objects.count() == 6


def test_a_sent_file_is_its_senders_alone(
    brand: Brand, as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    page = previewed(as_alice, brand, archive("Bottle,packaging,a.png"))
    assert as_alice.get(page).status_code == 200
    assert as_bob.get(page).status_code == 302
    assert as_charlie.get(page).status_code == 404
    as_bob.post(page, {"import": "yes"})
    assert not Design.objects.exists()


def test_members_bring_designs_owners_licences_strangers_nothing(
    brand: Brand, acme: Organisation, as_bob: Client, as_charlie: Client
) -> None:
    for what, expected in (("bulk-designs", 200), ("bulk-licences", 403)):
        page = reverse(what, args=[brand.pk])
        assert as_bob.get(page).status_code == expected
        assert as_charlie.get(page).status_code == 404
    assert acme == brand.organisation
