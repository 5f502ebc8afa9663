"""Assesses each stored match of a listing by the rights, licences, decisions and appeals that apply."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from detection.intake.models import Listing, Verdict
from detection.matching.models import Match, MatchKind
from detection.review.models import Decision, PastDecision
from detection.review.verdict import Facts, Rule, rule_for, verdict_of
from fingerprints.models import Brand, Design, DesignImage, Licence, Right


@dataclass(frozen=True)
class Assessment:
    """A match with its facts. `right` is the right that covers it, None without one; `territories` are those
    that the right covers; `decision_reason` is the reason of the reviewer's decision.
    """

    match: Match
    right: Right | None
    territories: frozenset[str]
    facts: Facts
    decision_reason: str = ""

    @property
    def brand(self) -> Brand:
        return self.match.view.design.brand

    @property
    def design(self) -> Design:
        return self.match.view.design

    @cached_property
    def rule(self) -> Rule:
        return rule_for(self.facts)

    @property
    def restricts(self) -> bool:
        return verdict_of(self.rule) != Verdict.ALLOW


def assessments_of(listing: Listing) -> list[Assessment]:
    """Returns the assessments of the listing's matches with active designs, the strongest match first."""
    today = timezone.now().date()
    matches = list(matches_of(listing))
    brands = {match.view.design.brand_id for match in matches}
    rights = rights_of(brands, today)
    licences = licences_of(listing, brands, today)
    outcomes = outcomes_of(listing)
    released = set(listing.appeals.releasing().values_list("brand", flat=True))
    admitted = admitted_among(listing, matches)
    remembered = set(remembered_in(listing, matches))
    assessments = []
    for match in matches:
        design = match.view.design
        outcome, reason = outcomes.get(design.brand_id, (None, ""))
        right, where = covering(rights[design.brand_id], design, listing, today)
        facts = Facts(
            similarity=match.similarity,
            match_kind=MatchKind(match.match_kind),
            review_threshold=design.brand.review_threshold,
            block_threshold=design.brand.block_threshold,
            admitted=design.brand.organisation_id in admitted,
            verified=design.brand.organisation.is_verified,
            right=right is not None,
            licensed=any(
                licence.design_id in {None, design.pk} for licence in licences[design.brand_id]
            ),
            automatic=design.brand.blocks_without_review
            and listing.marketplace.blocks_without_review
            and bool(listing.territories),
            spiking=design.people_only_since is not None,
            outcome=outcome,
            remembered=match.pk in remembered,
            released=design.brand_id in released,
        )
        assessments.append(Assessment(match, right, where, facts, reason))
    return assessments


def matches_of(listing: Listing) -> QuerySet[Match]:
    rows = Match.objects.filter(
        listing_image__listing=listing,
        view__design__retired_at=None,
        view__state__in=DesignImage.IN_FORCE,
    ).select_related("view__design__brand__organisation", "listing_image")
    return rows.best_first()


def admitted_among(listing: Listing, matches: Iterable[Match]) -> set[UUID]:
    """Returns the organisations with a matching design that the listing's marketplace admits."""
    claimants = {match.view.design.brand.organisation_id for match in matches}
    admitted = listing.marketplace.admits.filter(pk__in=claimants)
    return set(admitted.values_list("pk", flat=True))


def rights_of(brands: Iterable[UUID], today: date) -> dict[UUID, list[Right]]:
    rights: dict[UUID, list[Right]] = defaultdict(list)
    for right in Right.objects.filter(brand__in=list(brands)).in_force(today):
        rights[right.brand_id].append(right)
    return rights


def covering(
    rights: Iterable[Right], design: Design, listing: Listing, today: date
) -> tuple[Right | None, frozenset[str]]:
    """Returns the right that covers most countries of the listing, and these countries."""
    pairs = [(r, r.covers(design, territories=listing.territories, on=today)) for r in rights]
    right, where = max(pairs, key=lambda pair: len(pair[1]), default=(None, frozenset()))
    return (right, where) if where else (None, frozenset())


def licences_of(listing: Listing, brands: Iterable[UUID], today: date) -> dict[UUID, list[Licence]]:
    licences: dict[UUID, list[Licence]] = defaultdict(list)
    seller = Licence.objects.of_seller(listing.marketplace.organisation_id, listing.seller_id)
    for licence in seller.in_force(today).filter(brand__in=list(brands)):
        licences[licence.brand_id].append(licence)
    return licences


def outcomes_of(listing: Listing) -> dict[UUID, tuple[Decision.Outcome, str]]:
    """Returns the outcome and reason in effect, by brand. A reopened alert counts as NEEDS_MORE until it is
    decided again, so neither a threshold nor an automatic block takes it from the reviewers.
    """
    reopened = PastDecision.objects.reopened_on(listing)
    outcomes = dict.fromkeys(
        reopened.values_list("alert__brand", flat=True), (Decision.Outcome.NEEDS_MORE, "")
    )
    rows = Decision.objects.in_effect().filter(alert__listing=listing)
    for brand, outcome, reason in rows.values_list("alert__brand", "outcome", "reason"):
        outcomes[brand] = Decision.Outcome(outcome), reason
    return outcomes


def remembered_in(listing: Listing, matches: list[Match]) -> list[int]:
    """Returns matches that repeat an earlier case of the same seller, pixels and design, decided as cleared."""
    cleared = Match.objects.filter(
        listing_image__pixel_sha256__in={match.listing_image.pixel_sha256 for match in matches},
        listing_image__listing__marketplace=listing.marketplace_id,
        listing_image__listing__seller_id=listing.seller_id,
        listing_image__listing__alerts__brand=F("view__design__brand"),
        listing_image__listing__alerts__decision__outcome=Decision.Outcome.NOT_INFRINGING,
        listing_image__listing__alerts__decision__applied_at__isnull=False,
    ).exclude(listing_image__listing=listing)
    pairs = set(cleared.values_list("listing_image__pixel_sha256", "view__design"))
    return [
        match.pk
        for match in matches
        if (match.listing_image.pixel_sha256, match.view.design_id) in pairs
    ]
