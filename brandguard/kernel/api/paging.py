"""Pages lists by key: a page costs the same at any depth, and new rows shift nothing."""

from datetime import UTC

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from brandguard.kernel.api.errors import Code

MAX_NUMBER = 2**63 - 1


class NewestFirst(CursorPagination):
    """Orders by a time. The first field of the ordering must be an attribute of each row."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-created_at", "-pk")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """A cursor that we did not make answers 404."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not self.is_position(str(cursor.position)):
            raise NotFound("There is no such page.")
        return cursor

    def is_position(self, position: str) -> bool:
        return is_time(position)

    def get_page_size(self, request: Request) -> int | None:
        sent = request.query_params.get("page_size")
        if sent is not None and not (is_number(sent) and int(sent)):
            remedy = Code("invalid", f"Send a whole number from 1 to {self.max_page_size}.")
            raise ValidationError({"page_size": ["This is not a number of rows."]}, code=remedy)
        return super().get_page_size(request)


class ByNumber(NewestFirst):
    """Orders by a number."""

    def is_position(self, position: str) -> bool:
        return is_number(position)


def is_time(position: str) -> bool:
    """Whether the text is a moment with a time zone, as we write it."""
    try:
        at = parse_datetime(position)
        return bool(at and at.tzinfo and at.astimezone(UTC))
    except (ValueError, OverflowError):
        return False


def is_number(text: str) -> bool:
    """Whether the text is a whole number that the database can hold."""
    return len(text) <= len(str(MAX_NUMBER)) and text.isdecimal() and int(text) <= MAX_NUMBER
