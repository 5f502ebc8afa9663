"""A file is shown as it was understood before it is imported."""

from django.contrib.auth.models import User
from django.test import Client

from accounts.models import Marketplace
from detection.intake.actions.import_listings import run_import
from detection.intake.models import Listing, ListingImport
from fingerprints.models import SentTable
from tests import factories
from tests.detection.intake.scenes import GOOD, imported, text


def previewed(client: Client, marketplace: Marketplace, data: bytes, name: str) -> str:
    sent = {"marketplace": str(marketplace.pk), "file": factories.upload(data, name)}
    answer = client.post("/imports", sent)
    assert answer.status_code == 302, answer.text
    return str(answer["Location"])


def test_the_page_shows_how_a_file_is_understood_then_imports_it_and_reports(
    marketplace: Marketplace, seller: User
) -> None:
    client = factories.signed_in(seller)
    data = text(GOOD, "offer-2,,A,,,,,", GOOD.replace("A b", "=b")).replace(b",", b";")
    page = previewed(client, marketplace, data, "offers.csv")
    shown = client.get(page).text
    for part in ("offers.csv", "semicolon", "A bottle", "Import 2 rows", "formula"):
        assert part in shown, part
    assert not ListingImport.objects.exists()
    answer = client.post(page, {"import": "yes"})
    job = ListingImport.objects.get()
    assert "Under way" in client.get(answer["Location"]).text
    run_import(job=job)
    report = client.get(answer["Location"]).text
    for part in ("3 of 3 rows", "seller_id", "C (title)", "Read as CSV, UTF-8, semicolon"):
        assert part in report, part
    assert "offers.csv" in client.get("/imports").text


def test_a_file_confirmed_twice_is_imported_once(marketplace: Marketplace, seller: User) -> None:
    client = factories.signed_in(seller)
    page = previewed(client, marketplace, text(GOOD), "offers.csv")
    client.post(page, {"import": "yes"})
    assert "no longer here" in client.post(page, {"import": "yes"}, follow=True).text
    job = ListingImport.objects.get()
    run_import(job=job)
    assert (job.name, Listing.objects.count()) == ("offers.csv", 1)


def test_the_encoding_chosen_at_the_preview_is_the_imports(
    marketplace: Marketplace, seller: User
) -> None:
    client = factories.signed_in(seller)
    data = text(GOOD).replace(b"A bottle", b"Cr\xe8me")
    page = previewed(client, marketplace, data, "offers.csv")
    assert "is uncertain" in client.get(page).text
    client.post(page, {"import": "yes", "encoding": "cp1252"})
    run_import(job=ListingImport.objects.get())
    assert Listing.objects.get().title == "Crème"


def test_a_hopeless_file_is_refused_where_it_is_sent(
    marketplace: Marketplace, seller: User
) -> None:
    sent = {"marketplace": str(marketplace.pk), "file": factories.upload(b"a,b", "a.csv")}
    answer = factories.signed_in(seller).post("/imports", sent)
    assert answer.status_code == 422
    assert "lacks external_id" in answer.text
    assert not SentTable.objects.exists()


def test_a_stranger_neither_sends_nor_sees_any(
    marketplace: Marketplace, as_charlie: Client
) -> None:
    job = imported(marketplace, text(GOOD))
    assert as_charlie.get(f"/imports/{job.pk}").status_code == 404
    sent = {"marketplace": str(marketplace.pk), "file": factories.upload(text(GOOD), "a.csv")}
    assert as_charlie.post("/imports", sent).status_code == 422
    member = factories.signed_in(factories.member(marketplace.organisation, "bazaar"))
    page = previewed(member, marketplace, text(GOOD), "a.csv")
    assert as_charlie.get(page).status_code == 302
    as_charlie.post(page, {"import": "yes"})
    assert ListingImport.objects.count() == 1
