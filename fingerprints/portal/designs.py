"""Pages of a design: registration, its views and their enrolment, and retirement."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from accounts.models.person import Person
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.portal.forms import add_domain_error
from fingerprints.actions.register import Retired, add_views, register_design
from fingerprints.actions.retire import LastView, remove_view, retire_design
from fingerprints.gates import gates_of
from fingerprints.models import Brand, Design, DesignImage
from fingerprints.pictures.received import NoReadableImage, WrongNumberOfImages
from fingerprints.portal.brands import brands_of
from fingerprints.portal.forms import DesignForm, ViewsForm


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
        except (WrongNumberOfImages, NoReadableImage) as error:
            refused = add_picture_errors(form, error, files)
        else:
            messages.success(request, _("The design %(name)s is registered.") % {"name": design})
            return redirect("design", design.pk)
    return show_form(request, brand, form, refused)


def add_picture_errors(
    form: Form, error: DomainError, files: Sequence[File[bytes]]
) -> list[dict[str, Any]]:
    """Adds the error to the form and returns the errors of the pictures, if each was refused."""
    add_domain_error(form, error)
    errors = error.details.get("images", [])
    return [{"name": file.name, **one} for file, one in zip(files, errors, strict=False)]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Adds views to a design."""
    design = get_object_or_404(designs_of(request.user), pk=pk)
    form = ViewsForm(request.POST or None, request.FILES or None)
    refused: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        files = form.cleaned_data["images"]
        try:
            add_views(design=design, files=files, by=request.user)
        except (WrongNumberOfImages, NoReadableImage, Retired) as error:
            refused = add_picture_errors(form, error, files)
        else:
            return redirect("design", design.pk)
    context = {"design": design, "form": form, "refused": refused}
    status = 422 if form.errors else 200
    return render(request, "fingerprints/views_form.html", context, status=status)


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
    """The part of the design's page that polls; `pending` is how many pending views the page shows."""
    context = in_detail(get_object_or_404(designs_of(request.user), pk=pk))
    if request.GET.get("pending") == str(context["pending"]) != "0":
        return HttpResponse(status=204)
    return render(request, "fingerprints/design.html#views", context)


def in_detail(design: Design) -> dict[str, Any]:
    images = list(design.images.kept().order_by("position"))
    states = [image.state for image in images]
    return {
        "design": design,
        "images": images,
        "being_replaced": {
            image.replaces_id for image in images if image.state == DesignImage.State.PENDING
        },
        # Views of a retired design are not enrolled any more, so there is nothing to wait for.
        "pending": 0 if design.retired_at else states.count(DesignImage.State.PENDING),
        "usable": sum(state != DesignImage.State.REFUSED for state in states),
        "enrolled": states.count(DesignImage.State.ENROLLED),
        "gates": gates_of(design.brand, design),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def remove(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Removes one view, after a confirmation page; a refused view needs none."""
    mine = DesignImage.objects.kept().filter(design__in=designs_of(request.user))
    view = get_object_or_404(mine.select_related("design__brand"), pk=pk)
    if request.method != "POST":
        return render(request, "fingerprints/view_remove.html", {"view": view})
    try:
        remove_view(view=view, by=request.user)
    except LastView as error:
        messages.error(request, error.advice)
    else:
        messages.success(request, _("%(name)s is removed.") % {"name": view.name or view})
    return redirect("design", view.design_id)


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
