"""Listings of a marketplace, sent with URLs of their pictures: one by one and in batches."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from accounts.models import Marketplace
from detection.intake.models import Listing
from detection.review.models import Alert
from fingerprints.models import Brand
from tests import factories
from tests.api import ADDRESS, BATCH, CHECKS, LISTINGS, offer, send


@pytest.fixture
def sandbox(marketplace: Marketplace, seller: User) -> str:
    return factories.api_key(marketplace.organisation, seller, "listings", sandbox=True)


def test_a_listing_by_urls_is_taken_in_as_json(key: str) -> None:
    answer = send(LISTINGS, key, offer())
    assert answer.status_code == 202
    assert answer.json()["state"] == "fetching"
    assert answer.json()["images"][0]["url"] == ADDRESS
    assert send(answer["Location"], key, by="get").json()["id"] == answer.json()["id"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"image_urls": []}, "images"),
        ({"image_urls": ["not a URL"]}, "image_urls[0]"),
        ({"image_urls": ["ftp://img.example/a"] * 13}, "image_urls"),
        ({"territories": ["Germany"]}, "territories"),
        ({"price": "5.00"}, "currency"),
        ({"external_id": ""}, "external_id"),
    ],
)
def test_bad_input_names_the_field_and_the_remedy(
    key: str, fields: dict[str, Any], field: str
) -> None:
    answer = send(LISTINGS, key, offer(**fields))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert answer.json()["errors"][0]["message"]
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("fields", "remedy"),
    [
        ({"territories": ["DE", "UK"]}, "Send GB for UK."),
        ({"territories": ["XX"]}, "Send ISO 3166-1 alpha-2 codes"),
        ({"price": "5.00", "currency": "RMB"}, "Send CNY."),
    ],
)
def test_a_code_that_is_none_is_refused_with_the_likely_one(
    key: str, fields: dict[str, Any], remedy: str
) -> None:
    answer = send(LISTINGS, key, offer(**fields))
    assert answer.status_code == 400
    assert [e["remedy"].startswith(remedy) for e in answer.json()["errors"]] == [True]
    assert not Listing.objects.exists()


def test_the_same_key_and_content_is_the_same_row_even_after_a_change(key: str) -> None:
    first = send(LISTINGS, key, offer(), **{"Idempotency-Key": "a"}).json()
    send(LISTINGS, key, offer(title="Changed"), **{"Idempotency-Key": "b"})
    again = send(LISTINGS, key, offer(), **{"Idempotency-Key": "a"}).json()
    assert again["id"] == first["id"]
    assert again["superseded_at"] is not None
    assert Listing.objects.count() == 2


def test_the_same_key_with_other_content_is_refused(key: str) -> None:
    send(LISTINGS, key, offer(), **{"Idempotency-Key": "a"})
    answer = send(LISTINGS, key, offer(title="Other"), **{"Idempotency-Key": "a"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "Idempotency-Key")


@pytest.mark.parametrize("wrong", ["k" * 101, "a\0b"])
def test_a_key_that_cannot_be_one_is_refused(key: str, wrong: str) -> None:
    answer = send(BATCH, key, {"listings": [offer(idempotency_key=wrong)]}).json()["listings"][0]
    assert (answer["status"], answer["errors"][0]["field"]) == (400, "idempotency_key")
    assert not Listing.objects.exists()


def test_a_changed_listing_supersedes_the_earlier_revision(key: str) -> None:
    send(LISTINGS, key, offer())
    assert send(LISTINGS, key, offer(title="Changed")).json()["revision"] == 2
    assert list(Listing.objects.current().values_list("revision", flat=True)) == [2]


def test_a_withdrawn_listing_leaves_the_queue_and_may_come_back(
    key: str, marketplace: Marketplace, brand: Brand
) -> None:
    alert = factories.alert(brand, marketplace)
    Alert.objects.update(rule="awaits_review")
    for _ in range(2):
        answer = send(f"{LISTINGS}/{alert.listing_id}/withdraw", key, by="post")
        assert answer.json()["withdrawn_at"]
    assert not Alert.objects.awaiting_review().exists()
    first = send(LISTINGS, key, offer()).json()
    send(f"{LISTINGS}/{first['id']}/withdraw", key)
    assert send(LISTINGS, key, offer()).json()["revision"] == 2


def test_what_the_marketplace_did_is_kept_with_its_time(key: str) -> None:
    number = send(LISTINGS, key, offer()).json()["id"]
    done = {"action": "removed", "at": "2026-11-25T08:00:00Z"}
    answer = send(f"{LISTINGS}/{number}/action", key, done, by="put").json()
    assert (answer["action"], answer["action_at"]) == ("removed", "2026-11-25T08:00:00Z")
    wrong = send(f"{LISTINGS}/{number}/action", key, {"action": "burnt"}, by="put")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "action")


def test_each_of_a_batch_is_answered_by_itself(key: str) -> None:
    several = [offer(), offer(external_id="offer-2", territories=["xx"]), offer(external_id="3")]
    answers = send(BATCH, key, {"listings": several}).json()["listings"]
    assert [answer["status"] for answer in answers] == [202, 400, 202]
    assert answers[1]["errors"][0]["field"] == "territories"
    assert Listing.objects.count() == 2


def test_of_a_batch_only_what_can_never_be_fetched_is_refused(key: str) -> None:
    several = [
        offer(image_urls=["http://127.0.0.1/a.png", "ftp://img.example/a"]),
        offer(external_id="2", image_urls=["https://img.example:22/a.png", ADDRESS]),
        offer(external_id="3"),
    ]
    answers = send(BATCH, key, {"listings": several}).json()["listings"]
    assert [answer["status"] for answer in answers] == [400, 202, 202]
    (error,) = answers[0]["errors"]
    assert (error["field"], error["code"]) == ("image_urls[0]", "url_refused")
    refused, waiting = send(f"{LISTINGS}/{answers[1]['id']}", key, by="get").json()["images"]
    assert (refused["state"], waiting["state"]) == ("refused", "fetching")
    assert refused["error"]["remedy"] == "Send an http or https URL on port 80 or 443."


def test_a_batch_of_too_many_is_refused_whole(key: str) -> None:
    answer = send(BATCH, key, {"listings": [offer(external_id=str(n)) for n in range(101)]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "listings")


@pytest.mark.parametrize(
    ("by", "where", "data"),
    [
        ("get", "", None),
        ("post", "/withdraw", None),
        ("put", "/action", {"action": "removed"}),
        ("post", "/appeals", {"ground": "other"}),
        ("get", "/appeals", None),
    ],
)
def test_another_marketplace_finds_nothing(
    key: str, charlie: User, by: str, where: str, data: Any
) -> None:
    other = factories.marketplace("Other")
    theirs = factories.api_key(
        other.organisation, factories.member(other.organisation, "oscar"), "listings"
    )
    number = send(LISTINGS, key, offer()).json()["id"]
    assert send(f"{LISTINGS}/{number}{where}", theirs, data, by=by).status_code == 404


def test_a_team_mate_s_key_does_what_ours_does(key: str, marketplace: Marketplace) -> None:
    mate = factories.member(marketplace.organisation, "bella")
    theirs = factories.api_key(marketplace.organisation, mate, "listings")
    number = send(LISTINGS, key, offer()).json()["id"]
    assert send(f"{LISTINGS}/{number}", theirs, by="get").status_code == 200


@pytest.mark.parametrize("url", [LISTINGS, BATCH, CHECKS])
def test_a_key_without_the_scope_or_revoked_or_expired_is_turned_back(
    url: str, marketplace: Marketplace, seller: User
) -> None:
    designs = factories.api_key(marketplace.organisation, seller, "designs")
    assert send(url, designs, offer()).status_code == 403
    now = timezone.now()
    for ended in ({"revoked_at": now}, {"expires_at": now}):
        old = factories.api_key(marketplace.organisation, seller, "listings", **ended)
        assert send(url, old, offer()).status_code == 401


def test_a_brand_owner_sends_no_listings(alice: User, acme: Any) -> None:
    key = factories.api_key(acme, alice, "listings")
    assert send(LISTINGS, key, offer()).status_code == 403


def test_a_sandbox_sees_its_own_listings_alone(key: str, sandbox: str) -> None:
    send(LISTINGS, key, offer())
    made = send(LISTINGS, sandbox, offer()).json()
    assert (made["sandbox"], made["revision"]) == (True, 1)
    assert len(send(LISTINGS, key, by="get").json()["results"]) == 1
    assert send(f"{LISTINGS}/{made['id']}", key, by="get").status_code == 404
