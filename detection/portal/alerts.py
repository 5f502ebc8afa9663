"""The list of alerts. Its filters live in the address, so that it can be sent to a colleague."""

from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe
from django_htmx.http import push_url

from detection.models import Alert
from detection.models.alert import AlertQuerySet
from detection.portal.forms import AlertFilters
from fingerprints.portal.access import PortalRequest, signed_in
from fingerprints.portal.paging import Page, likeliest_first, newest_first


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    filters = AlertFilters(request.GET, Alert.objects.visible_to(request.user))
    first = likeliest_first if filters.given().get("order") else newest_raised
    page = first(filters.filtered().with_evidence(), before=request.GET.get("before", ""))
    given = address_of(filters)
    context = {"filters": filters, "page": page, "given": given}
    if request.htmx.target == "older":
        return render(request, "detection/alerts.html#rows", context)
    if request.htmx.target == "results":
        response = render(request, "detection/alerts.html#results", context)
        return push_url(response, f"{resolve_url('alerts')}?{given}".rstrip("?"))
    return render(request, "detection/alerts.html", context)


def newest_raised(alerts: AlertQuerySet, *, before: str) -> Page[Alert]:
    return newest_first(alerts, by="raised_at", before=before)


def address_of(filters: AlertFilters) -> str:
    """Without what is not filtered by."""
    return urlencode({name: getattr(v, "pk", v) for name, v in filters.given().items()})
