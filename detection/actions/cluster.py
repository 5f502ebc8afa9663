"""Near-identical listings decided with one action, a Decision and an AuditEvent for each."""

import uuid
from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from brandguard.faults import Fault
from detection.actions.decide import decide_alert, undo_decision
from detection.models import Alert, Decision
from detection.models.alert import reviewable_by
from fingerprints.images.hashes import differing_bits
from fingerprints.models.person import Person

ALIKE_BITS = 6  # of 64 that two pictures' hashes may differ in
MOST_LOOKED_AT = 200  # open alerts of the brand, the likeliest: the page must come at once


def cluster_of(alert: Alert, user: Person) -> list[Alert]:
    """Other open alerts that the user may decide, on nearly the same picture against the same design."""
    shown = alert.match.listing_image.perceptual_hash
    if shown is None:
        return []
    others = (
        Alert.objects.awaiting_review()
        .filter(
            reviewable_by(user),
            brand=alert.brand_id,
            match__view__design=alert.match.view.design_id,
            match__listing_image__perceptual_hash__isnull=False,
        )
        .exclude(pk=alert.pk)
        .offered_to(user)
        .free_for(user, timezone.now())
        .select_related("listing__marketplace", "match__listing_image")
        .by_risk()[:MOST_LOOKED_AT]
    )
    return [
        other
        for other in others
        if differing_bits(shown, other.match.listing_image.perceptual_hash or 0) <= ALIKE_BITS
    ]


def decide_cluster(  # noqa: PLR0913 - a decision has these, and one of many has its members
    *,
    alert: Alert,
    also: Iterable[UUID],
    outcome: Decision.Outcome,
    note: str,
    by: Person,
    reason: str = "",
) -> int:
    """`also` are members that were left in; what meanwhile left the cluster is left alone. How many
    besides the alert itself. Raises as decide_alert does, for the alert itself.
    """
    wanted = set(also)
    members = [other for other in cluster_of(alert, by) if other.pk in wanted]
    cluster = uuid.uuid4() if members else None
    decide_alert(alert=alert, outcome=outcome, reason=reason, note=note, by=by, cluster=cluster)
    done = 0
    for member in members:
        try:
            decide_alert(
                alert=member, outcome=outcome, reason=reason, note=note, by=by, cluster=cluster
            )
            done += 1
        except Fault:  # somebody decided it, or looks at it, since
            continue
    return done


def undo_cluster(*, alert: Alert, by: Person) -> None:
    """With all that were decided by the same action. Raises as undo_decision does."""
    standing = Decision.objects.filter(alert=alert).first()
    undo_decision(alert=alert, by=by)
    if standing and standing.cluster:
        for other in Alert.objects.filter(decision__cluster=standing.cluster, decision__by=by.pk):
            undo_decision(alert=other, by=by)
