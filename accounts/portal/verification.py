"""Pages for an organisation's papers: owners send them, and the operator's staff verifies or refuses."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.base import File
from django.db.models import Q
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.claimant import is_staff
from accounts.actions.verify import refuse_organisation, send_papers, verify_organisation
from accounts.documents import MAX_BYTES, type_of
from accounts.models import Organisation, Paper
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.portal.forms import FilesInput, add_domain_error
from vision.pictures.formats import ACCEPT, LISTED


class PapersField(forms.FileField):
    widget = FilesInput

    def clean(self, data: list[File[bytes]], _initial: Any = None) -> list[File[bytes]]:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class PapersForm(forms.Form):
    papers = PapersField(
        label=gettext_lazy("Papers"),
        widget=FilesInput({"accept": f".pdf,{ACCEPT}"}),
        help_text=format_lazy(
            gettext_lazy(
                "A register excerpt, or a letter that proves who you are: PDFs or pictures ({types}), up to "
                "{megabytes} MB each. Only your organisation and the operator see them."
            ),
            types=LISTED,
            megabytes=MAX_BYTES // 1_000_000,
        ),
        error_messages={"required": gettext_lazy("Choose at least one file.")},
    )


class JudgementForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "What the verification is based on, for your colleagues and the audit trail. Required if there "
            "are no papers."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for a refusal"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "For the organisation's owners: what is missing or wrong, and what to send instead."
        ),
    )


@require_POST
@signed_in
def send(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    organisation = get_object_or_404(Organisation.objects.of(request.user), pk=pk)
    form = PapersForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            send_papers(
                organisation=organisation, files=form.cleaned_data["papers"], by=request.user
            )
        except DomainError as error:
            form.add_error(None, error.advice)
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    if not form.errors:
        messages.success(request, _("The papers are sent. The operator checks them next."))
    return redirect("team", organisation.pk)


@require_safe
@signed_in
def paper(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Downloads a paper. No page shows the file itself, because it is as it was sent."""
    mine = Q(organisation__in=Organisation.objects.of(request.user))
    readable = Paper.objects.all() if is_staff(request.user) else Paper.objects.filter(mine)
    found = get_object_or_404(readable, pk=pk)
    name = found.document.name or ""
    try:
        file = found.document.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    ending = name.rpartition(".")[2]
    response = FileResponse(
        file,
        as_attachment=True,
        content_type=type_of(name),
        filename=f"paper-{found.pk}.{ending}",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def judge(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    if not is_staff(request.user):
        raise Http404
    organisation = get_object_or_404(Organisation, pk=pk)
    form = JudgementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            message = judged(request, organisation, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, message)
            return redirect("operations")
    context = {
        "organisation": organisation,
        "form": form,
        "papers": organisation.papers.select_related("sent_by"),
        "members": organisation.memberships.select_related("user").order_by("user__username"),
        "brands": organisation.brands.all(),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/organisation_judge.html", context, status=status)


def judged(request: PortalRequest, organisation: Organisation, note: str, reason: str) -> str:
    if request.POST.get("judgement") == "refuse":
        refuse_organisation(organisation=organisation, by=request.user, reason=reason)
        return _("%(name)s is refused. Its owners get a mail with the reason.") % {
            "name": organisation
        }
    verify_organisation(organisation=organisation, by=request.user, note=note)
    return _("%(name)s is verified.") % {"name": organisation}
