"""The base of every expected failure: what a person or a program can act on.

Each app's errors stand beside what raises them; `brandguard/kernel/api/errors.py` alone turns them into HTTP.
"""

from typing import Any, ClassVar


class DomainError(Exception):
    """`code` is stable, for programs; `field` is what to look at, `remedy` what to do about it.

    `details` is what else a program needs.
    """

    code: ClassVar[str] = "fault"

    def __init__(self, message: str, *, remedy: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.field = field
        self.details: dict[str, Any] = {}

    @property
    def advice(self) -> str:
        """What a person reads: what is wrong, and what to do about it."""
        return f"{self.message} {self.remedy}"


class Conflict(DomainError):
    """The request was understood, but the row's present state does not allow it."""

    code = "conflict"
