"""What marketplaces send and read: listings, batches, checks, actions, appeals."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from unittest.mock import Mock, patch

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import ApiKey, Marketplace
from detection.intake.actions.check import MAX_ALIKE, deadline, too_many_alike
from detection.intake.models import Listing, ListingImage
from detection.review.models import Alert
from fingerprints.models import Brand
from tests import factories
from tests.pictures import drawn, encoded

LISTINGS, BATCH, CHECKS = "/api/v1/listings", "/api/v1/listings:batch", "/api/v1/checks"
ADDRESS = "https://img.example/a.png"

type Call = Callable[..., Any]


@pytest.fixture
def seller(marketplace: Marketplace) -> User:
    """A program of the marketplace acts as this user."""
    return factories.member(marketplace.organisation, "bazaar")


@pytest.fixture
def key(marketplace: Marketplace, seller: User) -> str:
    return factories.api_key(marketplace.organisation, seller, "listings")


@pytest.fixture
def sandbox(marketplace: Marketplace, seller: User) -> str:
    return factories.api_key(marketplace.organisation, seller, "listings", sandbox=True)


def send(url: str, key: str, data: Any = None, *, by: str = "post", **headers: str) -> Any:
    call = getattr(Client(headers={"Authorization": f"Bearer {key}", **headers}), by)
    if isinstance(data, dict) and "images" in data:
        return call(url, data)
    return call(url, data, content_type="application/json") if data else call(url)


def offer(**fields: Any) -> dict[str, Any]:
    return {
        "external_id": "offer-1",
        "seller_id": "seller-1",
        "image_urls": [ADDRESS],
    } | fields


# --- listings ---------------------------------------------------------------------------------
def test_a_listing_by_addresses_is_taken_in_as_json(key: str) -> None:
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


# --- batches -----------------------------------------------------------------------------------
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


# --- who ----------------------------------------------------------------------------------------
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


def test_the_last_use_of_a_key_is_noted_to_the_minute(marketplace: Marketplace, key: str) -> None:
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    send(LISTINGS, key, by="get")
    noted = ApiKey.objects.get().last_used_at
    send(LISTINGS, key, by="get")
    assert noted
    assert timezone.now() - noted < timedelta(minutes=1)
    assert ApiKey.objects.get().last_used_at == noted


def test_too_many_requests_are_told_when_to_go_on(key: str, settings: Settings) -> None:
    settings.REQUESTS_PER_MINUTE = 2
    answers = [send(LISTINGS, key, by="get") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["errors"][0]["code"] == "throttled"


def test_where_nothing_can_be_counted_nobody_is_turned_back(key: str, settings: Settings) -> None:
    away = {"BACKEND": "brandguard.cache.ForgivingRedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = {"default": away}
    assert send(LISTINGS, key, by="get").status_code == 200
    assert Client().get(reverse("account_login")).status_code == 200
    wrong = {"login": "nobody", "password": "wrong"}
    assert Client().post(reverse("account_login"), wrong).status_code == 200


# --- checks --------------------------------------------------------------------------------------
def check(**fields: Any) -> dict[str, Any]:
    picture = factories.upload(encoded(drawn(1)))
    return {"seller_id": "seller-1", "images": [picture]} | fields


def test_a_stopped_worker_is_answered_pending_in_time(key: str, settings: Settings) -> None:
    settings.CHECK_MILLISECONDS = 100
    answer = send(CHECKS, key, check())
    assert (answer.status_code, answer.json()["verdict"]) == (202, "pending")
    assert send(answer["Location"], key, by="get").json()["state"] == "queued"
    assert Listing.objects.get().answer_owed
    assert not send(LISTINGS, key, by="get").json()["results"]


def test_a_verdict_that_comes_in_time_is_the_answer(key: str) -> None:
    def matched(_: float) -> None:
        Listing.objects.update(state="matched", verdict="hold", matched_at=timezone.now())

    with patch("detection.intake.actions.check.time.sleep", matched):
        answer = send(CHECKS, key, check())
    assert (answer.status_code, answer.json()["verdict"]) == (200, "hold")


def test_a_hold_of_one_picture_is_the_answer_while_others_are_looked_at(key: str) -> None:
    def first_held(_: float) -> None:
        Listing.objects.update(verdict="hold")
        ListingImage.objects.filter(position=0).update(state="embedded", width=1, height=1)

    pictures = [factories.upload(encoded(drawn(seed))) for seed in (1, 2, 3)]
    with patch("detection.intake.actions.check.time.sleep", first_held):
        answer = send(CHECKS, key, check(images=pictures))
    assert (answer.status_code, answer.json()["verdict"]) == (200, "hold")
    assert (answer.json()["state"], answer.json()["pending_images"]) == ("queued", [1, 2])
    assert answer["Location"]
    assert Listing.objects.get().answer_owed  # what the others show is told by an event


def test_what_is_decided_is_told_and_what_is_pending(key: str, settings: Settings) -> None:
    settings.CHECK_MILLISECONDS = 100

    def first_decided(_: float) -> None:
        ListingImage.objects.filter(position=0).update(state="embedded", width=1, height=1)

    pictures = [factories.upload(encoded(drawn(seed))) for seed in (1, 2)]
    with patch("detection.intake.actions.check.time.sleep", first_decided):
        answer = send(CHECKS, key, check(images=pictures))
    assert (answer.status_code, answer.json()["verdict"]) == (202, "pending")
    assert [image["state"] for image in answer.json()["images"]] == ["embedded", "pending"]
    assert answer.json()["pending_images"] == [1]


@pytest.mark.parametrize(("milliseconds", "waited"), [(2000, 1.7), (100, 0.08)])
def test_some_of_the_time_is_kept_for_the_answer_itself(
    milliseconds: int, waited: float, settings: Settings
) -> None:
    settings.CHECK_MILLISECONDS = milliseconds
    assert deadline(10.0) == pytest.approx(10 + waited)


def test_what_came_before_a_check_is_taken_in_counts_too(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From when the request is there: to know the key, and to read the pictures."""
    asked = Mock(return_value=0.0)
    monkeypatch.setattr("detection.review.api.listings.deadline", asked)
    monkeypatch.setattr("brandguard.kernel.requests.time.monotonic", lambda: 77.0)
    assert send(CHECKS, key, check()).status_code == 202
    asked.assert_called_once_with(77.0)


