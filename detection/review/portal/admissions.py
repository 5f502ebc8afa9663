"""Pages on which a marketplace's owners and the operator's staff admit brand owners."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, F, QuerySet
from django.http import Http404, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.admissions import admit, choose_incomplete, end_admission
from accounts.actions.claimant import is_staff
from accounts.models import Marketplace, Membership, Organisation
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from detection.intake.models import Listing
from detection.review.models import Alert

MAX_SHOWN = 50
CHOICES = {
    Marketplace.Incomplete.HOLD: gettext_lazy(
        "Hold them until they are sent again with readable pictures"
    ),
    Marketplace.Incomplete.ALLOW: gettext_lazy(
        "Allow them if their other pictures match nothing: the missing pictures stay unchecked"
    ),
}


def admitting(request: PortalRequest) -> QuerySet[Marketplace]:
    """Returns the marketplaces for which the user may admit brand owners."""
    if is_staff(request.user):
        return Marketplace.objects.all()
    owned = Membership.objects.of(request.user).filter(role=Membership.Role.OWNER)
    return Marketplace.objects.filter(organisation__in=owned.values("organisation"))


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    """Lists the marketplaces, or redirects to the page of the only one."""
    mine = list(admitting(request).select_related("organisation"))
    if not mine and not is_staff(request.user):
        raise Http404
    if len(mine) == 1:
        return redirect("admissions-of", mine[0].pk)
    return render(request, "detection/admissions_overview.html", {"marketplaces": mine})


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    marketplace = get_object_or_404(admitting(request), pk=pk)
    name = request.GET.get("name", "").strip()
    admitted = with_brands(marketplace.admits.all())
    others = with_brands(brand_owners()).exclude(admitted_by=marketplace)
    if name:
        others = others.filter(name__icontains=name)
    incomplete = lacking_pictures(marketplace)
    context = {
        "marketplace": marketplace,
        "admitted": admitted,
        "others": others[:MAX_SHOWN],
        "left_out": max(0, others.count() - MAX_SHOWN),
        "named": name,
        "choices": CHOICES,
        "incomplete": incomplete[:MAX_SHOWN],
        "incomplete_count": incomplete.count(),
    }
    return render(request, "detection/admissions.html", context)


def lacking_pictures(marketplace: Marketplace) -> QuerySet[Listing]:
    """Returns current listings of which some pictures could not be examined, the latest first."""
    rows = Listing.objects.current().published().filter(marketplace=marketplace)
    return rows.exclude(incomplete_as="").prefetch_related("images")


def brand_owners() -> QuerySet[Organisation]:
    """Returns brand owners, the verified ones first: claims of the others restrict nothing."""
    owners = Organisation.objects.filter(marketplace=None, reviews=False, brands__isnull=False)
    return owners.distinct().order_by(F("verified_at").asc(nulls_last=True), "name")


def with_brands(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    counted = organisations.annotate(brand_count=Count("brands", distinct=True))
    return counted.prefetch_related("brands")


@require_POST
@signed_in
def admit_one(request: PortalRequest, pk: UUID, organisation: UUID) -> HttpResponseBase:
    marketplace = get_object_or_404(admitting(request), pk=pk)
    owner = get_object_or_404(Organisation, pk=organisation)
    try:
        admit(marketplace=marketplace, organisation=owner, by=request.user)
    except DomainError as error:
        messages.error(request, error.advice)
    else:
        text = _("%(marketplace)s now admits %(name)s.")
        messages.success(request, text % {"marketplace": marketplace, "name": owner})
    return redirect("admissions-of", marketplace.pk)


@require_POST
@signed_in
def choose(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Stores the verdict for listings of which some pictures could not be examined."""
    marketplace = get_object_or_404(admitting(request), pk=pk)
    choice = request.POST.get("incomplete_listings", "")
    if choice not in CHOICES:
        return HttpResponseBadRequest()
    choose_incomplete(
        marketplace=marketplace, choice=Marketplace.Incomplete(choice), by=request.user
    )
    messages.success(request, _("Saved. Current listings are updated within a minute."))
    return redirect("admissions-of", marketplace.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_one(request: PortalRequest, pk: UUID, organisation: UUID) -> HttpResponseBase:
    marketplace = get_object_or_404(admitting(request), pk=pk)
    owner = get_object_or_404(marketplace.admits.all(), pk=organisation)
    if request.method == "POST":
        end_admission(marketplace=marketplace, organisation=owner, by=request.user)
        text = _("%(marketplace)s no longer admits %(name)s. Its held listings are being released.")
        messages.success(request, text % {"marketplace": marketplace, "name": owner})
        return redirect("admissions-of", marketplace.pk)
    restricted = Alert.objects.on_offer().filter(
        listing__marketplace=marketplace,
        brand__organisation=owner,
        verdict__in=["hold", "block"],
    )
    context = {
        "marketplace": marketplace,
        "organisation": owner,
        "restricted": restricted.values("listing").distinct().count(),
    }
    return render(request, "detection/admission_end.html", context)
