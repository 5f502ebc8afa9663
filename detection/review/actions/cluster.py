"""Near-identical listings decided with one action, a Decision and an AuditEvent for each."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from accounts.models.person import Person
from detection.intake.models import Listing
from detection.matching.models import Match
from detection.review.actions.alert_lock import LockedByAnother
from detection.review.actions.decide import decide_alert, has_licence, undo_decision
from detection.review.models import Alert, Appeal, Decision
from detection.review.models.alert import REVIEWABLE, AlertQuerySet, reviewable_by
from vision.pictures.hashes import differing_bits

ALIKE_BITS = 6  # of 64 that two pictures' hashes may differ in
MAX_LOOKED_AT = 200  # open alerts of the brand, the likeliest: the page must come at once
MAX_AT_ONCE = 24  # what a reviewer can look through; others come with the next one
# What is true of one seller says nothing of another who shows the same picture.
OF_THE_SELLER = {
    Decision.Outcome.LICENSED,
    Decision.Outcome.GENUINE_GOODS,
    Decision.Reason.LICENCE_ASKED,
    Decision.Reason.ASK_THE_SELLER,
}


class WhyLeftOut(models.TextChoices):
    """Why an alert on nearly the same picture is not decided along with the one in view."""

    APPEALED = "appealed", gettext_noop("its seller has appealed")
    CLAIMED = "claimed", gettext_noop("another reviewer is looking at it")
    HANDED_ON = "handed_on", gettext_noop("it was handed on to somebody else")
    OF_THE_SELLER = "of_the_seller", gettext_noop("what was decided is true of one seller alone")
    CHANGED = "changed", gettext_noop("its listing was changed or withdrawn")
    DECIDED = "decided", gettext_noop("it was decided meanwhile")
    NOT_HELD = "not_held", gettext_noop("nothing is held for it")
    MORE_TO_SEE = (
        "more_to_see",
        gettext_noop("another of its pictures, or another design, matches too"),
    )


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
    others = list(alike(alert, near(alert, user).awaiting_review().by_risk()[:MAX_LOOKED_AT]))
    more = with_more_to_see(alert, others)
    found = Cluster([], [])
    for other in others:
        if why := why_left_out(other, user, more):
            found.left_out.append((other, why))
        elif len(found.members) < MAX_AT_ONCE:
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
        .select_related("listing__marketplace", "match__listing_image", "match__rendition")
        .annotate(appealed=Exists(appeals), offered=Exists(offered))
    )


def alike(alert: Alert, others: Iterable[Alert]) -> Iterable[Alert]:
    shown = alert.match.shown_hash
    for other in others:
        if are_alike(shown, other.match.shown_hash):
            yield other


def with_more_to_see(alert: Alert, others: Sequence[Alert]) -> set[UUID]:
    """Those whose listings match the brand by something that is not in view: a decision would be about
    that too.
    """
    found = Match.objects.filter(
        listing_image__listing__in=[other.listing_id for other in others],
        view__design__brand=alert.brand_id,
        view__design__retired_at=None,
        similarity__gte=alert.brand.review_threshold,
    ).select_related("listing_image", "rendition", "view")
    shown = alert.match.shown_hash
    unseen = {
        match.listing_image.listing_id
        for match in found
        if match.view.design_id != alert.match.view.design_id
        or not are_alike(shown, match.shown_hash)
    }
    return {other.pk for other in others if other.listing_id in unseen}


def are_alike(one: int | None, other: int | None) -> bool:
    return None not in (one, other) and differing_bits(one or 0, other or 0) <= ALIKE_BITS


def why_left_out(other: Alert, user: Person, more: set[UUID]) -> WhyLeftOut | None:
    """`other` as `near` reads it; `more` as `with_more_to_see` finds them."""
    reasons = {
        WhyLeftOut.DECIDED: other.state != Alert.State.OPEN,
        WhyLeftOut.CHANGED: not other.listing.is_current,
        WhyLeftOut.APPEALED: other.appealed,  # type: ignore[attr-defined]
        WhyLeftOut.CLAIMED: other.is_locked and other.locked_by_id != user.pk,
        WhyLeftOut.HANDED_ON: not other.offered,  # type: ignore[attr-defined]
        WhyLeftOut.NOT_HELD: other.rule not in REVIEWABLE,
        WhyLeftOut.MORE_TO_SEE: other.pk in more,
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
                more = with_more_to_see(alert, [again])
                why = why_left_out(again, by, more) or of_one_seller(again, outcome, reason)
                if why:
                    along.append((member, why))
                    continue
                decide_alert(
                    alert=again, outcome=outcome, reason=reason, note=note, by=by, cluster=cluster
                )
        except LockedByAnother:
            along.append((member, WhyLeftOut.CLAIMED))
    return DecidedAlong(len(members) - len(along), along)


def of_one_seller(other: Alert, outcome: Decision.Outcome, reason: str) -> WhyLeftOut | None:
    """A licence that covers the other listing too makes the same true of it."""
    if outcome == Decision.Outcome.LICENSED and has_licence(other):
        return None
    return WhyLeftOut.OF_THE_SELLER if OF_THE_SELLER & {outcome, reason} else None


def undo_cluster(*, alert: Alert, by: Person) -> None:
    """With all that were decided by the same action. Raises as undo_decision does."""
    standing = Decision.objects.filter(alert=alert).first()
    undo_decision(alert=alert, by=by)
    if standing and standing.cluster:
        for other in Alert.objects.filter(decision__cluster=standing.cluster, decision__by=by.pk):
            undo_decision(alert=other, by=by)
