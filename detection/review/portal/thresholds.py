"""The page that shows what another threshold would have done with stored pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F, Max, Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.models.person import Person
from brandguard.kernel.portal.access import PortalRequest, signed_in
from detection.intake.models import Listing
from detection.matching.models import Match
from detection.review.models import Alert, Appeal, Decision
from detection.review.models.alert import reviewable_by, reviewed_by
from detection.review.portal.forms import RowChoice
from detection.review.threshold_replay import JudgedPair, Replayed, replay
from fingerprints.models import Brand
from fingerprints.models.brand import REVIEW_RANGE

MAX_PAIRS = 20_000  # the newest
RANGE = range(REVIEW_RANGE[0], REVIEW_RANGE[1] + 1)
# The chart, in units of its SVG; the margins hold the labels of the axes.
WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP = 640, 260, 44, 20, 28, 8

LINES: dict[str, str | Promise] = {
    "flagged": _("Flagged"),
    "blocked": _("Of these, infringing: blocked"),
    "cleared": _("Of these, not infringing, licensed or genuine"),
    "overturned": _("Of these, overturned on appeal"),
    "not_judged": _("Of these, not judged"),
    "missed": _("Infringing, but missed"),
}


class ThresholdForm(forms.Form):
    brand = RowChoice(Brand.objects.none(), label=_("Brand"))
    at = forms.IntegerField(
        label=_("Try the threshold"),
        min_value=REVIEW_RANGE[0],
        max_value=REVIEW_RANGE[1],
        required=False,
    )

    def __init__(self, data: Any, brands: QuerySet[Brand]) -> None:
        super().__init__(data)
        choice = self.fields["brand"]
        choice.queryset = brands  # type: ignore[attr-defined]
        choice.empty_label = None  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Line:
    name: str
    label: str | Promise
    points: str


@dataclass(frozen=True)
class Chart:
    """The chart. `across` and `up` are the ticks: pairs of a position and a label."""

    lines: list[Line]
    across: list[tuple[float, int]]
    up: list[tuple[float, int]]
    now: float
    tried: float


@require_safe
@signed_in
def thresholds(request: PortalRequest) -> HttpResponseBase:
    brands = brands_judged_before(request.user)
    form = ThresholdForm(request.GET, brands)
    form.full_clean()
    brand = form.cleaned_data.get("brand") or brands.first()
    if brand is None:
        return render(request, "detection/thresholds.html", {"brand": None})
    tried = form.cleaned_data.get("at") or brand.review_threshold
    pairs = pairs_of(brand, request.user)
    replays = {threshold: replay(pairs, threshold) for threshold in RANGE}
    now, then = replays[brand.review_threshold], replays[tried]
    context = {
        "brand": brand,
        "form": form,
        "tried": tried,
        "pairs": len(pairs),
        "claims": Organisation.objects.of(request.user).filter(pk=brand.organisation_id).exists(),
        "rows": [(label, getattr(now, name), getattr(then, name)) for name, label in LINES.items()],
        "chart": chart(list(replays.values()), brand.review_threshold, tried),
    }
    return render(request, "detection/thresholds.html", context)


def brands_judged_before(user: Person) -> QuerySet[Brand]:
    """Returns the brands of the user's organisations and those with an alert that the user may decide; a
    marketplace's reviewers learn of no others.
    """
    visible = Q(organisation__in=Organisation.objects.of(user))
    visible |= Q(pk__in=Alert.objects.filter(reviewable_by(user)).values("brand"))
    return Brand.objects.filter(visible).order_by("name")


def pairs_of(brand: Brand, user: Person) -> list[JudgedPair]:
    """Returns pairs of the brand and published listings on marketplaces whose listings the user sees."""
    matches = Match.objects.filter(view__design__brand=brand).filter(
        matches_visible_to(user, brand)
    )
    best = (
        matches.filter(listing_image__listing__in=Listing.objects.published())
        .order_by()
        .values_list("listing_image__listing")
        .annotate(similarity=Max("similarity"))
        .order_by("-listing_image__listing__received_at")[:MAX_PAIRS]
    )
    decisions = Decision.objects.filter(alert__brand=brand)
    outcomes = {
        listing: Decision.Outcome(outcome)
        for listing, outcome in decisions.values_list("alert__listing", "outcome")
    }
    overturned = set(
        Appeal.objects.filter(state=Appeal.State.GRANTED, brand=brand).values_list(
            "listing", flat=True
        )
    )
    return [JudgedPair(similarity, outcomes.get(pk), pk in overturned) for pk, similarity in best]


def matches_visible_to(user: Person, brand: Brand) -> Q:
    marketplace = "listing_image__listing__marketplace"
    visible = reviewed_by(user, marketplace)
    if Organisation.objects.of(user).filter(pk=brand.organisation_id).exists():
        visible |= Q(**{f"{marketplace}__admits": F("view__design__brand__organisation")})
    return visible


def chart(replays: Sequence[Replayed], now: int, tried: int) -> Chart:
    most = max((row.flagged + row.missed for row in replays), default=0) or 1
    steps = sorted({0, most // 2, most})

    def across(threshold: float) -> float:
        share = (threshold - RANGE[0]) / (RANGE[-1] - RANGE[0])
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def up(count: int) -> float:
        return round(TOP + (1 - count / most) * (HEIGHT - TOP - BOTTOM), 1)

    def points(name: str) -> str:
        return " ".join(f"{across(row.threshold)},{up(getattr(row, name))}" for row in replays)

    return Chart(
        lines=[Line(name, label, points(name)) for name, label in LINES.items()],
        across=[(across(at), at) for at in range(RANGE[0], RANGE[-1] + 1, 5)],
        up=[(up(count), count) for count in steps],
        now=across(now),
        tried=across(tried),
    )
