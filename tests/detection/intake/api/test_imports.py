"""A table sent to the API: how it was understood is in the answer, and what becomes of each row is followed."""

import io
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import Marketplace
from detection.intake.actions.import_listings import run_import
from detection.intake.models import Listing, ListingImport
from tests import factories
from tests.workbooks import sheet, workbook

pytestmark = pytest.mark.django_db
IMPORTS = "/api/v1/imports"
HEADER = "External ID;Seller ID;Title;Price;Currency;Image URLs"
GOOD = "offer-1;s-1;Größe L für Männer;9,90;EUR;https://img.example/a.png"
BAD = "offer-2;s-1;=1+1;;;https://img.example/a.png"


def table(*rows: str, encoding: str = "cp1252") -> bytes:
    return "\r\n".join([HEADER, *rows]).encode(encoding)


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("listings.csv", data)
    return file.getvalue()


def send(key: str, data: bytes, name: str = "offers.csv", **fields: str) -> Any:
    body = {"file": factories.upload(data, name), **fields}
    return Client().post(IMPORTS, body, headers={"Authorization": f"Bearer {key}"})


def get(key: str, url: str) -> Any:
    return Client().get(url, headers={"Authorization": f"Bearer {key}"})


def test_the_answer_says_how_a_table_was_understood_and_what_could_not_be_read(key: str) -> None:
    answer = send(key, table(GOOD, BAD))
    assert answer.status_code == 202
    said = answer.json()
    assert said["understood"] == {
        "format": "CSV", "encoding": "Windows-1252", "delimiter": "semicolon", "sheet": "",
    }  # fmt: skip
    assert (said["state"], said["rows_in_all"], said["rows_refused"]) == ("waiting", 2, 1)
    [row] = said["refused"]
    [error] = row["errors"]
    assert (row["number"], error["column"], error["field"]) == (3, "C", "title")
    assert error["remedy"] == "Leave the leading sign out."


def test_an_import_is_followed_where_location_says(
    key: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer = send(key, table(GOOD, GOOD.replace("offer-1", "").replace("9,90;EUR", ";"), BAD))
    run_import(job=ListingImport.objects.get())
    with django_assert_num_queries(3):  # the key, the import, its refused rows
        said = get(key, answer["Location"]).json()
    assert (said["state"], said["rows_done"], said["rows_refused"]) == ("done", 3, 2)
    assert [row["errors"][0]["field"] for row in said["refused"]] == ["external_id", "title"]
    assert Listing.objects.get().title == "Größe L für Männer"


def test_a_preview_imports_nothing(key: str) -> None:
    rows: list[list[object]] = [["external_id", "seller_id"], ["offer-1", 17], ["offer-2", "=1+1"]]
    answer = send(key, workbook({"May": sheet(rows)}), "offers.xlsx", preview="true")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["understood"]["format"], said["understood"]["sheet"]) == ("XLSX", "May")
    assert said["rows"] == [{"number": 2, "cells": {"external_id": "offer-1", "seller_id": "17"}}]
    assert [row["number"] for row in said["refused"]] == [3]
    assert not ListingImport.objects.exists()


def test_an_encoding_that_is_not_certain_is_asked_for(key: str) -> None:
    data = table(GOOD.replace("Größe L für Männer", "Crème"))
    answer = send(key, data)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("encoding", "encoding_unclear")
    assert {"Windows-1252", "Windows-1250"} <= set(error["candidates"])
    assert send(key, data, encoding="cp1252").status_code == 202
    run_import(job=ListingImport.objects.get())
    assert Listing.objects.get().title == "Crème"


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"a,b\n1,2", "lacks external_id"), (b"\xd0\xcf\x11\xe0" + b"\0" * 9, "older or a protected")],
)
def test_a_file_of_which_nothing_is_certain_is_refused(key: str, data: bytes, said: str) -> None:
    answer = send(key, data)
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("file", "import_unreadable")
    assert said in error["message"]
    assert not ListingImport.objects.exists()


def test_a_sandbox_key_imports_into_its_own_world(marketplace: Marketplace, seller: User) -> None:
    tried = factories.api_key(marketplace.organisation, seller, "listings", sandbox=True)
    real = factories.api_key(marketplace.organisation, seller, "listings")
    url = send(tried, table(GOOD))["Location"]
    run_import(job=ListingImport.objects.get())
    assert Listing.objects.get().sandbox
    assert get(tried, url).status_code == 200
    assert get(real, url).status_code == 404


def test_a_marketplace_alone_imports_and_sees_its_own(
    key: str, marketplace: Marketplace, alice: User, charlie: User
) -> None:
    url = send(key, table(GOOD))["Location"]
    assert factories.signed_in(factories.member(marketplace.organisation, "bo")).get(
        url
    ).json()["name"] == "offers.csv"  # fmt: skip
    for stranger in (alice, charlie):
        client = factories.signed_in(stranger)
        assert client.get(url).status_code == 404
        file = {"file": factories.upload(table(GOOD), "offers.csv")}
        assert client.post(IMPORTS, file).status_code == 403
    assert ListingImport.objects.count() == 1


def test_a_file_that_is_kept_on_the_disk_while_it_is_sent_is_read_too(
    key: str, settings: Settings
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    rows: list[list[object]] = [["external_id", "seller_id"], ["offer-1", 17]]
    for data in (table(GOOD), workbook({"May": sheet(rows)}), zipped(table(GOOD))):
        assert send(key, data).status_code == 202
    assert ListingImport.objects.filter(understood__isnull=False).count() == 3
