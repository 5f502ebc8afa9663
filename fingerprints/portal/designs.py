"""Registering a design, its page while its views are enrolled, and retiring it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fingerprints.actions.register import register_design
from fingerprints.actions.retire import retire_design
from fingerprints.images.intake import NoReadableImage, WrongNumberOfImages
from fingerprints.models import Brand, Design, DesignImage, Organisation
from fingerprints.models.person import Person
from fingerprints.portal.access import PortalRequest, signed_in
from fingerprints.portal.brands import brands_of
from fingerprints.portal.forms import DesignForm, tell


def designs_of(user: Person) -> QuerySet[Design]:
    mine = Organisation.objects.of(user)
    return Design.objects.filter(brand__organisation__in=mine).select_related("brand__organisation")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def register(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    brand = get_object_or_404(brands_of(request.user), pk=pk)
    form = DesignForm(request.POST or None, request.FILES or None)
    refused: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        files = fields.pop("images")
        try:
            design = register_design(brand=brand, files=files, by=request.user, **fields)
        except WrongNumberOfImages as fault:
            tell(form, fault)
        except NoReadableImage as fault:
            tell(form, fault)
            refused = [
                {"name": file.name, **error}
                for file, error in zip(files, fault.details["images"], strict=True)
            ]
        else:
            messages.success(request, _("The design %(name)s is registered.") % {"name": design})
            return redirect("design", design.pk)
    return show_form(request, brand, form, refused)


def show_form(
    request: PortalRequest, brand: Brand, form: DesignForm, refused: list[dict[str, Any]]
) -> HttpResponseBase:
    context = {"brand": brand, "form": form, "refused": refused}
    status = 422 if form.errors else 200
    return render(request, "fingerprints/design_form.html", context, status=status)


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    design = get_object_or_404(designs_of(request.user), pk=pk)
    return render(request, "fingerprints/design.html", in_detail(design))


@require_safe
@signed_in
def views(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """What the design's page asks for again and again; `pending` is how many it shows as such."""
    context = in_detail(get_object_or_404(designs_of(request.user), pk=pk))
    if request.GET.get("pending") == str(context["pending"]) != "0":
        return HttpResponse(status=204)
    return render(request, "fingerprints/design.html#views", context)


def in_detail(design: Design) -> dict[str, Any]:
    images = list(design.images.order_by("position"))
    states = [image.state for image in images]
    return {
        "design": design,
        "images": images,
        # A retired design's views are enrolled no more, so there is nothing to wait for.
        "pending": 0 if design.retired_at else states.count(DesignImage.State.PENDING),
        "enrolled": states.count(DesignImage.State.ENROLLED),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def retire(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    design = get_object_or_404(designs_of(request.user), pk=pk)
    if request.method == "POST":
        retire_design(design=design, by=request.user)
        messages.success(request, _("%(name)s no longer matches.") % {"name": design})
    if request.method == "POST" or design.retired_at:
        return redirect("design", design.pk)
    return render(request, "fingerprints/design_retire.html", {"design": design})
