"""Who calls, and what of it is theirs: a key acts for its own organisation, a session for its user."""

from django.db.models import QuerySet
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from accounts.models import ApiKey, Marketplace, Organisation


def within(request: Request) -> Organisation | None:
    """The one organisation that a key acts for; None for a session."""
    key = request.auth
    return key.organisation if isinstance(key, ApiKey) else None


def is_sandbox(request: Request) -> bool:
    key = request.auth
    return isinstance(key, ApiKey) and key.sandbox


def marketplace_of(request: Request, *, refusal: str) -> Marketplace:
    """Raises PermissionDenied with `refusal` for who is none."""
    found = Marketplace.objects.filter(organisation__in=organisations_of(request)).first()
    if found is None:
        raise PermissionDenied(refusal)
    return found


def organisations_of(request: Request) -> QuerySet[Organisation]:
    """A session acts for all organisations of its user, a key for its own alone."""
    if isinstance(request.auth, ApiKey):
        return Organisation.objects.filter(pk=request.auth.organisation_id).of(request.user)
    return Organisation.objects.of(request.user)
