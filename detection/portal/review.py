"""One alert with its evidence, and what a reviewer says of it."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from detection.actions.decide import (
    AlreadyDecided,
    NotYoursToDecide,
    TooLateToUndo,
    decide_alert,
    undo_decision,
)
from detection.models import Alert, Decision, Match
from detection.models.alert import reviewable_by
from detection.portal.appeals import AppealForm, to_hear
from detection.portal.evidence import Evidence
from detection.portal.forms import OUTCOMES, DecisionForm
from fingerprints.models.person import Person
from fingerprints.portal.access import PortalRequest, signed_in

FORBIDDEN, CONFLICT, UNREADABLE = 403, 409, 422
MOST_MATCHES = 20  # beside the one shown: more views of one design tell a reviewer nothing new


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """`?match=` chooses another of the brand's matches with this listing."""
    return page(request, find(request.user, pk), DecisionForm())


@require_POST
@signed_in
def decide(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Within the page by htmx; without scripts, the page again."""
    alert = find(request.user, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return page(request, alert, form, status=UNREADABLE)
    try:
        decide_alert(
            alert=alert,
            outcome=Decision.Outcome(form.cleaned_data["outcome"]),
            note=form.cleaned_data["note"],
            by=request.user,
        )
    except AlreadyDecided:
        return page(request, find(request.user, pk), form, status=CONFLICT)
    except NotYoursToDecide:
        return page(request, alert, form, status=FORBIDDEN)
    if request.htmx:
        return page(request, find(request.user, pk), DecisionForm())
    return redirect("alert", pk)


@require_POST
@signed_in
def undo(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    alert = find(request.user, pk)
    status = 200
    try:
        undo_decision(alert=alert, by=request.user)
    except TooLateToUndo:
        status = CONFLICT
    except NotYoursToDecide:
        status = FORBIDDEN
    if request.htmx or status != 200:  # noqa: PLR2004 - HTTP's own
        return page(request, find(request.user, pk), DecisionForm(), status=status)
    return redirect("alert", pk)


def find(user: Person, pk: UUID) -> Alert:
    return get_object_or_404(Alert.objects.visible_to(user).with_evidence(), pk=pk)


def page(
    request: PortalRequest, alert: Alert, form: DecisionForm, status: int = 200
) -> HttpResponseBase:
    review = review_of(alert, request.user, form) | {"conflict": status == CONFLICT}
    if request.htmx:
        return render(request, "detection/alert.html#review", review, status=status)
    shown = review | evidence_of(alert, request.GET.get("match", ""), request.user)
    return render(request, "detection/alert.html", shown, status=status)


def review_of(alert: Alert, user: Person, form: DecisionForm) -> dict[str, Any]:
    may_decide = Alert.objects.filter(reviewable_by(user), pk=alert.pk).exists()
    standing = Decision.objects.filter(alert=alert).select_related("by").first()
    decided = alert.state == Alert.State.DECIDED
    waiting = Alert.objects.awaiting_review().filter(reviewable_by(user)).exclude(pk=alert.pk)
    return {
        "alert": alert,
        "form": form,
        "may_decide": may_decide,
        "standing": standing,
        "may_undo": bool(standing and standing.by_id == user.pk and standing.is_undoable),
        "said": OUTCOMES[Decision.Outcome(standing.outcome)] if standing else "",
        "upcoming": waiting.first() if may_decide and decided else None,
        "reasons": alert.reasons,
    }


def evidence_of(alert: Alert, chosen: str, user: Person) -> dict[str, Any]:
    matches = list(matches_of(alert)[: MOST_MATCHES + 1])
    match = strongest(alert, matches) if not chosen else by_number(matches, chosen)
    return {
        "evidence": Evidence(match),
        "matches": matches,
        "images": list(alert.listing.images.order_by("position")),
        "appeals": list(alert.listing.appeals.order_by("submitted_at")),
        "to_hear": to_hear(alert.listing, user),
        "appeal_form": AppealForm(),
    }


def matches_of(alert: Alert) -> QuerySet[Match]:
    rows = Match.objects.filter(
        listing_image__listing=alert.listing_id, view__design__brand=alert.brand_id
    )
    return rows.select_related("listing_image", "view__design").best_first()


def strongest(alert: Alert, matches: list[Match]) -> Match:
    """What the alert was raised for."""
    return next((match for match in matches if match.pk == alert.match_id), alert.match)


def by_number(matches: list[Match], number: str) -> Match:
    found = next((match for match in matches if str(match.pk) == number), None)
    if found is None:
        raise Http404
    return found
