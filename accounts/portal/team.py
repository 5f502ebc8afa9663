"""Pages of an organisation: creating it, its members and its invitations."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.claimant import owns
from accounts.actions.team import (
    accept_invitation,
    change_role,
    found_organisation,
    invite,
    remove_member,
    roles_of,
    withdraw_invitation,
)
from accounts.models import Invitation, Membership, Organisation
from accounts.portal.verification import PapersForm
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.access import PortalRequest, signed_in
from brandguard.kernel.portal.forms import add_domain_error

ROLES = {
    Membership.Role.OWNER: gettext_lazy("Owner: also manages rights, licences and members"),
    Membership.Role.MEMBER: gettext_lazy("Member: manages brands, designs and alerts"),
    Membership.Role.REVIEWER: gettext_lazy("Reviewer: decides alerts"),
}


class OrganisationForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of your organisation"),
        max_length=200,
        help_text=gettext_lazy(
            "The registered name, which the operator checks against your papers."
        ),
    )


class InvitationForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        fitting = [(role.value, ROLES[role]) for role in roles_of(organisation)]
        self.fields["role"].choices = fitting  # type: ignore[attr-defined]
        self.fields["role"].initial = Membership.Role.MEMBER


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def found(request: PortalRequest) -> HttpResponseBase:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found_organisation(name=form.cleaned_data["name"], by=request.user)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return redirect("start")
    status = 422 if form.errors else 200
    return render(request, "accounts/organisation_form.html", {"form": form}, status=status)


@require_safe
@signed_in
def show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    organisation = one_of(request, pk)
    return page(request, organisation, InvitationForm(organisation=organisation))


@require_POST
@signed_in
def ask(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    organisation = one_of(request, pk)
    form = InvitationForm(request.POST, organisation=organisation)
    if form.is_valid():
        try:
            invitation, token = invite(
                organisation=organisation,
                email=form.cleaned_data["email"],
                role=Membership.Role(form.cleaned_data["role"]),
                by=request.user,
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            link = request.build_absolute_uri(reverse("invitation", args=[token]))
            report_sent(request, invitation, link, sent=send(invitation, link))
            return redirect("team", organisation.pk)
    return page(request, organisation, form, status=422)


def send(invitation: Invitation, link: str) -> bool:
    """Sends the invitation; returns whether the mail server accepted it."""
    text = render_to_string(
        "accounts/mail/invitation.txt", {"invitation": invitation, "link": link}
    )
    subject = _("Join %(organisation)s on Brandguard") % {"organisation": invitation.organisation}
    mail = EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [invitation.email])
    try:
        mail.send()
    except OSError:  # smtplib's errors are OSErrors
        return False
    return True


def report_sent(request: PortalRequest, invitation: Invitation, link: str, *, sent: bool) -> None:
    if sent:
        text = _("%(email)s is invited. The link in the mail works for a week.")
        messages.success(request, text % {"email": invitation.email})
    else:
        text = _("The mail to %(email)s could not be sent. Pass on this link yourself: %(link)s")
        messages.warning(request, text % {"email": invitation.email, "link": link})


@require_POST
@signed_in
def withdraw(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    mine = Organisation.objects.of(request.user)
    invitation = get_object_or_404(Invitation.objects.filter(organisation__in=mine), pk=pk)
    try:
        withdraw_invitation(invitation=invitation, by=request.user)
    except DomainError as error:
        messages.error(request, error.advice)
    return redirect("team", invitation.organisation_id)


@require_POST
@signed_in
def change(request: PortalRequest, pk: UUID, member: int) -> HttpResponseBase:
    """Gives a member another role, or removes the member."""
    organisation = one_of(request, pk)
    membership = get_object_or_404(organisation.memberships.select_related("user"), pk=member)
    role = request.POST.get("role", "")
    try:
        if role == "none":
            remove_member(membership=membership, by=request.user)
            name = membership.user.get_username()
            messages.success(request, _("%(who)s is no longer a member.") % {"who": name})
        elif role in Membership.Role.values:
            change_role(membership=membership, role=Membership.Role(role), by=request.user)
            messages.success(request, _("Saved."))
    except DomainError as error:
        messages.error(request, error.advice)
    if not Membership.objects.of(request.user).filter(organisation=organisation).exists():
        return redirect("home")
    return redirect("team", organisation.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: PortalRequest, token: str) -> HttpResponseBase:
    """Anybody with the link can see the invitation; accepting it needs a signed-in user."""
    if request.method == "POST" and request.user.is_authenticated:
        try:
            membership = accept_invitation(token=token, by=request.user)
        except DomainError as error:
            messages.error(request, error.advice)
        else:
            text = _("You are now a member of %(organisation)s.")
            messages.success(request, text % {"organisation": membership.organisation})
        return redirect("home")
    asked = Invitation.objects.standing(timezone.now()).opened_by(token)
    shown = asked.select_related("organisation", "invited_by").first()
    status = 200 if shown else 410
    return render(request, "accounts/invitation.html", {"invitation": shown}, status=status)


def page(
    request: PortalRequest, organisation: Organisation, form: InvitationForm, status: int = 200
) -> HttpResponseBase:
    context = {
        "organisation": organisation,
        "members": organisation.memberships.select_related("user").order_by("user__username"),
        "invitations": organisation.invitations.standing(timezone.now()),
        "papers": organisation.papers.select_related("sent_by"),
        "papers_form": PapersForm(),
        "may_manage": owns(request.user, organisation),
        "roles": [(role.value, _(role.label)) for role in roles_of(organisation)],
        "form": form,
    }
    return render(request, "accounts/team.html", context, status=status)


def one_of(request: PortalRequest, pk: UUID) -> Organisation:
    return get_object_or_404(Organisation.objects.of(request.user), pk=pk)
