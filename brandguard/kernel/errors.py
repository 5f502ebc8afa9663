"""The base of every expected failure that a person or a program can act on.

Each app's errors stand beside the code that raises them; only `brandguard/kernel/api/errors.py` turns them
into HTTP.
"""

from typing import Any, ClassVar


class DomainError(Exception):
    """`code` is stable, for programs. `field` names what is wrong and `remedy` what to do about it.

    `details` holds further facts for programs.
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
        """Returns the text for people: what is wrong and what to do about it."""
        return f"{self.message} {self.remedy}"


class Conflict(DomainError):
    """The request was understood, but the row's present state does not allow it."""

    code = "conflict"
