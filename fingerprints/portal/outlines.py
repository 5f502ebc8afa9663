"""The page on which an owner corrects the outline of the goods in a view."""

from math import nan
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from fingerprints.actions.correct_outline import NotAnOutline, NotEnrolled, correct_outline
from fingerprints.actions.register import Retired
from fingerprints.models import DesignImage
from fingerprints.portal.designs import designs_of

if TYPE_CHECKING:  # loads OpenCV
    from vision.geometry.polygons import Polygon

# Where drawing begins if there is no outline: a little within the picture.
BEGINNING: "Polygon" = [(0.15, 0.1), (0.85, 0.1), (0.85, 0.9), (0.15, 0.9)]
SPARE = 2  # empty corners, for a browser without scripts


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    mine = designs_of(request.user).filter(retired_at=None)
    enrolled = DesignImage.objects.filter(design__in=mine, state=DesignImage.State.ENROLLED)
    view = get_object_or_404(enrolled.select_related("design__brand"), pk=pk)
    if request.method != "POST":
        return show(request, view, view.outline or BEGINNING)
    corners = corners_in(request.POST)
    try:
        outline = None if "whole" in request.POST else corners
        correct_outline(view=view, outline=outline, by=request.user)
    except (NotAnOutline, NotEnrolled, Retired) as error:
        return show(request, view, corners or BEGINNING, error)
    messages.success(
        request,
        _("%(name)s is being enrolled with this outline; until then it matches as before.")
        % {"name": view.name or view},
    )
    return redirect("design", view.design_id)


def show(
    request: PortalRequest,
    view: DesignImage,
    corners: "Polygon",
    problem: DomainError | None = None,
) -> HttpResponse:
    in_percent = [(f"{100 * x:.1f}", f"{100 * y:.1f}") for x, y in corners]
    context = {
        "view": view,
        "points": " ".join(",".join(corner) for corner in in_percent),
        "corners": [*in_percent, *[("", "")] * SPARE],
        "problem": problem,
    }
    status = 422 if problem else 200
    return render(request, "fingerprints/view_outline.html", context, status=status)


def corners_in(sent: QueryDict) -> "Polygon":
    """Returns the corners that were sent in per cent, without the empty ones."""
    pairs = zip(sent.getlist("x"), sent.getlist("y"), strict=False)
    return [(share(x), share(y)) for x, y in pairs if x.strip() or y.strip()]


def share(sent: str) -> float:
    """Returns 0..1; not a number for what is none, which no outline has."""
    try:
        return float(sent) / 100
    except ValueError:
        return nan
