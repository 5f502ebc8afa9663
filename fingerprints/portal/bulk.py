"""Many designs from a ZIP, many licences from a CSV: with a report by row.

Done within the request, since it only stores (workers enrol afterwards); sent again, what is there
already is left alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from django import forms
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from brandguard.faults import Fault
from brandguard.tables import Columns, TableFault, UnreadableImport
from fingerprints.actions.licences import AlreadyLicensed, grant_licence
from fingerprints.actions.register import register_design
from fingerprints.images.intake import receive_one
from fingerprints.imports.reading import ImportFile, Row, WrongRow
from fingerprints.marketplaces import marketplaces
from fingerprints.models import Brand, Design, DesignImage
from fingerprints.portal.access import PortalRequest, signed_in
from fingerprints.portal.brands import brands_of
from fingerprints.portal.claim_forms import LicenceForm, designs_of
from fingerprints.portal.claims import claimed_brand
from fingerprints.portal.forms import DesignFactsForm, tell

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
)


STATES = ("done", "there", "refused")


class BulkForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"))


@dataclass(frozen=True)
class Reported:
    """Of one row: `state` is done, there (already) or refused, then with what was wrong."""

    number: int
    name: str
    state: str
    problems: list[str] = field(default_factory=list)
    design: Design | None = None


type TakeIn = Callable[[Row, ImportFile], Reported]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def designs(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    brand = get_object_or_404(brands_of(request.user), pk=pk)

    def take_in(row: Row, source: ImportFile) -> Reported:
        return design_from(row, source, brand, request)

    return page(request, brand, DESIGNS, take_in, "fingerprints/bulk_designs.html")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def licences(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    brand = claimed_brand(request.user, pk=pk)
    places = {place.name: place.pk for place in marketplaces()}
    own = {design.name: design.pk for design in designs_of(brand)}

    def take_in(row: Row, _: ImportFile) -> Reported:
        return licence_from(row, brand, places, own, request)

    return page(request, brand, LICENCES, take_in, "fingerprints/bulk_licences.html")


def page(
    request: PortalRequest, brand: Brand, columns: Columns, take_in: TakeIn, template: str
) -> HttpResponseBase:
    form = BulkForm(request.POST or None, request.FILES or None)
    report: list[Reported] = []
    if request.method == "POST" and form.is_valid():
        try:
            with ImportFile(form.cleaned_data["file"].file, columns) as source:
                report = list(taken_in(source, take_in))
        except UnreadableImport as fault:
            tell(form, fault)
    context = {
        "brand": brand,
        "form": form,
        "report": report,
        "counts": {state: sum(r.state == state for r in report) for state in STATES},
        "columns": columns,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def taken_in(source: ImportFile, take_in: TakeIn) -> Iterator[Reported]:
    """A bad row never stops the rest; all rows are read first, so that a file that cannot be read to
    its end leaves nothing behind.
    """
    for fault in source.table.faults:
        yield Reported(fault.row, "", "refused", [place_and_advice(fault)])
    for row in source.rows:
        try:
            yield take_in(row, source)
        except Fault as fault:
            where = f"{fault.field}: " if fault.field else ""
            problem = f"{where}{fault.advice}"
            yield Reported(row.number, name_of(row), "refused", [problem])


def place_and_advice(fault: TableFault) -> str:
    """As `E (price): …`."""
    where = f"{fault.column} ({fault.name})" if fault.name else fault.column
    return f"{where}{': ' * bool(where)}{_(fault.message)} {_(fault.remedy)}"


def name_of(row: Row) -> str:
    return str(row.fields.get("name") or row.fields.get("seller_id") or "")


def design_from(row: Row, source: ImportFile, brand: Brand, request: PortalRequest) -> Reported:
    form = DesignFactsForm(row.fields)
    if not form.is_valid():
        return refused(row, form)
    if not row.images:
        raise WrongRow("It names no picture.", remedy="Name files of the ZIP.", field="images")
    files = [source.picture(name) for name in row.images]
    hashes = {receive_one(file).sha256 for file in files}
    for file in files:
        file.seek(0)
    if there := registered(brand, form.cleaned_data["name"], hashes):
        return Reported(row.number, there.name, "there", design=there)
    design = register_design(brand=brand, files=files, by=request.user, **form.cleaned_data)
    unread = DesignImage.objects.filter(design=design, state=DesignImage.State.REFUSED)
    problems = [f"{v.name}: {v.error['message']} {v.error['remedy']}" for v in unread if v.error]
    return Reported(row.number, design.name, "done", problems, design)


def registered(brand: Brand, name: str, hashes: set[str]) -> Design | None:
    """The same name with the same pictures, from the same file sent before."""
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
    """Marketplaces and designs by their names."""
    fields: dict[str, Any] = dict(row.fields)
    if name := fields.get("marketplace"):
        if name not in places:
            near = get_close_matches(name, places, 1) or sorted(places)[:5]
            raise WrongRow(
                f"There is no marketplace called {name}.",
                remedy=f"Use its name: {', '.join(near) or 'none takes part yet'}.",
                field="marketplace",
            )
        fields["marketplace"] = places[name]
    if name := fields.get("design"):
        if name not in own:
            raise WrongRow(
                f"The brand has no design {name}.", remedy="Use its name.", field="design"
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
    return Reported(row.number, name_of(row), "refused", problems or [_("It makes no sense.")])
