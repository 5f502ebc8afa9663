"""The list of alerts: one row per listing with all its claims. The filters are in the URL, so a user can
send the list to a colleague.
"""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.portal.paging import page_of
from detection.review.models import Alert
from detection.review.models.alert import AlertQuerySet
from detection.review.portal.forms import AlertFilters


@dataclass(frozen=True)
class Row:
    """One listing, shown by the first of its alerts in the chosen order. `beside` are its other alerts that
    the user may see.
    """

    alert: Alert
    beside: list[Alert]


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    visible = Alert.objects.visible_to(request.user)
    filters = AlertFilters(request.GET, visible)
    by = "similarity" if filters.given().get("order") else "raised_at"
    firsts = one_a_listing(filters.filtered(), by)
    page = page_of(firsts.with_evidence(), by=by, before=request.GET.get("before", ""))
    given = url_of(filters)
    context = {
        "filters": filters,
        "rows": rows_of(page.rows, visible),
        "older": page.older,
        "given": given,
    }
    if request.htmx.target == "older":
        return render(request, "detection/alerts.html#rows", context)
    if request.htmx.target == "results":
        response = render(request, "detection/alerts.html#results", context)
        return push_url(response, f"{resolve_url('alerts')}?{given}".rstrip("?"))
    return render(request, "detection/alerts.html", context)


def one_a_listing(alerts: AlertQuerySet, by: str) -> AlertQuerySet:
    """Returns each listing's alert with the greatest `by`; among equals, the one with the greatest key."""
    greater = Q(**{f"{by}__gt": OuterRef(by)}) | Q(**{by: OuterRef(by), "pk__gt": OuterRef("pk")})
    return alerts.exclude(Exists(alerts.filter(greater, listing=OuterRef("listing"))))


def rows_of(firsts: list[Alert], visible: AlertQuerySet) -> list[Row]:
    others = visible.filter(listing__in=[a.listing_id for a in firsts])
    others = others.exclude(pk__in=[alert.pk for alert in firsts]).with_evidence().by_risk()
    beside: dict[UUID, list[Alert]] = defaultdict(list)
    for alert in others:
        beside[alert.listing_id].append(alert)
    return [Row(alert, beside[alert.listing_id]) for alert in firsts]


def url_of(filters: AlertFilters) -> str:
    """Returns the query string of the filters in use."""
    return urlencode({name: getattr(v, "pk", v) for name, v in filters.given().items()})
