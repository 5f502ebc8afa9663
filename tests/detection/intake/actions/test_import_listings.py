"""Many listings from a file: a bad row never stops the rest, a hostile file stops nothing else."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Marketplace
from detection.intake.actions import import_listings
from detection.intake.actions.import_listings import run_import, start_import
from detection.intake.actions.ingest import ingest_listing
from detection.intake.models import Listing, ListingImport
from fingerprints.imports import reading
from tests import factories
from tests.detection.intake.scenes import GOOD, HEADER, imported, text
from tests.pictures import drawn, encoded
from tests.workbooks import sheet, workbook


def archive(csv: bytes, **pictures: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("listings.csv", csv)
        for name, data in pictures.items():
            made.writestr(name.replace("__", "/"), data)
    return file.getvalue()


def fields_of(job: ListingImport) -> list[list[str]]:
    return [[error["field"] for error in row.errors] for row in job.rows.all()]


def test_rows_become_listings(marketplace: Marketplace) -> None:
    job = imported(marketplace, b"\xef\xbb\xbf" + text(GOOD, GOOD.replace("offer-1", "offer-2")))
    assert (job.state, job.rows_in_all) == ("done", 2)
    listing = Listing.objects.get(external_id="offer-1")
    assert (listing.title, listing.territories, listing.state) == (
        "A bottle",
        ["DE", "FR"],
        "fetching",
    )


def test_a_table_as_another_program_writes_it_becomes_listings(marketplace: Marketplace) -> None:
    header = "External ID;Seller ID;Title;Price;Currency;Image URLs"
    rows = [header, "offer-1;s-1;Größe L für Männer;9,90;EUR;https://img.example/a.png"]
    job = imported(marketplace, "\r\n".join(rows).encode("cp1252"))
    listing = Listing.objects.get()
    assert (listing.title, listing.price) == ("Größe L für Männer", Decimal("9.90"))
    assert job.understood == {
        "format": "CSV", "encoding": "Windows-1252", "delimiter": "semicolon", "sheet": "",
    }  # fmt: skip


@pytest.mark.parametrize("cell", ["DE FR", "DE;FR", '"DE, FR"', "DE ; FR"])
def test_a_cell_of_several_values_has_them_between_spaces_semicolons_or_commas(
    marketplace: Marketplace, cell: str
) -> None:
    imported(marketplace, text(GOOD.replace("DE FR", cell)))
    assert Listing.objects.get().territories == ["DE", "FR"]


def test_a_workbook_becomes_listings_alone_and_in_an_archive(marketplace: Marketplace) -> None:
    rows: list[list[object]] = [
        ["external_id", "seller_id", "price", "currency", "image_urls"],
        ["offer-1", 17, 9.9, "EUR", "https://img.example/a.png"],
    ]
    book = workbook({"Offers": sheet(rows)})
    imported(marketplace, book, "offers.xlsx")
    assert Listing.objects.get().seller_id == "17"
    rows[1][0] = "offer-2"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("Listings.xlsx", workbook({"Offers": sheet(rows)}))
    job = imported(marketplace, packed.getvalue(), "offers.zip")
    assert (job.understood or {})["sheet"] == "Offers"
    assert Listing.objects.count() == 2


def test_a_chosen_encoding_is_obeyed(marketplace: Marketplace) -> None:
    data = text(GOOD).replace(b"A bottle", b"Cr\xe8me")
    file = ContentFile(data, "listings.csv")
    job = start_import(marketplace=marketplace, file=file, by=factories.staff(), encoding="cp1252")
    run_import(job=job)
    assert Listing.objects.get().title == "Crème"


def test_cells_that_cannot_be_read_are_told_by_row_and_column(marketplace: Marketplace) -> None:
    job = imported(marketplace, text(GOOD.replace("A b", "A\0b"), GOOD))
    [row] = job.rows.exclude(errors=[])
    assert (row.number, row.errors[0]["column"], row.errors[0]["field"]) == (2, "C", "title")
    assert job.rows_in_all == 2
    assert Listing.objects.count() == 1


def test_pictures_come_from_the_archive(marketplace: Marketplace) -> None:
    row = "offer-1,s-1,A bottle,,,,front.png photos/back.png,"
    pictures: dict[str, Any] = {
        "front.png": encoded(drawn(1)),
        "photos__back.png": encoded(drawn(2)),
    }
    imported(marketplace, archive(text(row), **pictures), "listings.zip")
    images = Listing.objects.get().images.order_by("position")
    assert [(image.name, image.state) for image in images] == [
        ("front.png", "pending"),
        ("back.png", "pending"),
    ]


def test_a_bad_row_is_told_and_the_rest_goes_on(marketplace: Marketplace) -> None:
    job = imported(
        marketplace,
        text(
            GOOD,
            "offer-2,,A bottle,,,,,https://img.example/a.png",
            "offer-3,s-1,=HYPERLINK(1),,,,,https://img.example/a.png",
            "offer-4,s-1,A bottle,,,Germany,,https://img.example/a.png",
            "offer-5,s-1,A bottle,,,,missing.png,",
            "offer-6,s-1,A bottle,,,,,",
            "offer-6a,s-1,A bottle,9.90,RMB,UK,,https://img.example/a.png",
            "offer-6b,s-1,A bottle,,,,,http://localhost/a.png",
            GOOD.replace("offer-1", "offer-7") + ",one,too,many",
            GOOD.replace("offer-1", "offer-8"),
        ),
    )
    assert fields_of(job) == [
        [], ["seller_id"], ["title"], ["territories"], ["images"], ["images"],
        ["currency", "territories"], ["image_urls[0]"], [None], [],
    ]  # fmt: skip
    assert list(Listing.objects.values_list("external_id", flat=True).order_by("external_id")) == [
        "offer-1",
        "offer-8",
    ]


def test_a_row_on_which_something_here_fails_is_told_and_the_rest_goes_on(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ingest(**given: Any) -> Listing:
        if given["offer"].external_id == "offer-1":
            raise ZeroDivisionError
        return ingest_listing(**given)

    monkeypatch.setattr("detection.intake.actions.import_listings.ingest_listing", ingest)
    job = imported(marketplace, text(GOOD, GOOD.replace("offer-1", "offer-2")))
    assert job.state == "done"
    assert [[error["code"] for error in row.errors] for row in job.rows.all()] == [
        ["unexpected"],
        [],
    ]


def test_a_file_that_was_lost_ends_the_import_and_says_so(marketplace: Marketplace) -> None:
    file = ContentFile(text(GOOD), "listings.csv")
    job = start_import(marketplace=marketplace, file=file, by=factories.staff())
    job.file.storage.delete(job.file.name or "")
    run_import(job=job)
    job.refresh_from_db()
    assert (job.state, (job.error or {})["code"]) == ("refused", "file_lost")


def test_doing_it_again_takes_in_nothing_twice(marketplace: Marketplace) -> None:
    for _ in range(2):
        imported(marketplace, text(GOOD))
    assert Listing.objects.count() == 1


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(
    marketplace: Marketplace,
) -> None:
    job = imported(marketplace, text(GOOD, GOOD.replace("offer-1", "offer-2")))
    job.rows.filter(number=3).delete()
    ListingImport.objects.update(
        state="running", done_at=None, leased_until=timezone.now() + timedelta(minutes=1)
    )
    run_import(job=job)
    assert job.rows.count() == 1  # the other one may still be at it
    ListingImport.objects.update(leased_until=timezone.now())
    run_import(job=job)
    assert job.rows.count() == 2
    assert Listing.objects.count() == 2


def test_after_its_turn_an_import_leaves_the_worker_to_others_and_goes_on_later(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detection.intake.actions.import_listings.SECONDS_A_TURN", -1)
    job = imported(marketplace, text(GOOD))
    assert (job.state, job.leased_until, job.rows.count()) == ("running", None, 0)
    monkeypatch.undo()
    assert run_import(job=job) is False
    assert Listing.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(text(GOOD).replace(b"A b", b"Cr\xe8me"), "not certain", id="which encoding"),
        pytest.param(text(GOOD, header="id,seller"), "lacks external_id", id="another header"),
        pytest.param(text(GOOD, header=HEADER + ",colour"), "has colour", id="an unknown column"),
        pytest.param(b"", "lacks external_id", id="empty"),
        pytest.param(archive(text(GOOD))[:200], "an archive", id="half a ZIP"),
        pytest.param(archive(text(GOOD), **{"..__evil.png": b"x"}), "outside", id="a path outside"),
        pytest.param(archive(text(GOOD), __etc__passwd=b"x"), "outside", id="from the root"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    marketplace: Marketplace, data: bytes, said: str
) -> None:
    job = imported(marketplace, data)
    assert job.state == "refused"
    assert job.error
    assert said in job.error["message"]
    assert not Listing.objects.exists()


def test_an_archive_without_a_list_is_refused(marketplace: Marketplace) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("other.csv", text(GOOD))
    assert imported(marketplace, file.getvalue()).error["message"] == (  # type: ignore[index]
        "The archive has no listings.csv."
    )


def test_a_hundred_thousand_entries_are_refused(marketplace: Marketplace) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for number in range(100_000):
            made.writestr(str(number), b"")
    job = imported(marketplace, file.getvalue())
    assert job.error
    assert "100000 entries" in job.error["message"]


def test_a_bomb_is_read_to_the_limit_and_refused(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr("brandguard.kernel.tables.read.MAX_BYTES", 1_000_000)
    assert imported(marketplace, archive(b"a" * 50_000_000)).state == "refused"
    row = "offer-1,s-1,A bottle,,,,bomb.png,"
    job = imported(marketplace, archive(text(row), **{"bomb.png": b"\0" * 100_000_000}))
    assert fields_of(job) == [["images"]]


def test_too_many_rows_are_refused(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_listings, "COLUMNS", replace(import_listings.COLUMNS, most_rows=1))
    job = imported(marketplace, text(GOOD, GOOD.replace("offer-1", "offer-2")))
    assert job.state == "refused"
