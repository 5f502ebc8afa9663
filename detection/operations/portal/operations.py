"""The operations page: pending verifications, job queues, and failures."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from accounts.documents import type_of
from accounts.models import Organisation
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.queueing import QUEUES, waiting_in
from detection.delivery.actions.webhooks import replay_delivery, resume_endpoint
from detection.delivery.models import Delivery, WebhookEndpoint
from detection.intake.actions.requeue import requeue_failed
from detection.intake.models import Listing, ListingImage
from detection.matching.channel_states import channel_states
from detection.review.models import Appeal, Reassessment
from fingerprints.actions.rights import refuse_right, verify_right
from fingerprints.models import Design, IndexChange, Right

SHOWN = 20
MAX_REASON = 2000  # characters


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    staff_alone(request)
    context = {
        "organisations": awaiting_verification()[:SHOWN],
        "rights": [(right, shows(right)) for right in to_verify()[:SHOWN]],
        "queues": queue_lengths(),
        "work": work(),
        "index": index_state(),
        "channels": channel_states(),
        "reassessments": Reassessment.objects.select_related("brand").order_by("asked_at")[:SHOWN],
        "endpoints": endpoints()[:SHOWN],
        "endpoint_count": endpoints().count(),
        "failed": failed()[:SHOWN],
        "failed_count": failed().count(),
        "dead": dead()[:SHOWN],
        "dead_count": dead().count(),
    }
    return render(request, "detection/operations.html", context)


def staff_alone(request: PortalRequest) -> None:
    if not request.user.is_staff:
        raise Http404


def awaiting_verification() -> QuerySet[Organisation]:
    """Returns organisations that await verification, the longest wait first."""
    waiting = Organisation.objects.awaiting_verification().order_by("created_at")
    return waiting.annotate(paper_count=Count("papers"))


def to_verify() -> QuerySet[Right]:
    submitted = Right.objects.filter(state=Right.State.SUBMITTED)
    return submitted.select_related("brand__organisation", "submitted_by").order_by("submitted_at")


def shows(right: Right) -> bool:
    """Whether the page can show the document: a picture, not a PDF."""
    return type_of(right.document.name or "").startswith("image/")


def failed() -> QuerySet[Listing]:
    """Returns current listings without a verdict for lack of any picture, and those held only for lack of
    some.
    """
    without = Q(state=Listing.State.FAILED)
    incomplete = Q(incomplete_as="hold", verdict="hold", alerts=None)
    rows = Listing.objects.current().filter(without | incomplete)
    return rows.select_related("marketplace").prefetch_related("images")


def endpoints() -> QuerySet[WebhookEndpoint]:
    rows = WebhookEndpoint.objects.in_trouble().select_related("marketplace")
    return rows.order_by(F("failing_since").asc(nulls_last=True))


def dead() -> QuerySet[Delivery]:
    """Returns deliveries that were given up, without those of removed endpoints."""
    rows = Delivery.objects.filter(state=Delivery.State.DEAD, endpoint__retired_at=None)
    return rows.select_related("event", "endpoint__marketplace")


def queue_lengths() -> list[tuple[str, int | None]]:
    """Returns the length of each queue, None when the broker does not answer."""
    try:
        lengths = waiting_in(QUEUES)
    except (OperationalError, OSError):
        return [(name, None) for name in QUEUES]
    return list(lengths.items())


def work() -> dict[str, Any]:
    awaited = Listing.objects.filter(state__in=[Listing.State.FETCHING, Listing.State.QUEUED])
    first = awaited.order_by("received_at").first()
    return {
        "listings": awaited.count(),
        "oldest": first.received_at if first else None,
        "designs": Design.objects.awaiting_enrolment().count(),
        "fetch_failures": ListingImage.objects.filter(
            state=ListingImage.State.REFUSED, listing__received_at__gte=today()
        ).exclude(url="").count(),
        "deliveries": Delivery.objects.filter(state=Delivery.State.PENDING).count(),
        "appeals": Appeal.objects.awaiting_decision().count(),
    }  # fmt: skip


def today() -> datetime:
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


def index_state() -> dict[str, Any]:
    """Returns the latest change in the journal, and name, change number and time of each snapshot."""
    latest = IndexChange.objects.aggregate(most=Max("number"))["most"] or 0
    snapshots = []
    for path in sorted((settings.DATA_DIR / "index").glob("*/current.json")):
        try:
            snapshot = json.loads(path.read_text())
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except (OSError, ValueError):
            continue
        snapshots.append((path.parent.name, snapshot.get("number", 0), written))
    return {"latest": latest, "snapshots": snapshots}


def act(request: PortalRequest, text: str, action: Callable[[], object]) -> HttpResponseBase:
    try:
        action()
    except DomainError as error:
        messages.error(request, error.advice)
    else:
        messages.success(request, text)
    return redirect("operations")


@require_POST
@signed_in
def judge_right(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    staff_alone(request)
    if not request.user.has_perm("fingerprints.change_right"):
        raise Http404
    right = get_object_or_404(Right, pk=pk)
    if request.POST.get("judgement") == "refuse":
        return act(
            request,
            _("%(right)s was refused. Its owners get your reason by mail.") % {"right": right},
            lambda: refuse_right(
                right=right, by=request.user, reason=request.POST.get("reason", "")[:MAX_REASON]
            ),
        )
    return act(
        request,
        _("%(right)s was verified.") % {"right": right},
        lambda: verify_right(right=right, by=request.user),
    )


@require_POST
@signed_in
def requeue(request: PortalRequest) -> HttpResponseBase:
    """Queues one listing again, or all that the page shows."""
    staff_alone(request)
    chosen = [row for row in failed()[:SHOWN] if request.POST.get("listing") in {"", str(row.pk)}]
    number = sum(requeue_failed(listing=row, by=request.user) for row in chosen)
    messages.success(request, _("Listings queued again: %(number)d.") % {"number": number})
    return redirect("operations")


@require_POST
@signed_in
def resume(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    staff_alone(request)
    endpoint = get_object_or_404(WebhookEndpoint.objects.in_use(), pk=pk)
    return act(
        request,
        _("The endpoint was resumed. Its pending deliveries are sent now."),
        lambda: resume_endpoint(endpoint=endpoint, by=request.user),
    )


@require_POST
@signed_in
def replay(request: PortalRequest) -> HttpResponseBase:
    """Sends one delivery again, or all that the page shows."""
    staff_alone(request)
    chosen = [row for row in dead()[:SHOWN] if request.POST.get("delivery") in {"", str(row.pk)}]
    for row in chosen:
        replay_delivery(delivery=row, by=request.user)
    messages.success(request, _("Deliveries sent again: %(number)d.") % {"number": len(chosen)})
    return redirect("operations")
