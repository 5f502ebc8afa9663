"""What the API's description says of errors: every one of them has the same shape."""

from typing import Any

ERRORS = {
    "400": "Something in it is wrong: `field`, `message` and `remedy` say what.",
    "401": "No key, or one that is not in force.",
    "403": "The key's scope, or its organisation, does not allow it.",
    "404": "There is nothing, or nothing of yours.",
    "406": "The API answers with JSON alone.",
    "413": "Too large.",
    "415": "Not a content type that this address takes.",
    "500": "Something here failed: try again, or ask the operator with the `request_id`.",
    "429": "Too many requests; `Retry-After` says in how many seconds to go on.",
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
        "request_id": {"type": "string", "description": "Name it when you ask the operator."},
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
