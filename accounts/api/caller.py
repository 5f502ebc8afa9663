"""For which organisations a request acts: an API key for its own, a session for all of its user."""

from django.db.models import QuerySet
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from accounts.models import ApiKey, Marketplace, Organisation


def within(request: Request) -> Organisation | None:
    """Returns the organisation that a key acts for; None for a session."""
    key = request.auth
    return key.organisation if isinstance(key, ApiKey) else None


def is_sandbox(request: Request) -> bool:
    key = request.auth
    return isinstance(key, ApiKey) and key.sandbox


def marketplace_of(request: Request, *, refusal: str) -> Marketplace:
    """Returns the caller's marketplace. Raises PermissionDenied with `refusal` if there is none."""
    found = Marketplace.objects.filter(organisation__in=organisations_of(request)).first()
    if found is None:
        raise PermissionDenied(refusal)
    return found


def organisations_of(request: Request) -> QuerySet[Organisation]:
    """Returns all organisations of a session's user, or the one of a key."""
    if isinstance(request.auth, ApiKey):
        return Organisation.objects.filter(pk=request.auth.organisation_id).of(request.user)
    return Organisation.objects.of(request.user)
