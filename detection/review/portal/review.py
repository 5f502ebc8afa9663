"""What a reviewer says of an alert: a decision, taking it back, handing it on, a comment."""

import contextlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from brandguard.kernel.portal.access import PortalRequest, signed_in
from detection.review.actions.alert_lock import LockedByAnother, lock_alert
from detection.review.actions.cluster import DecidedAlong, decide_cluster, undo_cluster
from detection.review.actions.comment import comment_on
from detection.review.actions.decide import (
    AlreadyDecided,
    NoLicence,
    NotYoursToDecide,
    TooLateToUndo,
    has_licence,
)
from detection.review.actions.escalate import NobodyToEscalateTo, escalate_alert, take_back
from detection.review.actions.reopen import NothingToReopen, reopen_alert
from detection.review.models import Alert, Decision, Escalation
from detection.review.portal.alert_page import CONFLICT, find, page, upcoming
from detection.review.portal.forms import CommentForm, DecisionForm, ReferralForm, ReopeningForm

FORBIDDEN, UNREADABLE = 403, 422


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """`?match=` chooses another of the brand's matches with this listing. Who may decide it has it
    for a while.
    """
    alert = find(request.user, pk)
    lock_alert(alert=alert, by=request.user)
    return page(request, alert, form_for(alert))


def form_for(alert: Alert, data: Any = None) -> DecisionForm:
    return DecisionForm(data, licensed=has_licence(alert))


@require_POST
@signed_in
def decide(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Within the page by htmx; without scripts, the page again."""
    alert = find(request.user, pk)
    form = form_for(alert, request.POST)
    if not form.is_valid():
        return page(request, alert, form, status=UNREADABLE)
    try:
        along = decide_cluster(
            alert=alert,
            also=chosen_members(request),
            outcome=Decision.Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            by=request.user,
        )
    except (AlreadyDecided, LockedByAnother, NoLicence):
        return page(request, find(request.user, pk), form, status=CONFLICT)
    except NotYoursToDecide:
        return page(request, alert, form, status=FORBIDDEN)
    tell_of_others(request, along)
    return onwards(request, alert)


def tell_of_others(request: PortalRequest, along: DecidedAlong) -> None:
    if along.members:
        text = ngettext(
            "Decided with %(number)d near-identical listing.",
            "Decided with %(number)d near-identical listings.",
            along.members,
        )
        messages.success(request, text % {"number": along.members})
    for other, why in along.left_out:
        text = _("Left out: %(listing)s of %(seller)s, as %(why)s.")
        about = {"listing": other.listing, "seller": other.listing.seller_id}
        messages.warning(request, text % (about | {"why": _(str(why.label))}))


def chosen_members(request: PortalRequest) -> list[UUID]:
    """Nonsense is nobody."""
    found = []
    for number in request.POST.getlist("also"):
        with contextlib.suppress(ValueError):
            found.append(UUID(number))
    return found


def onwards(request: PortalRequest, decided: Alert) -> HttpResponseBase:
    """To the next alert, which shows what was decided and undoes it; to this one where there is no
    other.
    """
    after = upcoming(decided, request.user)
    if after:
        url = f"{resolve_url('alert', after.pk)}?decided={decided.pk}"
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    if request.htmx:
        again = find(request.user, decided.pk)
        return page(request, again, form_for(again))
    return redirect("alert", decided.pk)


@require_POST
@signed_in
def undo(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """A press that came too late is told what to do instead, on the alert's own page."""
    try:
        undo_cluster(alert=find(request.user, pk), by=request.user)
    except TooLateToUndo:
        messages.error(
            request,
            _("The decision has taken effect. To correct it, reopen the alert with a reason."),
        )
    except NotYoursToDecide:
        messages.error(request, _("Only who decided may undo it."))
    return redirect("alert", pk)


@require_POST
@signed_in
def reopen(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    alert = find(request.user, pk)
    form = ReopeningForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was wrong with the decision: nothing was changed."))
        return redirect("alert", pk)
    try:
        reopen_alert(alert=alert, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request, _("Reopened: the marketplace is told, and the alert waits for a decision.")
        )
    except (NothingToReopen, NotYoursToDecide) as fault:
        messages.error(request, _(fault.message))
    return redirect("alert", pk)


@require_POST
@signed_in
def escalate(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """To somebody else's eyes, and on to the next alert."""
    alert = find(request.user, pk)
    given = ReferralForm(request.POST)
    if not given.is_valid():
        return page(request, alert, form_for(alert, request.POST), status=UNREADABLE)
    try:
        escalate_alert(
            alert=alert,
            escalation_kind=Escalation.EscalationKind(given.cleaned_data["escalation_kind"]),
            preliminary_outcome=given.cleaned_data["outcome"],
            note=given.cleaned_data["note"],
            by=request.user,
        )
    except (AlreadyDecided, LockedByAnother):
        return page(request, find(request.user, pk), form_for(alert), status=CONFLICT)
    except (NotYoursToDecide, NobodyToEscalateTo):
        return page(request, alert, form_for(alert), status=FORBIDDEN)
    messages.success(
        request, _("Handed on: somebody else decides %(alert)s.") % {"alert": alert.listing}
    )
    return onwards(request, alert)


@require_POST
@signed_in
def comment(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    alert = find(request.user, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        comment_on(alert=alert, text=form.cleaned_data["text"], by=request.user)
    else:
        messages.error(request, _("Write a comment: nothing was recorded."))
    return redirect("alert", pk)


@require_POST
@signed_in
def undo_escalation(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    take_back(alert=find(request.user, pk), by=request.user)
    return redirect("alert", pk)
