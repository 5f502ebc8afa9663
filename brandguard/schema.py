"""Describes errors in the API's schema: all of them have the same shape."""

from typing import Any

ERRORS = {
    "400": "The request is wrong: `field`, `message` and `remedy` say how.",
    "401": "The API key is missing or invalid.",
    "403": "The key's scope or organisation does not allow this.",
    "404": "Nothing was found here that is yours.",
    "406": "The API only answers with JSON.",
    "413": "The body is too large.",
    "415": "This URL does not accept this content type.",
    "500": "The service failed: try again, or give the operator the `request_id`.",
    "429": "Too many requests: wait the number of seconds in `Retry-After`.",
}
WITH_A_BODY = {"413", "415"}
SHAPE = {
    "type": "object",
    "required": ["errors", "request_id"],
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message", "remedy"],
                "properties": {
                    "field": {"type": "string", "nullable": True},
                    "code": {"type": "string", "description": "Stable, for programs."},
                    "message": {"type": "string"},
                    "remedy": {"type": "string"},
                },
                "additionalProperties": True,
            },
        },
        "request_id": {"type": "string", "description": "Quote it when you ask the operator."},
    },
}


def with_errors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    result["components"]["schemas"]["Errors"] = SHAPE
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
    for path in result["paths"].values():
        for method, operation in path.items():
            responses = operation["responses"]
            for status, description in ERRORS.items():
                if status not in WITH_A_BODY or method != "get":
                    responses.setdefault(status, {"description": description})
            for status, response in responses.items():
                if status.startswith(("4", "5")):
                    response.setdefault("content", content)
    return result
