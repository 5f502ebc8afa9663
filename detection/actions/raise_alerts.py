"""From matches to what people and marketplaces see: alerts and the listing's verdict."""

from dataclasses import dataclass

from django.db.models import Q

from detection.matching.verdict import RULES, Claim, Rule, most_severe, rule_for
from detection.models import Alert, Decision, Listing, Match
from fingerprints.models import AuditEvent, Brand

NOTHING_FOUND = {"rule": Rule.BELOW_THRESHOLD.value, "text": RULES[Rule.BELOW_THRESHOLD][1]}


@dataclass(frozen=True)
class BrandClaim:
    brand: Brand
    match: Match
    claim: Claim


def raise_alerts(*, listing: Listing) -> None:
    """Within the caller's transaction: one alert a brand whose threshold is reached, then the
    verdict. Doing it again changes nothing.
    """
    found_claims = claims(listing)
    for found in found_claims:
        if found.match.similarity >= found.brand.review_threshold:
            raise_alert(listing, found)
    settle(listing, found_claims)


def raise_alert(listing: Listing, found: BrandClaim) -> None:
    alert, is_new = Alert.objects.get_or_create(
        listing=listing,
        brand=found.brand,
        defaults={
            "match": found.match,
            "similarity": found.match.similarity,
            "match_kind": found.match.match_kind,
        },
    )
    if is_new:
        AuditEvent.objects.record(
            "alert.raised", subject=alert, by=None, similarity=alert.similarity
        )


def settle_verdict(*, listing: Listing) -> None:
    """The verdict that follows from matches, claimants and decisions as they are now.

    Reasons speak of verified claimants alone: what others registered is told to nobody else.
    """
    settle(listing, claims(listing))


def settle(listing: Listing, found_claims: list[BrandClaim]) -> None:
    rules = {found.brand: rule_for(found.claim) for found in found_claims}
    before = listing.verdict
    listing.verdict = most_severe(rules.values())
    told = {brand: rule for brand, rule in rules.items() if brand.organisation.is_verified}
    listing.reasons = [reason(brand, rule) for brand, rule in told.items()] or [NOTHING_FOUND]
    listing.save()
    if listing.verdict != before:
        AuditEvent.objects.record(
            "listing.verdict", subject=listing, by=None, before=before, after=listing.verdict
        )


def reason(brand: Brand, rule: Rule) -> dict[str, str]:
    return {
        "brand": brand.name,
        "brand_id": str(brand.pk),
        "rule": rule.value,
        "text": RULES[rule][1],
    }


def claims(listing: Listing) -> list[BrandClaim]:
    """Each brand's strongest match with the listing, and what was decided on it. A retired design
    claims nothing more, but what a person decided stands.
    """
    outcomes = dict(
        Decision.objects.filter(alert__listing=listing).values_list("alert__brand_id", "outcome")
    )
    matches = Match.objects.filter(listing_image__listing=listing).filter(
        Q(view__design__retired_at=None) | Q(view__design__brand__in=list(outcomes))
    )
    strongest: dict[object, Match] = {}
    for match in matches.select_related("view__design__brand__organisation").best_first():
        strongest.setdefault(match.view.design.brand_id, match)
    return [
        as_claim(match, outcomes.get(match.view.design.brand_id)) for match in strongest.values()
    ]


def as_claim(match: Match, outcome: str | None) -> BrandClaim:
    brand = match.view.design.brand
    claim = Claim(
        similarity=match.similarity,
        review_threshold=brand.review_threshold,
        verified=brand.organisation.is_verified,
        outcome=Decision.Outcome(outcome) if outcome else None,
    )
    return BrandClaim(brand, match, claim)
