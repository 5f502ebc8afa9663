"""Pages long lists by key: a page costs the same at any depth, and new rows shift nothing.

Django's Paginator pages by offset. DRF's CursorPagination, which the API uses, distinguishes rows of equal
position by an offset of at most 1,000: of 1,200 alerts with one similarity it shows 1,025.
"""

import contextlib
from dataclasses import dataclass

from django.core import signing
from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page[M: Model]:
    """`older` goes into the URL of the next page; it is empty on the last page."""

    rows: list[M]
    older: str


def page_of[M: Model](rows: QuerySet[M], *, by: str, before: str, size: int = PAGE_SIZE) -> Page[M]:
    """Orders by the greatest `by`, then the latest key. `before` is an earlier page's `older`; anything else
    gives the first page.
    """
    with contextlib.suppress(signing.BadSignature):
        value, pk = signing.loads(before, salt=by)
        rows = rows.filter(Q(**{f"{by}__lt": value}) | Q(**{by: value, "pk__lt": pk}))
    found = list(
        rows.order_by(f"-{by}", "-pk")[: size + 1]
    )  # one more, to see whether another page follows
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], signing.dumps([str(getattr(last, by)), str(last.pk)], salt=by))
