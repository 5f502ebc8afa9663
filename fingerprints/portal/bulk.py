"""Imports of designs from a ZIP and of licences from a table: upload, preview, confirmation, and a report
of each row.

The import runs within the request, since it only stores rows (workers enrol afterwards). Rows that are
already stored are left alone, so the same file can be sent again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from operator import attrgetter
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.marketplaces import marketplaces
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.portal.forms import add_domain_error
from brandguard.kernel.tables import DAY, Columns, TableFault, UnreadableImport
from fingerprints.actions.licences import AlreadyLicensed, grant_licence
from fingerprints.actions.register import register_design
from fingerprints.actions.sent_tables import discard_table, keep_table
from fingerprints.imports.reading import ImportFile, Row, WrongRow
from fingerprints.models import Brand, Design, DesignImage, SentTable
from fingerprints.pictures.received import receive_one
from fingerprints.pictures.stored import FileLost
from fingerprints.portal.brands import brands_of
from fingerprints.portal.claim_forms import LicenceForm, designs_of
from fingerprints.portal.claims import claimed_brand
from fingerprints.portal.forms import DesignFactsForm
from fingerprints.portal.previews import (
    GONE,
    EncodingForm,
    opened,
    preview_of,
    refuse_hopeless,
    tables_of,
)

DESIGNS = Columns(
    csv_name="designs.csv",
    required=("name", "design_kind", "images"),
    optional=(),
    lists=("images",),
    most_rows=200,
)
LICENCES = Columns(
    csv_name="licences.csv",
    required=("marketplace", "seller_id"),
    optional=("design", "valid_from", "valid_until"),
    lists=(),
    most_rows=2_000,
    sorts={"valid_from": DAY, "valid_until": DAY},
)


STATES = ("done", "there", "refused")


class BulkForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"))


@dataclass(frozen=True)
class Reported:
    """The result of one row: `state` is done, there (already stored) or refused, with its problems."""

    number: int
    name: str
    state: str
    problems: list[str] = field(default_factory=list)
    design: Design | None = None


type RowImport = Callable[[Row, ImportFile], Reported]


@dataclass(frozen=True)
class Bulk:
    """What differs between designs and licences."""

    purpose: SentTable.Purpose
    columns: Columns
    template: str
    page: str
    preview: str


OF_DESIGNS = Bulk(
    SentTable.Purpose.DESIGNS,
    DESIGNS,
    "fingerprints/bulk_designs.html",
    "bulk-designs",
    "preview-designs",
)
OF_LICENCES = Bulk(
    SentTable.Purpose.LICENCES,
    LICENCES,
    "fingerprints/bulk_licences.html",
    "bulk-licences",
    "preview-licences",
)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def designs(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    return send(request, get_object_or_404(brands_of(request.user), pk=pk), OF_DESIGNS)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def licences(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    return send(request, claimed_brand(request.user, pk=pk), OF_LICENCES)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def preview_designs(request: PortalRequest, pk: UUID, table: UUID) -> HttpResponseBase:
    brand = get_object_or_404(brands_of(request.user), pk=pk)

    def import_row(row: Row, source: ImportFile) -> Reported:
        return design_from(row, source, brand, request)

    return confirm(request, brand, table, OF_DESIGNS, import_row)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def preview_licences(request: PortalRequest, pk: UUID, table: UUID) -> HttpResponseBase:
    brand = claimed_brand(request.user, pk=pk)
    places = {place.name: place.pk for place in marketplaces()}
    own = {design.name: design.pk for design in designs_of(brand)}

    def import_row(row: Row, _: ImportFile) -> Reported:
        return licence_from(row, brand, places, own, request)

    return confirm(request, brand, table, OF_LICENCES, import_row)


def send(request: PortalRequest, brand: Brand, bulk: Bulk) -> HttpResponseBase:
    """Keeps the uploaded file and redirects to its preview."""
    form = BulkForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            refuse_hopeless(file, bulk.columns)
        except UnreadableImport as error:
            add_domain_error(form, error)
        else:
            sent = keep_table(purpose=bulk.purpose, about=brand.pk, file=file, by=request.user)
            return redirect(bulk.preview, brand.pk, sent.pk)
    context = {"brand": brand, "form": form, "columns": bulk.columns, "page": bulk.page}
    return render(request, bulk.template, context, status=422 if form.errors else 200)


def confirm(
    request: PortalRequest, brand: Brand, table: UUID, bulk: Bulk, import_row: RowImport
) -> HttpResponseBase:
    sent = tables_of(request.user, bulk.purpose).filter(pk=table, about=brand.pk).first()
    if sent is None:
        messages.info(request, GONE)
        return redirect(bulk.page, brand.pk)
    if "discard" in request.POST:
        discard_table(table=sent)
        return redirect(bulk.page, brand.pk)
    form = EncodingForm(request.POST or request.GET)
    context = {"brand": brand, "columns": bulk.columns, "page": bulk.page}
    if "import" in request.POST and (report := imported(sent, bulk, form.chosen, import_row)):
        discard_table(table=sent)
        counts = {state: sum(row.state == state for row in report) for state in STATES}
        context |= {"form": BulkForm(), "report": report, "counts": counts}
        return render(request, bulk.template, context)
    preview = preview_of(sent, bulk.columns, form.chosen)
    context |= {"sent": sent, "preview": preview, "encoding": form}
    return render(request, "fingerprints/bulk_preview.html", context)


def imported(sent: SentTable, bulk: Bulk, encoding: str, import_row: RowImport) -> list[Reported]:
    """Returns a report of each row; empty if the file cannot be read or is empty, as the preview says."""
    try:
        with opened(sent) as file, ImportFile(file, bulk.columns, encoding) as source:
            return sorted(reports(source, import_row), key=attrgetter("number"))
    except (FileLost, UnreadableImport):
        return []


def reports(source: ImportFile, import_row: RowImport) -> Iterator[Reported]:
    """Yields a report of each row. A bad row never stops the others. All rows are read first, so that a
    file that is unreadable halfway leaves nothing behind.
    """
    for fault in source.table.faults:
        yield Reported(fault.row, "", "refused", [place_and_advice(fault)])
    for row in source.rows:
        try:
            yield import_row(row, source)
        except DomainError as error:
            where = f"{error.field}: " if error.field else ""
            problem = f"{where}{error.advice}"
            yield Reported(row.number, name_of(row), "refused", [problem])


def place_and_advice(fault: TableFault) -> str:
    """Returns a text such as `E (price): …`."""
    where = f"{fault.column} ({fault.name})" if fault.name else fault.column
    return f"{where}{': ' * bool(where)}{_(fault.message)} {_(fault.remedy)}"


def name_of(row: Row) -> str:
    return str(row.fields.get("name") or row.fields.get("seller_id") or "")


def design_from(row: Row, source: ImportFile, brand: Brand, request: PortalRequest) -> Reported:
    form = DesignFactsForm(row.fields)
    if not form.is_valid():
        return refused(row, form)
    if not row.images:
        raise WrongRow(
            "The row names no picture.", remedy="Name one or more files of the ZIP.", field="images"
        )
    files = [source.picture(name) for name in row.images]
    hashes = {receive_one(file).sha256 for file in files}
    for file in files:
        file.seek(0)
    if known := registered(brand, form.cleaned_data["name"], hashes):
        return Reported(row.number, known.name, "there", design=known)
    design = register_design(brand=brand, files=files, by=request.user, **form.cleaned_data)
    unread = DesignImage.objects.filter(design=design, state=DesignImage.State.REFUSED)
    problems = [f"{v.name}: {v.error['message']} {v.error['remedy']}" for v in unread if v.error]
    return Reported(row.number, design.name, "done", problems, design)


def registered(brand: Brand, name: str, hashes: set[str]) -> Design | None:
    """Returns a design with the same name and pictures, which an earlier upload registered."""
    for design in Design.objects.active().filter(brand=brand, name=name):
        if set(design.images.values_list("sha256", flat=True)) == hashes:
            return design
    return None


def licence_from(
    row: Row,
    brand: Brand,
    places: dict[str, UUID],
    own: dict[str, UUID],
    request: PortalRequest,
) -> Reported:
    """Grants the licence of a row, which has marketplace and design by name."""
    fields: dict[str, Any] = dict(row.fields)
    if name := fields.get("marketplace"):
        if name not in places:
            near = get_close_matches(name, places, 1) or sorted(places)[:5]
            raise WrongRow(
                f"There is no marketplace called {name}.",
                remedy=f"Use one of these names: {', '.join(near)}."
                if near
                else "No marketplace takes part yet: ask the operator.",
                field="marketplace",
            )
        fields["marketplace"] = places[name]
    if name := fields.get("design"):
        if name not in own:
            raise WrongRow(
                f"The brand has no design called {name}.",
                remedy="Use the name of one of the brand's designs.",
                field="design",
            )
        fields["design"] = own[name]
    form = LicenceForm(fields, brand=brand)
    if not form.is_valid():
        return refused(row, form)
    try:
        grant_licence(brand=brand, by=request.user, **form.cleaned_data)
    except AlreadyLicensed:
        return Reported(row.number, name_of(row), "there")
    return Reported(row.number, name_of(row), "done")


def refused(row: Row, form: forms.Form) -> Reported:
    problems = [f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
    return Reported(row.number, name_of(row), "refused", problems or [_("The row is invalid.")])
