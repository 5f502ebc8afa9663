"""Query parameters of lists. Unknown or invalid ones are refused with what to send."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from brandguard.kernel.api.bodies import MAX_NAME, MAX_TOLD, twice
from brandguard.kernel.api.errors import Code

PAGING = {"cursor", "page_size"}
# Most specific first.
SHAPES: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.ModelChoiceField, "Send the id of something that you may use."),
    (forms.UUIDField, "Send an id as 9f1c3f0e-7a52-4b7e-9a0d-0c8f5b6f2d11."),
    (forms.DecimalField, "Send a number as 90 or 90.5, of a few digits."),
    (forms.CharField, "Send text, without control characters."),
)


class Filters(DjangoFilterBackend):  # type: ignore[misc] # the library ships no types
    def filter_queryset[Row: Model](
        self, request: Request, queryset: QuerySet[Row], view: Any
    ) -> QuerySet[Row]:
        filterset = self.get_filterset(request, queryset, view)
        known = set() if filterset is None else set(filterset.filters)
        listing = view.action == "list"
        wrong = dict(islice(misnamed(request, known), MAX_TOLD)) if listing else {}
        if filterset is not None and not filterset.is_valid():
            fields, errors = filterset.form.fields, filterset.errors.as_data()
            wrong |= {name: advised(fields[name], errors[name]) for name in errors}
        if wrong:
            raise ValidationError(wrong)
        return queryset if filterset is None else filterset.qs


def misnamed(request: Request, known: set[str]) -> Iterator[tuple[str, list[ErrorDetail]]]:
    """Yields parameters that would be ignored, and repeated ones, of which only the last would count."""
    for name, values in request.query_params.lists():
        short = name[:MAX_NAME]
        if name not in known | PAGING:
            named = ", ".join(sorted(known | PAGING))
            remedy = Code("unknown_parameter", f"Leave it out. The parameters here are {named}.")
            yield short, [ErrorDetail(f"There is no parameter {short}.", remedy)]
        elif len(values) > 1:
            yield short, [twice(short)]


def advised(field: forms.Field, errors: list[Any]) -> list[ErrorDetail]:
    remedy = remedy_of(field)
    said = [(error.message % (error.params or ()), error.code) for error in errors]
    return [ErrorDetail(message, Code(code or "invalid", remedy)) for message, code in said]


def remedy_of(field: forms.Field) -> str:
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        names = [str(value) for value, _ in list[Any](field.choices) if value]  # type: ignore[arg-type]
        return f"Send one of {', '.join(names)}."
    return next((remedy for kind, remedy in SHAPES if isinstance(field, kind)), "Send a value.")
