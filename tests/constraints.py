"""Checks for rows that the database itself must refuse."""

from collections.abc import Callable

from django.apps import apps
from django.db import IntegrityError, connection, transaction

type Broken = Callable[[], object]


def constraint_names(package: str) -> set[str]:
    """Returns the constraints of every model in the package, as their Meta classes declare them."""
    models = [one for one in apps.get_models() if f"{one.__module__}.".startswith(f"{package}.")]
    return {constraint.name for model in models for constraint in model._meta.constraints}  # noqa: SLF001 - Django's own documented API


def refusal(broken: Broken) -> str:
    """Returns the database's error message; an empty string when it accepts the row."""
    try:
        with transaction.atomic():
            broken()
            connection.check_constraints()
    except IntegrityError as error:
        return str(error)
    return ""
