"""The page on which brand owners report missed listings and reviewers answer."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Marketplace, Organisation
from accounts.models.person import Person
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.portal.forms import add_domain_error
from brandguard.kernel.portal.paging import page_of
from detection.review.actions.report import answer_report, report_missed
from detection.review.models import Report
from detection.review.models.report import answerable_by
from fingerprints.models import Brand
from vision.pictures.formats import ACCEPT

FINDINGS: dict[str, str | Promise] = {
    "": gettext_lazy("Examination in progress"),
    Report.Finding.ALERTED: gettext_lazy("The listing was not missed: it has an alert."),
    Report.Finding.BELOW: gettext_lazy(
        "The design matches below your threshold: add a view that is closer to this picture."
    ),
    Report.Finding.REACHES: gettext_lazy(
        "The picture reaches your threshold: the listing is held once the marketplace sends it."
    ),
    Report.Finding.NOT_FOUND: gettext_lazy(
        "None of your designs matches: add a view of what the picture shows."
    ),
    Report.Finding.NOT_SENT: gettext_lazy(
        "The marketplace sent no listing with this URL, so it was never compared."
    ),
    Report.Finding.UNREADABLE: gettext_lazy("The picture cannot be read."),
    Report.Finding.LOST: gettext_lazy("The stored picture was lost: report it again."),
    Report.Finding.GAVE_UP: gettext_lazy(
        "The picture could not be matched in several attempts: report it again as PNG or JPEG."
    ),
}


class ReportForm(forms.Form):
    brand = forms.ModelChoiceField(
        Brand.objects.none(), label=gettext_lazy("Brand"), empty_label=None
    )
    marketplace = forms.ModelChoiceField(
        Marketplace.objects.none(), label=gettext_lazy("Marketplace"), empty_label=None
    )
    url = forms.URLField(
        label=gettext_lazy("URL of the listing"), max_length=1000, required=False,
        assume_scheme="https",
    )  # fmt: skip
    picture = forms.FileField(
        label=gettext_lazy("Picture of the listing, instead of its URL"),
        required=False,
        widget=forms.FileInput({"accept": ACCEPT}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.of(by)
        self.fields["brand"].queryset = Brand.objects.filter(organisation__in=mine)  # type: ignore[attr-defined]
        admitting = Marketplace.objects.filter(admits__in=mine).distinct()
        self.fields["marketplace"].queryset = admitting  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        brand, marketplace = given.get("brand"), given.get("marketplace")
        if brand and marketplace and not admits(marketplace, brand):
            self.add_error("marketplace", _("This marketplace does not admit this brand."))
        return given


def admits(marketplace: Marketplace, brand: Brand) -> bool:
    return marketplace.admits.filter(pk=brand.organisation_id).exists()


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer"), max_length=2000, widget=forms.Textarea({"rows": 2})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def overview(request: PortalRequest) -> HttpResponseBase:
    form = ReportForm(request.POST or None, request.FILES or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            report_missed(by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Reported. The finding of the service appears here."))
            return redirect("reports")
    page = page_of(shown_to(request.user), by="at", before=request.GET.get("before", ""))
    mine = Organisation.objects.of(request.user)
    answerable = Report.objects.filter(answerable_by(request.user), answer="")
    context = {
        "form": form,
        "page": page,
        "may_report": form.fields["marketplace"].queryset.exists(),  # type: ignore[attr-defined]
        "claims": mine.filter(brands__isnull=False).exists(),
        "answerable": set(
            answerable.filter(pk__in=[row.pk for row in page.rows]).values_list("pk", flat=True)
        ),
        "answer_form": AnswerForm(),
        "rows": [(row, FINDINGS[row.finding]) for row in page.rows],
    }
    status = 422 if form.errors else 200
    return render(request, "detection/reports.html", context, status=status)


def shown_to(user: Person) -> QuerySet[Report]:
    return Report.objects.visible_to(user).select_related(
        "brand", "marketplace", "by", "answered_by", "view__design", "listing"
    )


@require_safe
@signed_in
def finding(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Returns the finding; the page polls this until the report is examined."""
    report = get_object_or_404(shown_to(request.user), pk=pk)
    if not report.finding:
        return HttpResponse(status=204)
    context = {"report": report, "finding": FINDINGS[report.finding]}
    return render(request, "detection/report_finding.html", context)


@require_POST
@signed_in
def answer(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    report = get_object_or_404(Report.objects.visible_to(request.user), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was recorded. Write an answer."))
        return redirect("reports")
    try:
        answer_report(report=report, by=request.user, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, error.advice)
    return redirect("reports")
