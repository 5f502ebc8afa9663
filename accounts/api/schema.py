"""The description of API keys in the OpenAPI schema."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from accounts.api.authentication import ApiKeyAuthentication


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "bg_<prefix>_<secret>"}
