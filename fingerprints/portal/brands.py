"""Pages of the brands of the user's organisations, with their designs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.marketplaces import standings_of
from accounts.models import Organisation
from accounts.models.person import Person
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.portal.forms import add_domain_error
from brandguard.kernel.portal.paging import page_of
from fingerprints.actions.brands import THRESHOLDS, change_brand, create_brand
from fingerprints.gates import gates_of
from fingerprints.models import Brand, Design, DesignImage, Right
from fingerprints.portal.claim_rows import claims_of
from fingerprints.portal.forms import BrandForm

ACTIVE = Q(designs__retired_at=None)


def brands_of(user: Person) -> QuerySet[Brand]:
    mine = Organisation.objects.of(user)
    return Brand.objects.filter(organisation__in=mine).select_related("organisation")


def with_counts(brands: QuerySet[Brand]) -> QuerySet[Brand]:
    def views(state: DesignImage.State) -> Count:
        return Count("designs__images", filter=ACTIVE & Q(designs__images__state=state))

    return brands.annotate(
        design_count=Count("designs", filter=ACTIVE, distinct=True),
        enrolled_count=views(DesignImage.State.ENROLLED),
        pending_count=views(DesignImage.State.PENDING),
        refused_count=views(DesignImage.State.REFUSED),
    )


@require_safe
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    with_rights = Prefetch("rights", Right.objects.in_play().prefetch_related("designs"))
    brands = list(with_counts(brands_of(request.user)).prefetch_related(with_rights))
    organisations = list(Organisation.objects.of(request.user))
    places = {one.pk: standings_of(one) for one in organisations}
    context = {
        "brands": [
            (
                brand,
                gates_of(
                    brand,
                    places=places[brand.organisation_id],
                    findable=bool(getattr(brand, "enrolled_count", 0)),
                ),
            )
            for brand in brands
        ],
        "organisations": organisations,
        "unverified": [one for one in organisations if not one.is_verified],
    }
    return render(request, "fingerprints/brands.html", context)


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    with_rights = Prefetch("rights", Right.objects.prefetch_related("designs"))
    brands = with_counts(brands_of(request.user)).prefetch_related(with_rights)
    brand = get_object_or_404(brands, pk=pk)
    retired = request.GET.get("show") == "retired"
    designs = Design.objects.filter(brand=brand, retired_at__isnull=not retired)
    by_position = Prefetch("images", DesignImage.objects.kept().order_by("position"))
    page = page_of(
        designs.prefetch_related(by_position),
        by="created_at",
        before=request.GET.get("before", ""),
    )
    context = {"brand": brand, "page": page, "retired": retired, "gates": gates_of(brand)}
    context |= claims_of(brand, request.user, before=request.GET.get("licences", ""))
    return render(request, "fingerprints/brand.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create(request: PortalRequest) -> HttpResponseBase:
    if not Organisation.objects.of(request.user).exists():
        return redirect("brands")  # that page says what to do
    form = BrandForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        organisation = form.cleaned_data.pop("organisation", None)
        try:
            brand = create_brand(
                organisation=organisation or Organisation.objects.of(request.user).get(),
                by=request.user,
                **form.cleaned_data,
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("The brand %(name)s is created.") % {"name": brand})
            return redirect("brand", brand.pk)
    return show_form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    brand = get_object_or_404(brands_of(request.user), pk=pk)
    now = {field: getattr(brand, field) for field in ("name", *THRESHOLDS)}
    form = BrandForm(request.POST or None, initial=now, by=request.user, brand=brand)
    if request.method == "POST" and form.is_valid():
        try:
            change_brand(brand=brand, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("brand", brand.pk)
    return show_form(request, form, brand=brand)


def show_form(request: PortalRequest, form: BrandForm, **context: Any) -> HttpResponseBase:
    status = 422 if form.errors else 200
    return render(request, "fingerprints/brand_form.html", {"form": form} | context, status=status)
