"""Imports of listings for members of a marketplace: upload, preview, confirmation and the result of each
row.
"""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.marketplaces import marketplaces_of
from accounts.models import Marketplace
from accounts.models.person import Person
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.tables import UnreadableImport
from detection.intake.actions.import_listings import COLUMNS, import_sent_table
from detection.intake.models import ListingImport
from fingerprints.actions.sent_tables import discard_table, keep_table
from fingerprints.models import SentTable
from fingerprints.portal.previews import (
    GONE,
    SIGNS,
    EncodingForm,
    preview_of,
    refuse_hopeless,
    tables_of,
)

SHOWN = 20
MAX_ROWS_SHOWN = 500
MAX_BYTES = 2_000_000_000
UNREADABLE = 422
LISTINGS = SentTable.Purpose.LISTINGS


class ImportForm(forms.Form):
    marketplace = forms.ModelChoiceField(
        Marketplace.objects.none(), label=_("Marketplace"), empty_label=None
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A CSV or XLSX, or a ZIP with listings.csv or listings.xlsx and the pictures that it names."
        ),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file has more than 2 GB: send several files."))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    marketplaces = marketplaces_of(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    form.fields["marketplace"].queryset = marketplaces  # type: ignore[attr-defined]
    form.initial["marketplace"] = marketplaces.first()
    if request.method == "POST" and form.is_valid():
        file, marketplace = form.cleaned_data["file"], form.cleaned_data["marketplace"]
        try:
            refuse_hopeless(file, COLUMNS)
        except UnreadableImport as error:
            form.add_error("file", error.advice)
        else:
            sent = keep_table(purpose=LISTINGS, about=marketplace.pk, file=file, by=request.user)
            return redirect("preview-import", sent.pk)
    return render(
        request,
        "detection/imports.html",
        {
            "form": form,
            "sends_listings": marketplaces.exists(),
            "imports": list(imports_of(request.user)[:SHOWN]),
        },
        status=UNREADABLE if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def preview(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    mine = marketplaces_of(request.user)
    sent = tables_of(request.user, LISTINGS).filter(pk=pk, about__in=mine.values("pk")).first()
    if sent is None:
        messages.info(request, GONE)
        return redirect("imports")
    if "discard" in request.POST:
        discard_table(table=sent)
        return redirect("imports")
    form = EncodingForm(request.POST or request.GET)
    shown = preview_of(sent, COLUMNS, form.chosen)
    marketplace = mine.get(pk=sent.about)
    if "import" in request.POST and shown.table:
        job = import_sent_table(
            table=sent, marketplace=marketplace, by=request.user, encoding=form.chosen
        )
        return redirect("import", job.pk) if job else redirect("imports")
    context = {"sent": sent, "preview": shown, "encoding": form, "marketplace": marketplace}
    return render(request, "detection/import_preview.html", context)


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Shows one import; the page polls while the import runs."""
    job = get_object_or_404(imports_of(request.user), pk=pk)
    refused = job.rows.exclude(errors=[])
    understood = job.understood or {}
    how = [
        understood.get("encoding"),
        SIGNS.get(understood.get("delimiter", ""), understood.get("delimiter")),
        understood.get("sheet"),
    ]
    context = {
        "job": job,
        "how": list(filter(None, how)),
        "refused": list(refused[:MAX_ROWS_SHOWN]),
        "count": refused.count(),
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"detection/import.html{part}", context)


def imports_of(user: Person) -> QuerySet[ListingImport]:
    mine = ListingImport.objects.filter(marketplace__in=marketplaces_of(user))
    done = Count("rows")
    return mine.annotate(done=done, wrong=Count("rows", filter=~Q(rows__errors=[])))
