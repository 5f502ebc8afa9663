"""Signing up and in with django-allauth: the service's rules and labels."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP == "open" or is_invited(request)

    def get_user_search_fields(self) -> list[str]:
        return ["username", "email"]


def is_invited(request: HttpRequest) -> bool:
    """Whether the visitor comes from the link of an open invitation."""
    try:
        page = resolve(request.POST.get("next") or request.GET.get("next", ""))
    except Resolver404:
        return False
    token = page.kwargs.get("token", "") if page.url_name == "invitation" else ""
    standing = Invitation.objects.standing(timezone.now())
    return bool(token) and standing.opened_by(token).exists()


class SignInForm(LoginForm):  # type: ignore[misc] # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")
