"""Long lists by key: a page costs the same however far down it lies, and new rows shift nothing."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page[M: Model]:
    """`older` goes into the address of the next page; empty on the last."""

    rows: list[M]
    older: str


def newest_first[M: Model](
    rows: QuerySet[M], *, by: str, before: str, size: int = PAGE_SIZE
) -> Page[M]:
    """`by` names the time; `before` is an earlier page's `older`. Nonsense is the first page."""
    if key := parsed(before):
        at, pk = key
        rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": pk}))
    ordered = rows.order_by(f"-{by}", "-pk")
    return cut(ordered, size, lambda last: f"{getattr(last, by).isoformat()}~{last.pk}")


def likeliest_first[M: Model](rows: QuerySet[M], *, before: str, size: int = PAGE_SIZE) -> Page[M]:
    """By `similarity`, of equals the later first."""
    similarity, _, pk = before.partition("~")
    with contextlib.suppress(ValueError):
        at, number = float(similarity), UUID(pk)
        rows = rows.filter(Q(similarity__lt=at) | Q(similarity=at, pk__lt=number))
    ordered = rows.order_by("-similarity", "-pk")
    return cut(ordered, size, lambda last: f"{last.similarity!r}~{last.pk}")


def cut[M: Model](rows: QuerySet[M], size: int, key: Callable[[Any], str]) -> Page[M]:
    """One row more is asked for, to know whether there is another page; `key` is of the last shown."""
    found = list(rows[: size + 1])
    return Page(found[:size], key(found[size - 1]) if len(found) > size else "")


def parsed(key: str) -> tuple[datetime, UUID] | None:
    time, _, pk = key.partition("~")
    try:
        at = parse_datetime(time)
        return (at.astimezone(UTC), UUID(pk)) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        return None
