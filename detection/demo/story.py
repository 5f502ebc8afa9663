"""The other half of the demo: a marketplace that obeys webhooks, and what becomes of one listing."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from detection.demo.pictures import Photograph
from detection.demo.session import Session
from detection.sample.marketplace import SampleMarketplace

OFFER = "market-1"
STEPS = 6


def story(session: Session, copied: Photograph, keys: tuple[str, str]) -> Iterator[str]:
    """Held, decided, blocked by webhook, appealed, released by another reviewer: a line for each.

    `keys` are of two reviewers.
    """
    first, second = ({"Authorization": f"Bearer {key}"} for key in keys)
    market = SampleMarketplace(
        session.api.removesuffix("/api/v1"), session.marketplace["Authorization"].split()[1]
    )
    with market:
        market.offer(OFFER, f"{copied.name}, as new", copied.data, territories="DE")
        yield reached(market, "held back", "listing.held: the marketplace does not show it")
        alert = alert_on(session, first, market)
        session.call(
            "PUT",
            f"alerts/{alert}/decision",
            first,
            json={"outcome": "infringing", "reason": "picture_copied"},
        )
        yield "decided by a reviewer: infringing; for a moment it could be undone"
        yield reached(market, "blocked", "listing.blocked: the marketplace removes it")
        appeal = market.appeal(OFFER, "genuine_goods", "Bought from the brand itself.")
        yield "appealed by the seller: resale of genuine goods"
        given = {"outcome": "granted", "note": "The receipt is in order."}
        session.call("PUT", f"appeals/{appeal['id']}/decision", second, json=given)
        yield "granted by another reviewer"
        yield reached(market, "shown", "listing.released: the marketplace shows it")


def reached(market: SampleMarketplace, state: str, line: str) -> str:
    if not market.wait_until(OFFER, state):
        raise CommandError(f"The sample marketplace did not come to: {line}.")
    return line


def alert_on(session: Session, reviewer: dict[str, str], market: SampleMarketplace) -> Any:
    number = market.items[OFFER].number
    found = session.call("GET", "alerts?state=open&page_size=200", reviewer)["results"]
    return next(alert["id"] for alert in found if alert["listing"]["id"] == number)
