"""Nothing is imported before its preview is confirmed."""

import pytest
from django.test import Client, TestCase

from brandguard.celery import app
from fingerprints.models import Brand, Design, SentTable
from tests.fingerprints.scenes import HEADER, PICTURES, archive, previewed, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


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


def test_a_sent_file_is_its_senders_alone(
    brand: Brand, as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    page = previewed(as_alice, brand, archive("Bottle,packaging,a.png"))
    assert as_alice.get(page).status_code == 200
    assert as_bob.get(page).status_code == 302
    assert as_charlie.get(page).status_code == 404
    as_bob.post(page, {"import": "yes"})
    assert not Design.objects.exists()
