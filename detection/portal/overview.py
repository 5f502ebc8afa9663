"""What became of a brand owner's claims: over time, by outcome, marketplace and seller."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_safe

from detection.models import Alert, Appeal, Decision
from detection.models.alert import AlertQuerySet
from detection.portal.forms import OUTCOMES
from fingerprints.models import Organisation
from fingerprints.models.person import Person
from fingerprints.portal.access import PortalRequest, signed_in

DAYS = 30
MOST_ROWS = 10  # marketplaces and sellers
HEIGHT = 120.0  # of the chart, in its own units; a day is 10 wide


@dataclass(frozen=True)
class Bar:
    """One day of the chart, in the units of its SVG."""

    day: date
    count: int
    x: float
    y: float
    height: float


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    alerts = claimed_by(request.user)
    if request.GET.get("format") == "csv":
        return as_csv(alerts)
    return render(request, "detection/overview.html", figures(alerts))


def claimed_by(user: Person) -> AlertQuerySet:
    """Alerts of the user's own brands, on marketplaces that admitted them."""
    mine = Organisation.objects.of(user)
    return Alert.objects.visible_to(user).filter(brand__organisation__in=mine)


def figures(alerts: AlertQuerySet) -> dict[str, Any]:
    decided = alerts.filter(decision__concluded_at__isnull=False)
    judged = decided.exclude(decision__outcome=Decision.Outcome.NEEDS_MORE)
    number = judged.count()
    right = judged.filter(decision__outcome=Decision.Outcome.INFRINGING).count()
    taken = ExpressionWrapper(
        F("decision__decided_at") - F("raised_at"), output_field=DurationField()
    )
    overturned = Appeal.objects.filter(
        state=Appeal.State.OVERTURNED, listing__alerts__in=alerts
    ).distinct()
    days = by_day(alerts)
    return {
        "bars": bars(days),
        "most": max(days.values(), default=0),
        "width": DAYS * 10,
        "days": DAYS,
        "total": alerts.count(),
        "judged": number,
        "right": right,
        "precision": 100 * right / number if number else None,
        "overturned": overturned.count(),
        "time_to_decision": in_words(judged.aggregate(mean=Avg(taken))["mean"]),
        "outcomes": [
            (OUTCOMES[Decision.Outcome(row["decision__outcome"])], row["count"])
            for row in counted(decided, "decision__outcome")
        ],
        "marketplaces": counted(alerts, "listing__marketplace__name"),
        "sellers": counted(alerts, "listing__seller_id"),
    }


def in_words(mean: timedelta | None) -> str:
    now = timezone.now()
    return timesince(now - mean, now) if mean else ""


def counted(alerts: AlertQuerySet, by: str) -> Sequence[dict[str, Any]]:
    rows = (
        alerts.order_by()
        .values(by)
        .annotate(count=Count("pk"), blocked=Count("pk", filter=Q(verdict="block")))
    )
    return list(rows.order_by("-count", by)[:MOST_ROWS])


def by_day(alerts: AlertQuerySet) -> dict[date, int]:
    since = timezone.now() - timedelta(days=DAYS)
    rows = alerts.filter(raised_at__gte=since).order_by().annotate(day=TruncDate("raised_at"))
    return dict(rows.values_list("day").annotate(count=Count("pk")))


def bars(counts: dict[date, int]) -> list[Bar]:
    """The highest day is as high as the chart."""
    today = timezone.now().date()
    most = max(counts.values(), default=0) or 1
    found = []
    for place in range(DAYS):
        day = today - timedelta(days=DAYS - 1 - place)
        height = HEIGHT * counts.get(day, 0) / most
        found.append(Bar(day, counts.get(day, 0), place * 10 + 1, HEIGHT - height, height))
    return found


def as_csv(alerts: AlertQuerySet) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="alerts.csv"'
    writer = csv.writer(response)
    writer.writerow(
        ["raised_at", "brand", "marketplace", "seller_id", "external_id", "similarity",
         "match_kind", "verdict", "outcome"]
    )  # fmt: skip
    for alert in alerts.with_evidence().iterator(500):
        decision = getattr(alert, "decision", None)
        row = [
            alert.raised_at.isoformat(), alert.brand.name, alert.listing.marketplace.name,
            alert.listing.seller_id, alert.listing.external_id, alert.similarity,
            alert.match_kind, alert.verdict, decision.outcome if decision else "",
        ]  # fmt: skip
        writer.writerow([harmless(cell) for cell in row])
    return response


def harmless(cell: Any) -> Any:
    """A spreadsheet must not run what a seller chose as a name."""
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
