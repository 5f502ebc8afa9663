"""For members of a marketplace: many listings from a file, with what became of each row."""

from uuid import UUID

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from detection.actions.import_listings import start_import
from detection.models import ListingImport, Marketplace
from detection.portal.webhooks import marketplaces_of
from fingerprints.models.person import Person
from fingerprints.portal.access import PortalRequest, signed_in

SHOWN = 20
MOST_ROWS_SHOWN = 500
MOST_BYTES = 2_000_000_000
UNREADABLE = 422


class ImportForm(forms.Form):
    marketplace = forms.ModelChoiceField(
        Marketplace.objects.none(), label=_("Marketplace"), empty_label=None
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("A CSV in UTF-8, or a ZIP with listings.csv and the pictures that it names."),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("It has more than 2 GB: send several files."))
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    marketplaces = marketplaces_of(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    form.fields["marketplace"].queryset = marketplaces  # type: ignore[attr-defined]
    form.initial["marketplace"] = marketplaces.first()
    if request.method == "POST" and form.is_valid():
        job = start_import(by=request.user, **form.cleaned_data)
        return redirect("import", job.pk)
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


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Asks for itself anew while it runs."""
    job = get_object_or_404(imports_of(request.user), pk=pk)
    refused = job.rows.exclude(errors=[])
    context = {"job": job, "refused": list(refused[:MOST_ROWS_SHOWN]), "count": refused.count()}
    part = "#progress" if request.htmx else ""
    return render(request, f"detection/import.html{part}", context)


def imports_of(user: Person) -> QuerySet[ListingImport]:
    mine = ListingImport.objects.filter(marketplace__in=marketplaces_of(user))
    done = Count("rows")
    return mine.annotate(done=done, wrong=Count("rows", filter=~Q(rows__errors=[])))
