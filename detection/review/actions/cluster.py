"""Decides near-identical listings with one action, which stores a Decision and an AuditEvent for each."""

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

ALIKE_BITS = 6  # of the 64 bits of two pictures' hashes may differ
MAX_COMPARED = 200  # the brand's likeliest open alerts: the page must load fast
MAX_AT_ONCE = 24  # a reviewer can check these at a glance; others come with the next alert
# True of one seller only: another seller may show the same picture.
OF_THE_SELLER = {
    Decision.Outcome.LICENSED,
    Decision.Outcome.GENUINE_GOODS,
    Decision.Reason.LICENCE_ASKED,
    Decision.Reason.ASK_THE_SELLER,
}


class WhyLeftOut(models.TextChoices):
    """Why an alert on a near-identical picture is not decided with the one in view."""

    APPEALED = "appealed", gettext_noop("its seller appealed")
    LOCKED = "locked", gettext_noop("another reviewer is working on it")
    HANDED_ON = "handed_on", gettext_noop("it was escalated to somebody else")
    OF_THE_SELLER = "of_the_seller", gettext_noop("the decision is true of one seller only")
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
    """Other open alerts on near-identical pictures against the same design, the likeliest first."""

    members: list[Alert]
    left_out: LeftOut


@dataclass(frozen=True)
class DecidedAlong:
    """The outcome of one action for the alerts other than the one in view."""

    members: int
    left_out: LeftOut


def cluster_of(alert: Alert, user: Person) -> Cluster:
    """Returns the cluster of the alert among those that the user may decide."""
    others = list(alike(alert, near(alert, user).awaiting_review().by_risk()[:MAX_COMPARED]))
    more = with_other_matches(alert, others)
    cluster = Cluster([], [])
    for other in others:
        if why := why_left_out(other, user, more):
            cluster.left_out.append((other, why))
        elif len(cluster.members) < MAX_AT_ONCE:
            cluster.members.append(other)
    return cluster


def near(alert: Alert, user: Person) -> AlertQuerySet:
    """Returns other alerts against the same design that the user may decide, annotated for `why_left_out`."""
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


def with_other_matches(alert: Alert, others: Sequence[Alert]) -> set[UUID]:
    """Returns the alerts whose listings also match the brand by another picture or design, which a decision
    would cover too.
    """
    matches = Match.objects.filter(
        listing_image__listing__in=[other.listing_id for other in others],
        view__design__brand=alert.brand_id,
        view__design__retired_at=None,
        similarity__gte=alert.brand.review_threshold,
    ).select_related("listing_image", "rendition", "view")
    shown = alert.match.shown_hash
    unseen = {
        match.listing_image.listing_id
        for match in matches
        if match.view.design_id != alert.match.view.design_id
        or not are_alike(shown, match.shown_hash)
    }
    return {other.pk for other in others if other.listing_id in unseen}


def are_alike(one: int | None, other: int | None) -> bool:
    return None not in (one, other) and differing_bits(one or 0, other or 0) <= ALIKE_BITS


def why_left_out(other: Alert, user: Person, more: set[UUID]) -> WhyLeftOut | None:
    """Returns the first reason to leave out `other`, a row of `near`; `more` is from `with_other_matches`."""
    reasons = {
        WhyLeftOut.DECIDED: other.state != Alert.State.OPEN,
        WhyLeftOut.CHANGED: not other.listing.is_current,
        WhyLeftOut.APPEALED: other.appealed,  # type: ignore[attr-defined]
        WhyLeftOut.LOCKED: other.is_locked and other.locked_by_id != user.pk,
        WhyLeftOut.HANDED_ON: not other.offered,  # type: ignore[attr-defined]
        WhyLeftOut.NOT_HELD: other.rule not in REVIEWABLE,
        WhyLeftOut.MORE_TO_SEE: other.pk in more,
    }
    return next((why for why, applies in reasons.items() if applies), None)


def decide_cluster(  # noqa: PLR0913 - the fields of a decision, and the members
    *,
    alert: Alert,
    also: Iterable[UUID],
    outcome: Decision.Outcome,
    note: str,
    by: Person,
    reason: str = "",
) -> DecidedAlong:
    """Decides the alert and the members `also`. Raises for the alert itself what decide_alert raises."""
    members = list(alike(alert, near(alert, by).filter(pk__in=set(also))))
    cluster = uuid.uuid4() if members else None
    decide_alert(alert=alert, outcome=outcome, reason=reason, note=note, by=by, cluster=cluster)
    left_out: LeftOut = []
    for member in members:
        try:
            with transaction.atomic():
                # Read again with the listing locked: the seller may have appealed since.
                Listing.objects.select_for_update().get(pk=member.listing_id)
                again = near(alert, by).get(pk=member.pk)
                more = with_other_matches(alert, [again])
                why = why_left_out(again, by, more) or of_one_seller(again, outcome, reason)
                if why:
                    left_out.append((member, why))
                    continue
                decide_alert(
                    alert=again, outcome=outcome, reason=reason, note=note, by=by, cluster=cluster
                )
        except LockedByAnother:
            left_out.append((member, WhyLeftOut.LOCKED))
    return DecidedAlong(len(members) - len(left_out), left_out)


def of_one_seller(other: Alert, outcome: Decision.Outcome, reason: str) -> WhyLeftOut | None:
    """Returns OF_THE_SELLER if the decision is true of one seller only and no licence covers `other`."""
    if outcome == Decision.Outcome.LICENSED and has_licence(other):
        return None
    return WhyLeftOut.OF_THE_SELLER if OF_THE_SELLER & {outcome, reason} else None


def undo_cluster(*, alert: Alert, by: Person) -> None:
    """Undoes all decisions of the same action. Raises what undo_decision raises."""
    standing = Decision.objects.filter(alert=alert).first()
    undo_decision(alert=alert, by=by)
    if standing and standing.cluster:
        for other in Alert.objects.filter(decision__cluster=standing.cluster, decision__by=by.pk):
            undo_decision(alert=other, by=by)
