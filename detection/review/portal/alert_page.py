"""Builds the page of one alert: the decision form, the evidence and the case context."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.models import Organisation
from accounts.models.person import Person
from brandguard.kernel.portal.access import PortalRequest
from detection.intake.models import Verdict
from detection.matching.models import Match
from detection.review.actions.cluster import cluster_of
from detection.review.actions.decide import NotYoursToDecide, reviewer_organisation
from detection.review.actions.reopen import is_reopenable
from detection.review.models import Alert, Decision
from detection.review.models.alert import reviewable_by
from detection.review.portal.appeals import AppealForm, to_hear
from detection.review.portal.case_context import case_context_of
from detection.review.portal.evidence import Evidence, Thumb
from detection.review.portal.forms import OUTCOMES, CommentForm, DecisionForm, ReopeningForm
from detection.review.portal.regions import beside
from detection.review.verdict import POWERLESS, RULES, SEVERITY, Rule
from fingerprints.models import DesignImage

CONFLICT = 409
MAX_VIEWS = 12
MAX_MATCHES = 20  # beside the one shown; more matches add nothing for a reviewer


def find(user: Person, pk: UUID) -> Alert:
    return get_object_or_404(Alert.objects.visible_to(user).with_evidence(), pk=pk)


def page(
    request: PortalRequest, alert: Alert, form: DecisionForm, status: int = 200
) -> HttpResponseBase:
    review = review_of(alert, request.user, form) | {"conflict": status == CONFLICT}
    if request.htmx:
        return render(request, "detection/alert_decision.html", review, status=status)
    shown = review | evidence_of(alert, request.GET.get("match", ""), request.user)
    shown["just_decided"] = just_decided(request)
    return render(request, "detection/alert.html", shown, status=status)


def review_of(alert: Alert, user: Person, form: DecisionForm) -> dict[str, Any]:
    acting_for = reviewer_of(alert, user)
    allowed = acting_for is not None
    standing = Decision.objects.filter(alert=alert).select_related("by").first()
    decided = alert.state == Alert.State.DECIDED
    cluster = cluster_of(alert, user) if allowed and not decided else None
    others = alert.is_locked and alert.locked_by_id != user.pk
    escalations = list(alert.escalations.select_related("by"))
    return {
        "alert": alert,
        "form": form,
        "may_decide": allowed,
        "locked_by": alert.locked_by if others and not decided else None,
        "standing": standing,
        "may_undo": bool(standing and standing.by_id == user.pk and standing.is_undoable),
        "outcome": OUTCOMES[Decision.Outcome(standing.outcome)] if standing else "",
        "upcoming": upcoming(alert, user) if allowed else None,
        "cluster": cluster.members if cluster else [],
        "left_out": cluster.left_out if cluster else [],
        "may_reopen": allowed and is_reopenable(alert, standing, user),
        "reopening_form": ReopeningForm(),
        "past": list(alert.past_decisions.select_related("by", "ended_by")),
        "powerless": powerless(alert),
        "reasons": alert.reasons,
        "other_claims": other_claims(alert, user),
        "elsewhere": restricted_elsewhere(alert),
        "escalations": escalations,
        "handed_on": any(escalation.by_id == user.pk for escalation in escalations),
        "may_escalate": acting_for is not None and not acting_for.reviews,
    }


def powerless(alert: Alert) -> str:
    """Returns why "infringing" would block nothing, or an empty string if it would block."""
    rule = Rule(alert.rule) if alert.rule else None
    return RULES[rule][1] if rule in POWERLESS else ""


def other_claims(alert: Alert, user: Person) -> list[Alert]:
    """Returns other brands' alerts on the same listing that the user may see."""
    others = Alert.objects.visible_to(user).filter(listing=alert.listing_id).exclude(pk=alert.pk)
    return list(others.select_related("brand").order_by("raised_at", "pk"))


def restricted_elsewhere(alert: Alert) -> bool:
    """Whether another claim restricts the listing more severely; the page does not say whose."""
    others = [
        Verdict(one["verdict"])
        for one in alert.listing.restrictions
        if one.get("brand_id") not in {None, str(alert.brand_id)}
    ]
    return any(SEVERITY.index(verdict) > SEVERITY.index(alert.verdict) for verdict in others)


def reviewer_of(alert: Alert, user: Person) -> Organisation | None:
    """Returns the organisation for which the user may decide the alert, or None."""
    try:
        return reviewer_organisation(alert, user)
    except NotYoursToDecide:
        return None


def upcoming(alert: Alert, user: Person) -> Alert | None:
    """Returns the next alert for the user: the most similar one that nobody else holds."""
    others = Alert.objects.awaiting_review().offered_to(user).filter(reviewable_by(user))
    others = others.exclude(pk=alert.pk)
    return others.free_for(user, timezone.now()).by_risk().select_related("match").first()


def just_decided(request: PortalRequest) -> Decision | None:
    """Returns the decision that redirected here, while it can be undone."""
    try:
        number = UUID(request.GET.get("decided", ""))
    except ValueError:
        return None
    mine = Decision.objects.filter(alert=number, by=request.user).select_related("alert__listing")
    decision = mine.first()
    return decision if decision and decision.is_undoable else None


def evidence_of(alert: Alert, chosen: str, user: Person) -> dict[str, Any]:
    matches = list(matches_of(alert)[: MAX_MATCHES + 1])
    match = strongest(alert, matches) if not chosen else by_number(matches, chosen)
    images = list(alert.listing.images.order_by("position"))
    former = Q(state__in=DesignImage.FORMER) & ~Q(pk=match.view_id)
    views = match.view.design.images.exclude(former).order_by("position")
    views = views.select_related("design")
    return {
        "evidence": Evidence(match, beside(match, user)),
        "matches": matches,
        "pictures": [Thumb(i, best(matches, listing_image_id=i.pk)) for i in images],
        "refused": [image for image in images if image.error],
        "in_part": [image for image in images if image.warnings],
        "views": [Thumb(v, best(matches, view_id=v.pk)) for v in views[:MAX_VIEWS]],
        "appeals": list(
            alert.listing.appeals.filter(brand=alert.brand_id).order_by("submitted_at")
        ),
        "comments": list(alert.comments.select_related("by")),
        "comment_form": CommentForm(),
        "case_context": case_context_of(alert, user),
        "to_hear": to_hear(alert, user),
        "appeal_form": AppealForm(),
    }


def matches_of(alert: Alert) -> QuerySet[Match]:
    rows = Match.objects.filter(
        listing_image__listing=alert.listing_id, view__design__brand=alert.brand_id
    )
    return rows.select_related("listing_image", "rendition", "view__design").best_first()


def best(matches: list[Match], **of: UUID) -> Match | None:
    """Returns the strongest match with these fields: matches come strongest first."""
    fitting = (m for m in matches if all(getattr(m, name) == pk for name, pk in of.items()))
    return next(fitting, None)


def strongest(alert: Alert, matches: list[Match]) -> Match:
    """Returns the match for which the alert was raised."""
    return next((match for match in matches if match.pk == alert.match_id), alert.match)


def by_number(matches: list[Match], number: str) -> Match:
    chosen = next((match for match in matches if str(match.pk) == number), None)
    if chosen is None:
        raise Http404
    return chosen
