"""The list of appeals, the most urgent first; an appeal is decided on the page of its alert."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models.person import Person
from brandguard.kernel.portal.access import PortalRequest, signed_in
from detection.review.actions.appeal import (
    AppealDecided,
    NotYoursToHear,
    decide_appeal,
    organisation_hearing,
)
from detection.review.models import Alert, Appeal

SHOWN = 100


class AppealForm(forms.Form):
    outcome = forms.TypedChoiceField(
        label=gettext_lazy("Decision on the appeal"),
        choices=[
            (Appeal.Outcome.GRANTED, gettext_lazy("Grant it: the restriction is lifted")),
            (Appeal.Outcome.DENIED, gettext_lazy("Deny it: the restriction stays")),
        ],
        coerce=Appeal.Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note to the seller"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    appeals = Appeal.objects.heard_by(request.user).awaiting_decision()
    rows = list(appeals.select_related("listing__marketplace", "brand")[:SHOWN])
    alerts = Alert.objects.visible_to(request.user).filter(listing__in=[a.listing_id for a in rows])
    by_claim = {(alert.listing_id, alert.brand_id): alert for alert in alerts}
    pairs = [(appeal, by_claim.get((appeal.listing_id, appeal.brand_id))) for appeal in rows]
    return render(request, "detection/appeals.html", {"appeals": pairs})


@require_POST
@signed_in
def decide(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    appeal = get_object_or_404(Appeal.objects.heard_by(request.user), pk=pk)
    form = AppealForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("Nothing was recorded. Choose whether to grant or deny the appeal.")
        )
    else:
        try:
            decide_appeal(appeal=appeal, by=request.user, **form.cleaned_data)
            messages.success(request, _("The appeal was decided. The marketplace is notified."))
        except AppealDecided:
            messages.error(
                request, _("Your decision was not recorded: the appeal was decided before.")
            )
        except NotYoursToHear as error:
            messages.error(request, error.advice)
    return redirect("alert", alert_of(appeal, request.user).pk)


def alert_of(appeal: Appeal, user: Person) -> Alert:
    """Returns the alert of the claim that the appeal is against."""
    against = {"listing": appeal.listing_id, "brand": appeal.brand_id}
    alert = Alert.objects.visible_to(user).filter(**against).first()
    if alert is None:
        raise Http404
    return alert


def to_hear(alert: Alert, user: Person) -> Appeal | None:
    """Returns the open appeal against this claim if the user may decide it."""
    against = {"listing": alert.listing_id, "brand": alert.brand_id}
    open_ones = Appeal.objects.heard_by(user).awaiting_decision().filter(**against)
    appeal = open_ones.select_related("listing").first()
    if appeal is None:
        return None
    try:
        organisation_hearing(appeal, user)
    except NotYoursToHear:
        return None
    return appeal