def test_taking_a_check_in_counts_too(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it took is no longer waited for."""
    waited: list[float] = []
    monkeypatch.setattr("detection.intake.actions.check.time.sleep", waited.append)
    clock = count(0.0, 1.5)  # seconds between one look at the clock and the next
    monkeypatch.setattr("detection.intake.actions.check.time.monotonic", lambda: next(clock))
    send(CHECKS, key, check())
    assert waited == [0.02]


def test_feeling_for_the_threshold_is_told_to_wait(key: str) -> None:
    def refused(_: float) -> None:
        reasons = [{"rule": "too_many_similar_checks", "text": "Too many."}]
        Listing.objects.update(state="failed", reasons=reasons)

    with patch("detection.intake.actions.check.time.sleep", refused):
        answer = send(CHECKS, key, check())
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 3600


@pytest.mark.parametrize(
    ("earlier", "seller", "bits", "many"),
    [
        (MAX_ALIKE, "seller-1", 0, True),
        (MAX_ALIKE, "seller-1", 0xFF, True),
        (MAX_ALIKE, "seller-1", 0xFFFF, False),
        (MAX_ALIKE, "seller-2", 0, False),
        (MAX_ALIKE - 1, "seller-1", 0, False),
    ],
)
def test_nearly_the_same_pictures_of_one_seller_are_counted(
    marketplace: Marketplace, earlier: int, seller: str, bits: int, *, many: bool
) -> None:
    for number in range(earlier + 1):
        last = factories.listing(
            marketplace, purpose="check", seller_id="seller-1" if number == earlier else seller
        )
        alike = 12345 if number == earlier else 12345 ^ bits
        factories.listing_image(last, perceptual_hash=alike)
    assert too_many_alike(last) is many


def test_trials_in_the_sandbox_are_counted_by_themselves(marketplace: Marketplace) -> None:
    live = factories.listing(marketplace, purpose="check")
    factories.listing_image(live, perceptual_hash=0)
    for _ in range(MAX_ALIKE + 1):
        trial = factories.listing(marketplace, purpose="check", sandbox=True)
        factories.listing_image(trial, perceptual_hash=0)
    assert too_many_alike(trial)
    assert not too_many_alike(live)


def test_of_a_seller_s_checks_no_more_than_the_latest_are_compared(
    marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MAX_ALIKE + 1):
        last = factories.listing(marketplace, purpose="check", external_id=f"check-{number}")
        factories.listing_image(last, perceptual_hash=0)
    assert too_many_alike(last)
    monkeypatch.setattr("detection.intake.actions.check.MAX_COMPARED", MAX_ALIKE - 1)
    assert not too_many_alike(last)


# --- appeals ---------------------------------------------------------------------------------------
def test_an_appeal_is_taken_in_once_with_its_clock(
    key: str, marketplace: Marketplace, brand: Brand
) -> None:
    alert = factories.alert(brand, marketplace)
    where = f"{LISTINGS}/{alert.listing_id}/appeals"
    first = send(where, key, {"ground": "genuine_goods", "text": "Bought in Lyon."})
    again = send(where, key, {"ground": "other"})
    assert (first.status_code, first.json()["state"]) == (201, "open")
    assert again.json()["id"] == first.json()["id"]
    assert [one["ground"] for one in send(where, key, by="get").json()] == ["genuine_goods"]


def test_what_is_not_restricted_is_not_appealed(key: str) -> None:
    number = send(LISTINGS, key, offer()).json()["id"]
    answer = send(f"{LISTINGS}/{number}/appeals", key, {"ground": "other"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "nothing_to_appeal")
