"""Actions on the page of an alert: decide, undo, reopen, escalate, comment."""

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
from detection.review.actions.escalate import (
    NobodyToEscalateTo,
    escalate_alert,
    withdraw_escalation,
)
from detection.review.actions.reopen import NothingToReopen, reopen_alert
from detection.review.models import Alert, Decision, Escalation
from detection.review.portal.alert_page import CONFLICT, find, page, upcoming
from detection.review.portal.forms import CommentForm, DecisionForm, EscalationForm, ReopeningForm

FORBIDDEN, UNREADABLE = 403, 422


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Shows the alert and locks it for a user who may decide it. `?match=` selects another of the brand's
    matches with this listing.
    """
    alert = find(request.user, pk)
    lock_alert(alert=alert, by=request.user)
    return page(request, alert, form_for(alert))


def form_for(alert: Alert, data: Any = None) -> DecisionForm:
    return DecisionForm(data, licensed=has_licence(alert))


@require_POST
@signed_in
def decide(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Decides the alert. htmx gets the decision part of the page; a browser without scripts the whole page."""
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
    add_messages(request, along)
    return onwards(request, alert)


def add_messages(request: PortalRequest, along: DecidedAlong) -> None:
    if along.members:
        text = ngettext(
            "Decided with %(number)d near-identical listing.",
            "Decided with %(number)d near-identical listings.",
            along.members,
        )
        messages.success(request, text % {"number": along.members})
    for other, why in along.left_out:
        text = _("Left out: %(listing)s of %(seller)s, because %(why)s.")
        about = {"listing": other.listing, "seller": other.listing.seller_id}
        messages.warning(request, text % (about | {"why": _(str(why.label))}))


def chosen_members(request: PortalRequest) -> list[UUID]:
    """Returns the chosen alerts; invalid ids are ignored."""
    numbers = []
    for number in request.POST.getlist("also"):
        with contextlib.suppress(ValueError):
            numbers.append(UUID(number))
    return numbers


def onwards(request: PortalRequest, decided: Alert) -> HttpResponseBase:
    """Redirects to the next alert, whose page offers to undo the decision, or back to this one without a
    next one.
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
    """Undoes the decision; if it is too late, a message on the alert's page says what to do instead."""
    try:
        undo_cluster(alert=find(request.user, pk), by=request.user)
    except TooLateToUndo:
        messages.error(
            request,
            _("The decision has taken effect. To correct it, reopen the alert with a reason."),
        )
    except NotYoursToDecide:
        messages.error(request, _("Only the reviewer who decided may undo the decision."))
    return redirect("alert", pk)


@require_POST
@signed_in
def reopen(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    alert = find(request.user, pk)
    form = ReopeningForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Write what was wrong with the decision."))
        return redirect("alert", pk)
    try:
        reopen_alert(alert=alert, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request,
            _("The alert was reopened and waits for a decision. The marketplace is notified."),
        )
    except (NothingToReopen, NotYoursToDecide) as error:
        messages.error(request, _(error.message))
    return redirect("alert", pk)


@require_POST
@signed_in
def escalate(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Escalates the alert and redirects to the next one."""
    alert = find(request.user, pk)
    given = EscalationForm(request.POST)
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
        request, _("Escalated: somebody else decides %(alert)s.") % {"alert": alert.listing}
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
        messages.error(request, _("Nothing was recorded. Write a comment."))
    return redirect("alert", pk)


@require_POST
@signed_in
def undo_escalation(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    withdraw_escalation(alert=find(request.user, pk), by=request.user)
    return redirect("alert", pk)
