"""API keys: `Authorization: Bearer bg_<prefix>_<secret>`."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiKey


class ApiKeyAuthentication(BaseAuthentication):
    """The request's user is the key's user. `HasScope` in permissions.py decides what the key may do."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, ApiKey] | None:
        scheme, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = self.find(key.strip())
        if found is None:
            raise AuthenticationFailed("The API key is unknown, expired or revoked.")
        found.note_use(timezone.now())
        return found.user, found

    def find(self, key: str) -> ApiKey | None:
        marker, _, rest = key.partition("_")
        prefix, _, secret = rest.partition("_")
        if marker != "bg" or not secret:
            return None
        found = ApiKey.objects.usable().filter(prefix=prefix).first()
        if found and found.user.is_active and found.opens_with(secret):
            return found
        return None

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing key answer 401 with the expected scheme."""
        return 'Bearer realm="brandguard"'
