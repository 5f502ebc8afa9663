"""Pages where owners change a brand's rights and licensed sellers, and downloads of documents."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.claimant import is_staff, may_claim
from accounts.documents import type_of
from accounts.models.person import Person
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.portal.forms import add_domain_error
from fingerprints.actions.licences import grant_licence, revoke_licence
from fingerprints.actions.rights import RightIsOver, submit_right, withdraw_right
from fingerprints.models import Brand, Licence, Right
from fingerprints.portal.brands import brands_of
from fingerprints.portal.claim_forms import LicenceForm, RightForm
from vision.pictures.decode import UnreadableImage, decode
from vision.pictures.encode import PREVIEW_SIDE, jpeg


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def submit(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    brand = claimed_brand(request.user, pk=pk)
    form = RightForm(request.POST or None, request.FILES or None, brand=brand)
    if request.method == "POST" and form.is_valid():
        try:
            right = submit_right(brand=brand, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            message = _("The %(right)s is submitted. The operator checks it next.")
            messages.success(request, message % {"right": right})
            return redirect("brand", brand.pk)
    return show_form(request, "fingerprints/right_form.html", brand, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    right = get_object_or_404(Right.objects.filter(brand__in=brands_of(request.user)), pk=pk)
    brand = claimed_brand(request.user, pk=right.brand_id)
    if request.method == "POST":
        try:
            withdraw_right(right=right, by=request.user)
        except RightIsOver as error:
            messages.warning(request, error.advice)
        else:
            message = _("The %(right)s is withdrawn: it restricts nothing from now on.")
            messages.success(request, message % {"right": right})
        return redirect("brand", brand.pk)
    return render(request, "fingerprints/right_withdraw.html", {"brand": brand, "right": right})


@require_safe
@signed_in
def document(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Downloads the document. No page shows the file itself, because it is as it was sent."""
    right = get_object_or_404(rights_documented_for(request.user), pk=pk)
    try:
        file = right.document.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = type_of(right.document.name or "")
    ending = (right.document.name or "").rpartition(".")[2]
    response = FileResponse(
        file, as_attachment=True, content_type=kind, filename=f"right-{right.pk}.{ending}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@signed_in
def document_preview(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Shows a document that is a picture, encoded again from its pixels so that nothing of the file itself
    reaches the browser. Answers 404 for a PDF.
    """
    right = get_object_or_404(rights_documented_for(request.user), pk=pk)
    try:
        with right.document.open() as file:
            pixels = decode(file.read()).pixels
    except (FileNotFoundError, UnreadableImage) as error:
        raise Http404 from error
    response = HttpResponse(jpeg(pixels, longest=PREVIEW_SIDE), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def license_seller(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    brand = claimed_brand(request.user, pk=pk)
    form = LicenceForm(request.POST or None, brand=brand)
    if request.method == "POST" and form.is_valid():
        try:
            licence = grant_licence(brand=brand, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("%(licence)s is now licensed.") % {"licence": licence})
            return redirect("brand", brand.pk)
    return show_form(request, "fingerprints/licence_form.html", brand, form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def revoke(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    rows = Licence.objects.filter(brand__in=brands_of(request.user))
    licence = get_object_or_404(rows.select_related("marketplace", "design"), pk=pk)
    brand = claimed_brand(request.user, pk=licence.brand_id)
    if request.method == "POST":
        revoke_licence(licence=licence, by=request.user)
        messages.success(
            request, _("The licence of %(licence)s is revoked.") % {"licence": licence}
        )
        return redirect("brand", brand.pk)
    return render(request, "fingerprints/licence_revoke.html", {"brand": brand, "licence": licence})


def claimed_brand(user: Person, *, pk: UUID) -> Brand:
    """Answers 404 to strangers and 403 to members who are not owners."""
    brand = get_object_or_404(brands_of(user), pk=pk)
    if not may_claim(user, brand.organisation):
        raise PermissionDenied
    return brand


def rights_documented_for(user: Person) -> QuerySet[Right]:
    """Returns rights with documents that the user may read: all for staff, else their organisations'."""
    own = Q() if is_staff(user) else Q(brand__in=brands_of(user))
    return Right.objects.filter(own)


def show_form(
    request: PortalRequest, page: str, brand: Brand, form: RightForm | LicenceForm
) -> HttpResponseBase:
    status = 422 if form.errors else 200
    return render(request, page, {"brand": brand, "form": form}, status=status)
