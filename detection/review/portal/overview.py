"""The overview of a brand owner's alerts: over time, by outcome, marketplace and seller."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.models.person import Person
from brandguard.kernel.portal.access import PortalRequest, signed_in
from detection.review.models import Alert, Appeal, Decision
from detection.review.models.alert import AlertQuerySet
from detection.review.portal.forms import OUTCOMES, RowChoice
from fingerprints.models import Brand

PERIODS = {30: 1, 90: 1, 364: 7}  # days shown: days per bar
DAYS = 30
MAX_ROWS = 10  # marketplaces and sellers
HEIGHT = 120.0  # of the chart, in its own units; a bar takes 10 of width


@dataclass(frozen=True)
class Bar:
    """One bar of the chart: a day, or the week that starts with it, in units of the SVG."""

    day: date
    count: int
    x: float
    y: float
    height: float


class OverviewFilters(forms.Form):
    """The filters; an invalid value shows an error and is left out."""

    days = forms.TypedChoiceField(
        label=_("Period"),
        choices=[(30, _("30 days")), (90, _("90 days")), (364, _("a year, by week"))],
        coerce=int,
        required=False,
    )
    brand = RowChoice(Brand.objects.none(), label=_("Brand"))

    def __init__(self, data: Any, user: Person) -> None:
        super().__init__(data)
        mine = Organisation.objects.of(user)
        self.fields["brand"].queryset = Brand.objects.filter(organisation__in=mine)  # type: ignore[attr-defined]
        self.full_clean()

    @property
    def period(self) -> int:
        return int(self.cleaned_data.get("days") or DAYS)


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    filters = OverviewFilters(request.GET, request.user)
    alerts = alerts_of_brands(request.user)
    if brand := filters.cleaned_data.get("brand"):
        alerts = alerts.filter(brand=brand)
    if request.GET.get("format") == "csv":
        return as_csv(alerts)
    since = timezone.now() - timedelta(days=filters.period)
    context = figures(alerts.filter(raised_at__gte=since), filters.period)
    return render(request, "detection/overview.html", context | {"filters": filters})


def alerts_of_brands(user: Person) -> AlertQuerySet:
    """Returns alerts of the user's brands on marketplaces that admit them."""
    mine = Organisation.objects.of(user)
    return Alert.objects.visible_to(user).filter(brand__organisation__in=mine)


def figures(alerts: AlertQuerySet, period: int) -> dict[str, Any]:
    decided = alerts.filter(decision__applied_at__isnull=False)
    judged = decided.exclude(decision__outcome=Decision.Outcome.NEEDS_MORE)
    number = judged.count()
    right = judged.filter(decision__outcome=Decision.Outcome.INFRINGING).count()
    duration = ExpressionWrapper(
        F("decision__decided_at") - F("raised_at"), output_field=DurationField()
    )
    overturned = Appeal.objects.filter(
        state=Appeal.State.GRANTED, listing__alerts__in=alerts, brand=F("listing__alerts__brand")
    ).distinct()
    shown = bars(by_day(alerts), period)
    return {
        "bars": shown,
        "most": max((bar.count for bar in shown), default=0),
        "width": len(shown) * 10,
        "days": period,
        "by_week": PERIODS[period] > 1,
        "total": alerts.count(),
        "judged": number,
        "right": right,
        "precision": 100 * right / number if number else None,
        "overturned": overturned.count(),
        "time_to_decision": in_words(judged.aggregate(mean=Avg(duration))["mean"]),
        "outcomes": [
            {**row, "name": OUTCOMES[Decision.Outcome(row["decision__outcome"])]}
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
    top = list(rows.order_by("-count", by)[:MAX_ROWS])
    most = max((row["count"] for row in top), default=1)
    return [
        {
            **row,
            "name": row[by],
            "share": round(100 * row["count"] / most, 1),
            "blocked_share": round(100 * row["blocked"] / most, 1),
        }
        for row in top
    ]


def by_day(alerts: AlertQuerySet) -> dict[date, int]:
    rows = alerts.order_by().annotate(day=TruncDate("raised_at"))
    return dict(rows.values_list("day").annotate(count=Count("pk")))


def bars(counts: dict[date, int], period: int) -> list[Bar]:
    """Returns the bars; the highest one fills the chart."""
    first = timezone.now().date() - timedelta(days=period - 1)
    step = PERIODS[period]
    starts = [first + timedelta(days=day) for day in range(0, period, step)]
    sums = [
        sum(counts.get(start + timedelta(days=day), 0) for day in range(step)) for start in starts
    ]
    most = max(sums, default=0) or 1
    heights = [HEIGHT * count / most for count in sums]
    return [
        Bar(start, count, place * 10 + 1, HEIGHT - height, height)
        for place, (start, count, height) in enumerate(zip(starts, sums, heights, strict=True))
    ]


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
    """Quotes a cell that a spreadsheet would run as a formula: sellers choose the names."""
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
