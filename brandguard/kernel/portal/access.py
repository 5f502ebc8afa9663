"""Admits signed-in people to pages. What a person sees on a page is up to that page's query."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


class PortalRequest(HttpRequest):
    """The request that a page's view receives."""

    htmx: HtmxDetails
    user: User


def signed_in[**P](
    view: Callable[Concatenate[PortalRequest, P], HttpResponseBase],
) -> Callable[Concatenate[PortalRequest, P], HttpResponseBase]:
    """Sends everybody else to sign in. No cache keeps a page after its user has left."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        refuse_nul(request)
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded  # type: ignore[return-value] # @wraps names the argument


def refuse_nul(request: PortalRequest) -> None:
    """Refuses NUL, which no browser sends and PostgreSQL does not accept in queries."""
    fields = (request.GET, request.POST)
    if any("\0" in value for field in fields for _, values in field.lists() for value in values):
        raise BadRequest


def to_sign_in(request: PortalRequest) -> HttpResponse:
    """Redirects the whole page, where the answer would otherwise land inside another page."""
    if request.htmx:
        page = request.htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    return redirect_to_login(request.get_full_path())
