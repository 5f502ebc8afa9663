"""The page of a marketplace's webhook endpoints and deliveries, for its members."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.marketplaces import marketplaces_of
from accounts.models.person import Person
from brandguard.kernel.api.paging import is_number
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from detection.delivery.actions.replay import cancel_replay, start_replay
from detection.delivery.actions.webhooks import ping, replay_delivery, resume_endpoint
from detection.delivery.models import Delivery, Replay, WebhookEndpoint

SHOWN, SHOWN_REPLAYS = 50, 5  # the newest; the API lists older ones


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    endpoints = endpoints_of(request.user)
    return render(
        request,
        "detection/webhooks.html",
        {
            "marketplaces": list(marketplaces_of(request.user)),
            "endpoints": endpoints.annotate(
                waiting=Count("deliveries", filter=Q(deliveries__state=Delivery.State.PENDING)),
                dead=Count("deliveries", filter=Q(deliveries__state=Delivery.State.DEAD)),
            ),
            "replays": Replay.objects.filter(endpoint__in=endpoints).select_related("endpoint")[
                :SHOWN_REPLAYS
            ],
            **deliveries(request, endpoints),
        },
    )


def deliveries(request: PortalRequest, endpoints: QuerySet[WebhookEndpoint]) -> dict[str, Any]:
    rows = Delivery.objects.filter(endpoint__in=endpoints).select_related("event", "endpoint")
    state = request.GET.get("state", "")
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    return {
        "deliveries": list(rows.prefetch_related("attempts")[:SHOWN]),
        "state": state,
        "states": Delivery.State.choices,
    }


@require_POST
@signed_in
def replay(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    mine = Delivery.objects.filter(endpoint__in=endpoints_of(request.user))
    replay_delivery(delivery=get_object_or_404(mine, pk=pk), by=request.user)
    messages.success(request, _("The delivery is sent again."))
    return redirect("webhooks")


@require_POST
@signed_in
def replay_from(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    endpoint = get_object_or_404(endpoints_of(request.user), pk=pk)
    after = request.POST.get("after", "").strip()
    if not is_number(after):
        messages.error(request, _("Enter the number of the last event you received, or 0."))
        return redirect("webhooks")
    try:
        started = start_replay(endpoint=endpoint, after=int(after), by=request.user)
    except DomainError as error:
        messages.error(request, error.advice)
    else:
        text = _("%(number)d events are sent again.")
        messages.success(request, text % {"number": started.total})
    return redirect("webhooks")


@require_POST
@signed_in
def cancel(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    mine = Replay.objects.filter(endpoint__in=endpoints_of(request.user))
    try:
        cancel_replay(replay=get_object_or_404(mine, pk=pk), by=request.user)
    except DomainError as error:
        messages.error(request, error.advice)
    else:
        messages.success(
            request, _("The replay was cancelled. Deliveries that already wait are still sent.")
        )
    return redirect("webhooks")


@require_POST
@signed_in
def resume(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    endpoint = get_object_or_404(endpoints_of(request.user), pk=pk)
    resume_endpoint(endpoint=endpoint, by=request.user)
    messages.success(request, _("The endpoint was resumed. Its pending deliveries are sent now."))
    return redirect("webhooks")


@require_POST
@signed_in
def test(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    ping(endpoint=get_object_or_404(endpoints_of(request.user), pk=pk), by=request.user)
    messages.success(request, _("A test.ping is on its way."))
    return redirect("webhooks")


def endpoints_of(user: Person) -> QuerySet[WebhookEndpoint]:
    mine = WebhookEndpoint.objects.in_use().filter(marketplace__in=marketplaces_of(user))
    return mine.select_related("marketplace")
