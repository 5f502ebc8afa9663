from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_safe

from brandguard.kernel.portal.access import PortalRequest, signed_in
from detection.review.portal.navigation import Navigation
from fingerprints.portal.start import first_steps


@require_safe
@signed_in
def home(request: PortalRequest) -> HttpResponseBase:
    """Redirects reviewers to the open alerts, staff to the operations page, marketplaces to their imports,
    and brand owners to their brands, or to the first steps until a design is enrolled.
    """
    navigation = Navigation(request.user)
    if navigation.reviews:
        return redirect(f"{resolve_url('alerts')}?state=open&order=risk")
    if request.user.is_staff and not navigation.claims:
        return redirect("operations")
    if navigation.sends_listings:
        return redirect("imports")
    steps = first_steps(request.user)
    return redirect("brands" if steps and steps.enrolled else "start")
