"""It believes no webhook that is not signed, obeys each once, and the latest of them."""

from collections.abc import Iterator, Mapping, Sequence
from unittest.mock import patch

import pytest
import requests
from django.utils import timezone

from detection.delivery.models.webhook import new_secret
from detection.delivery.signing import encoded, signed
from lab.sample.marketplace import SampleMarketplace

SECRET = new_secret()


@pytest.fixture
def market() -> Iterator[SampleMarketplace]:
    made = SampleMarketplace("http://127.0.0.1:1", "bg_x_y")
    with patch.object(SampleMarketplace, "call", return_value={"secret": SECRET}), made:
        yield made


def send(
    market: SampleMarketplace,
    event_type: str,
    sequence: int,
    number: str = "evt_1",
    pictures: Sequence[dict[str, object]] = (),
    wrong: Mapping[str, str] = {},
) -> int:
    event = {
        "id": number,
        "type": event_type,
        "sequence": sequence,
        "data": {
            "listing": {"id": "7", "external_id": "offer-1"},
            "pictures": list(pictures),
        },
    }
    body = encoded(event)
    headers = signed(body, event_id=number, at=timezone.now(), secrets=[SECRET]) | dict(wrong)
    return requests.post(
        f"{market.url}/webhooks", data=body.encode(), headers=headers, timeout=5
    ).status_code


def test_it_holds_back_blocks_and_shows_as_it_is_told(market: SampleMarketplace) -> None:
    for number, (event_type, state) in enumerate(
        [
            ("listing.held", "held back"),
            ("listing.blocked", "blocked"),
            ("listing.failed", "not shown: send other pictures"),
            ("listing.released", "shown"),
        ],
        1,
    ):
        assert send(market, event_type, number, f"evt_{number}") == 204
        assert market.items["offer-1"].state == state
    shown = requests.get(f"{market.url}/items.json", timeout=5).json()
    assert shown["offer-1"]["state"] == "shown"
    assert "shown" in requests.get(market.url, timeout=5).text


def test_it_tells_the_seller_which_pictures_were_not_looked_at(market: SampleMarketplace) -> None:
    missing = {"position": 2, "message": "It is damaged.", "remedy": "Send the whole file again."}
    send(market, "listing.held", 1, pictures=[missing])
    assert market.items["offer-1"].note == "Picture 2: It is damaged. Send the whole file again."
    assert "Picture 2" in requests.get(market.url, timeout=5).text
    send(market, "listing.released", 2, "evt_2")
    assert not market.items["offer-1"].note


def test_an_older_event_that_comes_late_is_not_obeyed(market: SampleMarketplace) -> None:
    send(market, "listing.released", 5, "evt_5")
    assert send(market, "listing.held", 4, "evt_4") == 204
    assert market.items["offer-1"].state == "shown"


def test_the_same_event_twice_is_obeyed_once(market: SampleMarketplace) -> None:
    with patch.object(market, "obey") as obey:
        for _ in range(2):
            assert send(market, "listing.held", 1) == 204
    assert obey.call_count == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook-id": "evt_other"},
        {"webhook-timestamp": "1"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": ""},
    ],
)
def test_what_is_tampered_stale_or_not_signed_is_refused(
    market: SampleMarketplace, wrong: dict[str, str]
) -> None:
    assert send(market, "listing.blocked", 1, wrong=wrong) == 401
    assert not market.items
    assert market.refused == 1
