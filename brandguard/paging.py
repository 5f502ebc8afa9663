"""Lists page by key: a page costs the same however far down it lies, and new rows shift nothing."""

from datetime import UTC

from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = ("-created_at", "-pk")

    def decode_cursor(self, request: Request) -> Cursor | None:
        """A cursor that we did not make is an address that leads nowhere."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not is_time(str(cursor.position)):
            raise NotFound("There is no such page.")
        return cursor


def is_time(position: str) -> bool:
    """Whether it is a moment in some time zone, as we write it."""
    try:
        at = parse_datetime(position)
        return bool(at and at.tzinfo and at.astimezone(UTC))
    except (ValueError, OverflowError):
        return False
