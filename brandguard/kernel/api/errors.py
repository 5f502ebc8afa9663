"""Turns domain errors into HTTP: the one place that knows status codes.

Every error of the API has the same shape, also outside its views: {"errors": [{"field", "code", "message",
"remedy"}], "request_id"}.
"""

from collections.abc import Callable
from typing import Any, Self

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views import defaults
from django.views.csrf import csrf_failure as csrf_page
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from brandguard.kernel.errors import Conflict, DomainError
from brandguard.kernel.requests import request_id


class Code(str):
    """An error code that carries its own remedy. DRF copies errors from level to level and keeps only text
    and code of each.
    """

    __slots__ = ("remedy",)

    def __new__(cls, code: str, remedy: str) -> Self:
        made = super().__new__(cls, code)
        made.remedy = remedy
        return made

    remedy: str


REMEDIES = {
    "required": "Send this field.",
    "blank": "Send a value.",
    "null": "Send a value.",
    "unique": "Choose another value.",
    "does_not_exist": "Send the id of something that you may use.",
    "empty": "Send a file with content.",
    "not_authenticated": "Send an API key as: Authorization: Bearer bg_…, or sign in.",
    "authentication_failed": "Send an API key that is valid.",
    "permission_denied": "Use a key or an account that is allowed to do this.",
    "not_found": "Check the URL: what is not yours is not found either.",
    "method_not_allowed": "Use one of the methods that the answer's Allow header names.",
    "unsupported_media_type": "Send application/json, or multipart/form-data where there are files.",
    "not_acceptable": "Send Accept: application/json.",
    "parse_error": "Send a well-formed body of the content type that its header names.",
    "throttled": "Wait the number of seconds in Retry-After, then try again.",
}
MAX_SAID, MAX_ADVISED = (
    500,
    1000,
)  # characters of a message and of a remedy, both of which may repeat what was sent
CORRECT_IT = "Correct what the message names, or leave it out."


def respond(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler."""
    response = answer(error, context)
    if response is not None and "request" in context:
        response.data["request_id"] = request_id(context["request"])
        as_json(context["request"])
    return response


def as_json(request: Request) -> None:
    """Sets JSON for the answer, whatever the URL itself answers in: the API's description is YAML."""
    request.accepted_renderer = JSONRenderer()
    request.accepted_media_type = JSONRenderer.media_type


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DomainError):
        return from_fault(error)
    if isinstance(error, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        field = "images" if isinstance(error, TooManyFilesSent) else None
        return Response(
            {"errors": [entry(field, "too_large", str(error), "Send less at once.")]},
            status=status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
        )
    response = exception_handler(error, context)
    if response is not None:
        response.data = {"errors": entries(error)}
    return response


# --- failures outside a view of the API ---------------------------------------------------------
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not is_api(request):
        return defaults.bad_request(request, exception)
    said = str(exception) if isinstance(exception, SuspiciousOperation) else ""
    remedy = "Check its host, its headers and its form."
    return outside(request, 400, "bad_request", said or "The request cannot be read.", remedy)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not is_api(request):
        return defaults.permission_denied(request, exception)
    remedy = REMEDIES["permission_denied"]
    return outside(request, 403, "permission_denied", "This is not allowed.", remedy)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not is_api(request):
        return defaults.page_not_found(request, exception)
    return outside(request, 404, "not_found", "There is nothing here.", REMEDIES["not_found"])


def server_error(request: HttpRequest) -> HttpResponse:
    if not is_api(request):
        return defaults.server_error(request)
    return outside(
        request,
        500,
        "unexpected",
        "The service failed; the request did not cause it.",
        "Try again; if it fails again, give the operator the request_id.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if not is_api(request):
        return csrf_page(request, reason)
    remedy = "Send the cookie's token as X-CSRFToken, or use an API key."
    return outside(request, 403, "permission_denied", reason, remedy)


class NotAllowedPage:
    """Middleware that answers 405 with a page, for people who reload a URL that only accepts a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not is_api(request):
            page = render(request, "405.html", status=response.status_code)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response


def is_api(request: HttpRequest) -> bool:
    return f"{request.path_info}/".startswith("/api/")


def outside(
    request: HttpRequest, number: int, code: str, message: str, remedy: str
) -> JsonResponse:
    body = {"errors": [entry(None, code, message, remedy)], "request_id": request_id(request)}
    return JsonResponse(body, status=number)


# --- within a view of the API -------------------------------------------------------------------


def from_fault(fault: DomainError) -> Response:
    conflict = isinstance(fault, Conflict)
    return Response(
        {"errors": [entry(fault.field, fault.code, fault.message, fault.remedy, **fault.details)]},
        status=status.HTTP_409_CONFLICT if conflict else fault_status(fault),
    )


def refusal(fault: DomainError) -> exceptions.ValidationError:
    """Returns the error for a serializer, which collects the errors of each field."""
    return exceptions.ValidationError(fault.message, code=Code(fault.code, fault.remedy))


def fault_status(fault: DomainError) -> int:
    if fault.code in {"not_yours_to_decide", "not_yours_to_claim"}:
        return status.HTTP_403_FORBIDDEN
    return status.HTTP_400_BAD_REQUEST


def entries(error: Exception) -> list[dict[str, Any]]:
    if isinstance(error, exceptions.ValidationError):
        return list(flatten(error.get_full_details()))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    assert isinstance(error, exceptions.APIException)  # noqa: S101 - what DRF's handler takes
    code = str(error.get_codes())
    return [entry(None, code, str(error.detail), REMEDIES.get(code, CORRECT_IT))]


def flatten(details: Any, field: str = "") -> list[dict[str, Any]]:
    """Flattens errors, which DRF nests as the input is nested; a path names each field."""
    if isinstance(details, list):
        return [
            one
            for number, item in enumerate(details)
            for one in flatten(item, field if is_one(item) else f"{field}[{number}]")
        ]
    if is_one(details):
        code = details["code"]
        remedy = code.remedy if isinstance(code, Code) else REMEDIES.get(code, CORRECT_IT)
        return [entry(field or None, str(code), str(details["message"]), remedy)]
    return [one for name, item in details.items() for one in flatten(item, path_to(field, name))]


def is_one(details: dict[str, Any]) -> bool:
    """Whether this is an error itself, not the errors of a field named message."""
    return isinstance(details.get("message"), str)


def path_to(field: str, name: str | int) -> str:
    """Returns the path; DRF gives the position of an error in a list as a number."""
    if isinstance(name, int):
        return f"{field}[{name}]"
    return f"{field}.{name}".strip(".").replace("non_field_errors", "")


def entry(
    field: str | None, code: str, message: str, remedy: str, **details: Any
) -> dict[str, Any]:
    said = {"message": shortened(message, MAX_SAID), "remedy": shortened(remedy, MAX_ADVISED)}
    return {"field": field, "code": code, **said, **details}


def shortened(text: str, most: int) -> str:
    """Returns the beginning and the end; the text between repeats what was sent."""
    if len(text) <= most:
        return text
    end = most // 4
    return f"{text[: most - end - 1]}…{text[-end:]}"
