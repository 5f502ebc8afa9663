"""What a reviewer says of an alert: a decision, taking it back, handing it on, a comment."""

import contextlib
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from detection.actions.claim import ClaimedByAnother, claim_alert
from detection.actions.cluster import decide_cluster, undo_cluster
from detection.actions.comment import comment_on
from detection.actions.decide import AlreadyDecided, NotYoursToDecide, TooLateToUndo
from detection.actions.refer import NobodyToEscalateTo, refer_alert, take_back
from detection.models import Alert, Decision, Referral
from detection.portal.alert_page import CONFLICT, find, page, upcoming
from detection.portal.forms import CommentForm, DecisionForm, ReferralForm
from fingerprints.portal.access import PortalRequest, signed_in

FORBIDDEN, UNREADABLE = 403, 422


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """`?match=` chooses another of the brand's matches with this listing. Who may decide it has it
    for a while.
    """
    alert = find(request.user, pk)
    claim_alert(alert=alert, by=request.user)
    return page(request, alert, DecisionForm())


@require_POST
@signed_in
def decide(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Within the page by htmx; without scripts, the page again."""
    alert = find(request.user, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return page(request, alert, form, status=UNREADABLE)
    try:
        more = decide_cluster(
            alert=alert,
            also=chosen_members(request),
            outcome=Decision.Outcome(form.cleaned_data["outcome"]),
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            by=request.user,
        )
    except (AlreadyDecided, ClaimedByAnother):
        return page(request, find(request.user, pk), form, status=CONFLICT)
    except NotYoursToDecide:
        return page(request, alert, form, status=FORBIDDEN)
    if more:
        text = ngettext(
            "Decided with %(number)d near-identical listing.",
            "Decided with %(number)d near-identical listings.",
            more,
        )
        messages.success(request, text % {"number": more})
    return onwards(request, alert)


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
        address = f"{resolve_url('alert', after.pk)}?decided={decided.pk}"
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    if request.htmx:
        return page(request, find(request.user, decided.pk), DecisionForm())
    return redirect("alert", decided.pk)


@require_POST
@signed_in
def undo(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    alert = find(request.user, pk)
    status = 200
    try:
        undo_cluster(alert=alert, by=request.user)
    except TooLateToUndo:
        status = CONFLICT
    except NotYoursToDecide:
        status = FORBIDDEN
    if request.htmx or status != 200:  # noqa: PLR2004 - HTTP's own
        return page(request, find(request.user, pk), DecisionForm(), status=status)
    return redirect("alert", pk)


@require_POST
@signed_in
def refer(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """To somebody else's eyes, and on to the next alert."""
    alert = find(request.user, pk)
    given = ReferralForm(request.POST)
    if not given.is_valid():
        return page(request, alert, DecisionForm(request.POST), status=UNREADABLE)
    try:
        refer_alert(
            alert=alert,
            referral_kind=Referral.ReferralKind(given.cleaned_data["referral_kind"]),
            leaning=given.cleaned_data["outcome"],
            note=given.cleaned_data["note"],
            by=request.user,
        )
    except (AlreadyDecided, ClaimedByAnother):
        return page(request, find(request.user, pk), DecisionForm(), status=CONFLICT)
    except (NotYoursToDecide, NobodyToEscalateTo):
        return page(request, alert, DecisionForm(), status=FORBIDDEN)
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
def undo_referral(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    take_back(alert=find(request.user, pk), by=request.user)
    return redirect("alert", pk)
