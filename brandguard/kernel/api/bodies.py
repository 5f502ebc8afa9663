"""The base of every serializer that takes a body: it refuses unknown fields and says what to send instead."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from itertools import islice
from typing import Any, Concatenate

from django.utils.datastructures import MultiValueDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from brandguard.kernel.api.errors import Code

MAX_TOLD = 20  # unknown names that are listed
MAX_NAME = 100  # characters of each name
OURS = {"csrfmiddlewaretoken"}  # sent by Django's forms
PLACE = re.compile(r"\[[0-9]+\]")  # a position in a list, as forms write it

# Most specific first.
SHAPES: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], str], ...] = (
    (serializers.DateTimeField, "Send a time as 2026-05-31T08:00:00Z."),
    (serializers.DateField, "Send a date as 2026-05-31."),
    (serializers.UUIDField, "Send an id as 9f1c3f0e-7a52-4b7e-9a0d-0c8f5b6f2d11."),
    (serializers.PrimaryKeyRelatedField, "Send an id as 9f1c3f0e-7a52-4b7e-9a0d-0c8f5b6f2d11."),
    (serializers.SlugRelatedField, "Send its name as text."),
    (serializers.BooleanField, "Send true or false."),
    (serializers.IntegerField, "Send a whole number."),
    (serializers.DecimalField, "Send a number as 9.90, within the digits that the message names."),
    (serializers.FloatField, "Send a number as 9.9."),
    (serializers.URLField, "Send a whole URL as https://img.example/1.jpg."),
    (serializers.CharField, "Send text, without control characters."),
    (serializers.FileField, "Send a file, in a body of multipart/form-data."),
    (serializers.ListField, "Send a list, even of one."),
    (serializers.DictField, "Send an object with named fields."),
    (serializers.BaseSerializer, "Send an object with named fields."),
)
# These codes mean that the value has another shape.
OF_SHAPE = {
    "blank", "null", "invalid", "invalid_choice", "incorrect_type", "not_a_list", "not_a_dict", "date", "datetime", "make_aware",
    "overflow", "no_name", "max_string_length", "max_digits", "max_decimal_places",
    "max_whole_digits", "null_characters_not_allowed", "surrogate_characters_not_allowed",
}  # fmt: skip

LISTS = (serializers.ListField, serializers.ListSerializer, serializers.ManyRelatedField)
OBJECTS = (serializers.DictField, serializers.BaseSerializer)


class Body(serializers.Serializer[Any]):
    """List it before another serializer that takes a body, or use it alone."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        wrong = unknown(self, data) | repeated(self, data) if isinstance(data, Mapping) else {}
        try:
            value = super().run_validation(data)
        except ValidationError as error:
            errors = advised(self, error.detail)  # a list where the body is not an object
            raise ValidationError(errors | wrong if isinstance(errors, dict) else errors) from error
        if wrong:
            raise ValidationError(wrong)
        return value


class Nothing(Body):
    """The body of a URL that takes none."""


def without_body[View, **P, R](
    act: Callable[Concatenate[View, Request, P], R],
) -> Callable[Concatenate[View, Request, P], R]:
    """Decorates a view's method that reads no body: any body is refused."""

    @wraps(act)
    def checked(view: View, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> R:
        Nothing(data=request.data).is_valid(raise_exception=True)
        return act(view, request, *args, **kwargs)

    return checked


def unknown(body: Body, data: Mapping[str, Any]) -> dict[str, Any]:
    writable = {name for name, field in body.fields.items() if not field.read_only}
    ours = writable | OURS if is_form(data) else writable
    sent = (name for name in data if name not in ours and not is_placed(body, data, name))
    return {name[:MAX_NAME]: [refusal(body, name, writable)] for name in islice(sent, MAX_TOLD)}


def repeated(body: Body, data: Mapping[str, Any]) -> dict[str, Any]:
    """Returns errors for form fields sent twice that are not lists: otherwise the last would silently win."""
    if not isinstance(data, MultiValueDict):
        return {}
    sent = (
        name
        for name in data
        if len(data.getlist(name)) > 1 and not isinstance(body.fields.get(name), LISTS)
    )
    return {name[:MAX_NAME]: [twice(name[:MAX_NAME])] for name in islice(sent, MAX_TOLD)}


def twice(name: str) -> ErrorDetail:
    remedy = f"Send {name} only once."
    return ErrorDetail(f"{name} was sent more than once.", Code("repeated", remedy))


def is_form(data: Mapping[str, Any]) -> bool:
    return isinstance(data, MultiValueDict)


def is_placed(body: Body, data: Mapping[str, Any], name: str) -> bool:
    """Whether the name is a list item: `images[0]`, if there is no field `images`, or `rows[0].name` of an
    object.
    """
    of, bracket, place = name.partition("[")
    field = body.fields.get(of)
    if not is_form(data) or of in data or not isinstance(field, LISTS) or field.read_only:
        return False
    found = PLACE.match(bracket + place)
    return found is not None and (found.end() == len(name) - len(of) or holds_objects(field))


def holds_objects(field: Any) -> bool:
    return isinstance(getattr(field, "child", None), OBJECTS)


def refusal(body: Body, name: str, writable: set[str]) -> ErrorDetail:
    if name in body.fields:
        remedy = "Leave it out: the service sets it."
        return ErrorDetail(f"{name} is read-only.", Code("read_only", remedy))
    name = name[:MAX_NAME]
    if not writable:
        nothing = Code("unknown_field", "Leave it out: this URL takes no fields.")
        return ErrorDetail(f"There is no field {name}.", nothing)
    near = get_close_matches(name, sorted(writable), 1)
    near = near or [known for known in sorted(writable) if name.startswith(f"{known}_")]
    remedy = (
        f"Send {near[0]} if you mean that."
        if near
        else f"Leave it out. The fields here are {', '.join(sorted(writable))}."
    )
    return ErrorDetail(f"There is no field {name}.", Code("unknown_field", remedy))


def advised(field: Any, detail: Any) -> Any:
    """Returns the same errors, nested as the fields are, each with a remedy."""
    if isinstance(detail, ErrorDetail):
        if isinstance(detail.code, Code):
            return detail
        code = detail.code or "invalid"
        remedy = remedy_of(field, code)
        return ErrorDetail(detail, Code(code, remedy) if remedy else code)
    if isinstance(detail, list):
        return [advised(field, one) for one in detail]
    return {name: advised(within(field, name), one) for name, one in detail.items()}


def within(field: Any, name: Any) -> Any:
    """Returns the field that an error's name, or its number in a list, refers to."""
    if isinstance(field, serializers.BaseSerializer):
        return getattr(field, "fields", {}).get(name, field)
    return getattr(field, "child", field)


def remedy_of(field: Any, code: str) -> str:
    """Returns the remedy; an empty string means the one that errors.py has for the code."""
    if code in OF_SHAPE and hasattr(field, "choices"):
        return f"Send one of {', '.join(map(str, field.choices))}."
    if code in OF_SHAPE:
        return next((remedy for kind, remedy in SHAPES if isinstance(field, kind)), "")
    if code in {"min_value", "max_value"}:
        least, most = getattr(field, "min_value", None), getattr(field, "max_value", None)
        bounds = [f"{word} {n}" for word, n in (("from", least), ("up to", most)) if n is not None]
        return f"Send a number {' '.join(bounds)}."
    if code == "max_length":
        unit = "of them" if isinstance(field, serializers.ListField) else "characters"
        return f"Send at most {field.max_length} {unit}."
    if code in {"min_length", "empty"} and isinstance(field, serializers.ListField):
        return "Send at least one."
    return ""
