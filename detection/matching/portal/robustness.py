"""The page that shows how well a design is protected and which view to add."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from detection.matching.actions.robustness_test import MAX_VIEWS, ask_for_robustness_test, views_of
from detection.matching.models import RobustnessTest
from detection.matching.robustness.recall import (
    Advice,
    Recall,
    Results,
    advice,
    recall,
    score,
    sides,
)
from fingerprints.models import Design
from fingerprints.portal.designs import designs_of

GROUP_NAMES: dict[str, str | Promise] = {
    "quality": _("Compressed, shrunk, blurred"),
    "colours": _("Colours changed or inverted"),
    "turned": _("Mirrored or turned"),
    "cropped": _("Cropped"),
    "covered": _("Covered by text, framed, screenshot"),
    "scene": _("Pasted into a scene or a collage"),
    "several": _("Several edits at once"),
    "angle": _("Seen at an angle"),
    "left": _("Seen from the left, in a scene"),
    "right": _("Seen from the right, in a scene"),
    "above": _("Seen from above, in a scene"),
    "below": _("Seen from below, in a scene"),
}
ADVICE: dict[Advice, str | Promise] = {
    Advice.LEFT: _(
        "Seen from the left it is found in %(found)s of %(tried)s: add a picture from the left."
    ),
    Advice.RIGHT: _(
        "Seen from the right it is found in %(found)s of %(tried)s: add a picture from the right."
    ),
    Advice.ABOVE: _(
        "Seen from above it is found in %(found)s of %(tried)s: add a picture from above."
    ),
    Advice.BELOW: _(
        "Seen from below it is found in %(found)s of %(tried)s: add a picture from below."
    ),
    Advice.BACK: _(
        "All pictures show the same side of the goods, and what no picture shows is not found: add "
        "photographs of the back and of a narrow side."
    ),
    Advice.MORE_SIDES: _(
        "There are few pictures of this object: add one from the side and one from the back. "
        "What no picture shows cannot be found."
    ),
    Advice.CLOSE_UP: _(
        "The design is missed when only a part of it shows: add a close-up of its most distinctive part."
    ),
    Advice.SHARPER: _("The design is missed in poor pictures: add a larger, sharper picture."),
}


@dataclass(frozen=True)
class Bar:
    name: str | Promise
    recall: Recall

    @property
    def percent(self) -> int:
        return round(100 * self.recall.share)


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """`done` is the number of views that the page shows as tested: it polls until there are more."""
    design = get_object_or_404(designs_of(request.user), pk=pk)
    context = in_detail(design)
    if request.htmx:
        if request.GET.get("done") == str(context["tested"]) and context["running"]:
            return HttpResponse(status=204)
        return render(request, "detection/robustness.html#result", context)
    return render(request, "detection/robustness.html", context)


@require_POST
@signed_in
def measure(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    design = get_object_or_404(designs_of(request.user), pk=pk)
    try:
        ask_for_robustness_test(design=design, by=request.user)
    except DomainError as error:
        messages.error(request, error.advice)
    return redirect("robustness", design.pk)


def advised(robustness_test: RobustnessTest, results: Results, views: int) -> list[str]:
    """Returns a sentence for each view to add."""
    design = robustness_test.design
    threshold = design.brand.review_threshold
    counts = {one.name: one for one in sides(results, threshold)}
    return [
        str(ADVICE[one])
        % ({"found": counts[one].found, "tried": counts[one].tried} if one in counts else {})
        for one in advice(results, threshold, design.design_kind, views, robustness_test.sides)
    ]


def in_detail(design: Design) -> dict[str, Any]:
    robustness_test = RobustnessTest.objects.filter(design=design).first()
    mine = {str(pk) for pk in views_of(design).values_list("pk", flat=True)}
    results = robustness_test.results if robustness_test else {}
    results = {view: similarities for view, similarities in results.items() if view in mine}
    views = len(mine)
    context = {
        "design": design,
        "views": min(views, MAX_VIEWS),
        "all_views": views,
        "robustness_test": robustness_test,
        "tested": len(results),
        "running": bool(robustness_test and not robustness_test.done_at),
    }
    if robustness_test and robustness_test.done_at:
        threshold = design.brand.review_threshold
        rows = [*recall(results, threshold), *sides(results, threshold)]
        context |= {
            "score": score(results, threshold),
            "bars": [Bar(GROUP_NAMES[row.name], row) for row in rows if row.tried],
            "advice": advised(robustness_test, results, views),
            "tried": sum(row.tried for row in rows),
        }
    return context
