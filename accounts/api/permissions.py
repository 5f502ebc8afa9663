"""What an API key may do."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiKey


class HasScope(BasePermission):
    """Allows a session what its user may do, and a key only views of its scope (`view.scope`)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey):
            return bool(request.user and request.user.is_authenticated)
        self.message = f"The key's scope is {key.scope}; this URL requires {view.scope}."  # type: ignore[attr-defined]
        return bool(key.scope == view.scope)  # type: ignore[attr-defined]
