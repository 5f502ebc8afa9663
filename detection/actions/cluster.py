"""Near-identical listings decided with one action, a Decision and an AuditEvent for each."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from detection.actions.claim import ClaimedByAnother
from detection.actions.decide import decide_alert, has_licence, undo_decision
from detection.models import Alert, Appeal, Decision, Listing
from detection.models.alert import AlertQuerySet, reviewable_by
from fingerprints.images.hashes import differing_bits
from fingerprints.models.person import Person

ALIKE_BITS = 6  # of 64 that two pictures' hashes may differ in
MOST_LOOKED_AT = 200  # open alerts of the brand, the likeliest: the page must come at once
MOST_AT_ONCE = 24  # what a reviewer can look through; others come with the next one
# What is true of one seller says nothing of another who shows the same picture.
OF_THE_SELLER = {Decision.Outcome.LICENSED, Decision.Outcome.GENUINE_GOODS}


class WhyLeftOut(models.TextChoices):
    """Why an alert on nearly the same picture is not decided along with the one in view."""

    APPEALED = "appealed", gettext_noop("its seller has appealed")
    CLAIMED = "claimed", gettext_noop("another reviewer is looking at it")
    HANDED_ON = "handed_on", gettext_noop("it was handed on to somebody else")
    OF_THE_SELLER = "of_the_seller", gettext_noop("what was decided is true of one seller alone")
    CHANGED = "changed", gettext_noop("its listing was changed or withdrawn")
    DECIDED = "decided", gettext_noop("it was decided meanwhile")


type LeftOut = list[tuple[Alert, WhyLeftOut]]


@dataclass(frozen=True)
class Cluster:
    """Other open alerts on nearly the same picture against the same design, the likeliest first."""

    members: list[Alert]
    left_out: LeftOut


@dataclass(frozen=True)
class DecidedAlong:
    """What one action did besides deciding the alert in view."""

    members: int
    left_out: LeftOut


def cluster_of(alert: Alert, user: Person) -> Cluster:
    """Of those that the user may decide."""
    others = near(alert, user).awaiting_review().by_risk()[:MOST_LOOKED_AT]
    found = Cluster([], [])
    for other in alike(alert, others):
        if why := why_left_out(other, user):
            found.left_out.append((other, why))
        elif len(found.members) < MOST_AT_ONCE:
            found.members.append(other)
    return found


def near(alert: Alert, user: Person) -> AlertQuerySet:
    """Other alerts against the same design that the user may decide, with what `why_left_out` asks."""
    appeals = Appeal.objects.awaiting_decision().filter(
        listing=OuterRef("listing"), brand=OuterRef("brand")
    )
    offered = Alert.objects.offered_to(user).filter(pk=OuterRef("pk"))
    return (
        Alert.objects.filter(
            reviewable_by(user),
            brand=alert.brand_id,
            match__view__design=alert.match.view.design_id,
            match__listing_image__perceptual_hash__isnull=False,
        )
        .exclude(pk=alert.pk)
        .select_related("listing__marketplace", "match__listing_image")
        .annotate(appealed=Exists(appeals), offered=Exists(offered))
    )


def alike(alert: Alert, others: Iterable[Alert]) -> Iterable[Alert]:
    shown = alert.match.listing_image.perceptual_hash
    if shown is None:
        return
    for other in others:
        if differing_bits(shown, other.match.listing_image.perceptual_hash or 0) <= ALIKE_BITS:
            yield other


def why_left_out(other: Alert, user: Person) -> WhyLeftOut | None:
    """`other` as `near` reads it."""
    reasons = {
        WhyLeftOut.DECIDED: other.state != Alert.State.OPEN,
        WhyLeftOut.CHANGED: not other.listing.is_current,
        WhyLeftOut.APPEALED: other.appealed,  # type: ignore[attr-defined]
        WhyLeftOut.CLAIMED: other.is_claimed and other.claimed_by_id != user.pk,
        WhyLeftOut.HANDED_ON: not other.offered,  # type: ignore[attr-defined]
    }
    return next((why for why, applies in reasons.items() if applies), None)


def decide_cluster(  # noqa: PLR0913 - a decision has these, and one of many has its members
    *,
    alert: Alert,
    also: Iterable[UUID],
    outcome: Decision.Outcome,
    note: str,
    by: Person,
    reason: str = "",
) -> DecidedAlong:
    """`also` are members that were left in. Raises as decide_alert does, for the alert itself."""
    members = list(alike(alert, near(alert, by).filter(pk__in=set(also))))
    cluster = uuid.uuid4() if members else None
    decide_alert(alert=alert, outcome=outcome, reason=reason, note=note, by=by, cluster=cluster)
    along: LeftOut = []
    for member in members:
        try:
            with transaction.atomic():
                # Looked at again with its listing held: its seller may have appealed since.
                Listing.objects.select_for_update().get(pk=member.listing_id)
                again = near(alert, by).get(pk=member.pk)
                if why := why_left_out(again, by) or of_one_seller(again, outcome):
                    along.append((member, why))
                    continue
                decide_alert(
                    alert=again, outcome=outcome, reason=reason, note=note, by=by, cluster=cluster
                )
        except ClaimedByAnother:
            along.append((member, WhyLeftOut.CLAIMED))
    return DecidedAlong(len(members) - len(along), along)


def of_one_seller(other: Alert, outcome: Decision.Outcome) -> WhyLeftOut | None:
    """A licence that covers the other listing too makes the same true of it."""
    if outcome not in OF_THE_SELLER or (
        outcome == Decision.Outcome.LICENSED and has_licence(other)
    ):
        return None
    return WhyLeftOut.OF_THE_SELLER


def undo_cluster(*, alert: Alert, by: Person) -> None:
    """With all that were decided by the same action. Raises as undo_decision does."""
    standing = Decision.objects.filter(alert=alert).first()
    undo_decision(alert=alert, by=by)
    if standing and standing.cluster:
        for other in Alert.objects.filter(decision__cluster=standing.cluster, decision__by=by.pk):
            undo_decision(alert=other, by=by)
