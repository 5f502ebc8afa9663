from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from detection.portal.context import Navigation
from fingerprints.portal.access import PortalRequest, signed_in


@require_safe
@signed_in
def home(request: PortalRequest) -> HttpResponseBase:
    """Reviewers begin with what awaits them, brand owners with their brands."""
    return redirect("alerts" if Navigation(request.user).reviews else "brands")
