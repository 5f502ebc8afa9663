"""The second part of the demo: a marketplace that obeys webhooks, and the fate of two listings."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError

from lab.demo.pictures import Photograph
from lab.demo.session import PATIENCE, Session
from lab.sample.marketplace import SampleMarketplace

ONE_BRAND, TWO_BRANDS = "market-1", "market-2"
STEPS = 12


@dataclass(frozen=True)
class Casting:
    """`copied` is a design of the demo's brand owner. `other` is one of another owner, with the brand and
    the key. The other two keys belong to reviewers.
    """

    copied: Photograph
    other: Photograph
    other_brand: str
    other_key: str
    reviewer_keys: tuple[str, str]


def story(session: Session, casting: Casting) -> Iterator[str]:
    """Yields a line for each step. Raises CommandError when a step is not reached."""
    market = SampleMarketplace(
        session.api.removesuffix("/api/v1"), session.marketplace["Authorization"].split()[1]
    )
    with market:
        told = Story(session, market, casting)
        yield from told.of_one_brand()
        yield from told.of_two_brands()


class Story:
    def __init__(self, session: Session, market: SampleMarketplace, casting: Casting) -> None:
        self.session, self.market, self.casting = session, market, casting
        self.first, self.second = (
            {"Authorization": f"Bearer {key}"} for key in casting.reviewer_keys
        )

    def of_one_brand(self) -> Iterator[str]:
        """The listing is held, decided, blocked by webhook, appealed and released by another reviewer."""
        copied = self.casting.copied
        self.market.offer(ONE_BRAND, f"{copied.name}, as new", copied.data, territories="DE")
        yield self.reached(ONE_BRAND, "held back", "listing.held: the marketplace does not show it")
        self.decide(ONE_BRAND, {"outcome": "infringing", "reason": "picture_copied"})
        yield "a reviewer decides: infringing; this can be undone for a moment"
        yield self.reached(ONE_BRAND, "blocked", "listing.blocked: the marketplace removes it")
        appeal = self.market.appeal(ONE_BRAND, "genuine_goods", "Bought from the brand itself.")
        yield "the seller appeals: resale of genuine goods"
        self.grant(appeal, "The receipt is in order.")
        yield "another reviewer grants the appeal"
        yield self.reached(ONE_BRAND, "shown", "listing.released: the marketplace shows it")

    def of_two_brands(self) -> Iterator[str]:
        """The listing is held for both brands; an appeal lifts one restriction, a decision the other."""
        copied, other = self.casting.copied, self.casting.other
        owner = {"Authorization": f"Bearer {self.casting.other_key}"}
        list(self.session.register(self.casting.other_brand, (other,), owner))
        yield f"another brand owner registers {other.name}"
        title = f"{copied.name} and {other.name}"
        self.market.offer(TWO_BRANDS, title, copied.data, other.data, territories="DE")
        brands = self.restricted_for(2)
        yield self.reached(TWO_BRANDS, "held back", f"one listing held for {' and '.join(brands)}")
        appeal = self.market.appeal(
            TWO_BRANDS, "other", "A picture of my own.", brand=self.casting.other_brand
        )
        yield f"the seller appeals, only against the claim of {appeal['brand_name']}"
        self.grant(appeal, "Another picture.")
        (left,) = self.restricted_for(1)
        yield self.reached(
            TWO_BRANDS, "held back", f"granted: one restriction is lifted, {left}'s remains"
        )
        self.decide(TWO_BRANDS, {"outcome": "not_infringing", "reason": "other_product"})
        yield f"a reviewer decides: {left}'s claim does not stand"
        self.restricted_for(0)
        yield self.reached(TWO_BRANDS, "shown", "listing.released: the last restriction is lifted")

    # --- steps ----------------------------------------------------------------------------------
    def decide(self, offer: str, decision: dict[str, str]) -> None:
        """Decides the open alert on the offer; if there are two, the one that still restricts it."""
        self.session.call(
            "PUT", f"alerts/{self.alert_on(offer)}/decision", self.first, json=decision
        )

    def grant(self, appeal: dict[str, Any], note: str) -> None:
        given = {"outcome": "granted", "note": note}
        self.session.call("PUT", f"appeals/{appeal['id']}/decision", self.second, json=given)

    def reached(self, offer: str, state: str, line: str) -> str:
        if not self.market.wait_until(offer, state):
            raise CommandError(f"The sample marketplace did not reach this step: {line}.")
        return line

    def restricted_for(self, number: int) -> list[str]:
        """Returns the brands once `number` of them restrict the second offer."""
        deadline = time.monotonic() + PATIENCE
        path = f"listings/{self.market.items[TWO_BRANDS].number}"
        while True:
            listing = self.session.call("GET", path, self.session.marketplace)
            brands = [one["brand"] for one in listing["restrictions"]]
            if listing["state"] == "matched" and len(brands) == number:
                return sorted(brands)
            self.session.pause(deadline)

    def alert_on(self, offer: str) -> str:
        number = self.market.items[offer].number
        path = "alerts?state=open&page_size=200"
        found = self.session.call("GET", path, self.first)["results"]
        return next(
            str(alert["id"])
            for alert in found
            if alert["listing"]["id"] == number and alert["verdict"] != "allow"
        )
