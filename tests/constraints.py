"""Rows that the database itself must refuse."""

from collections.abc import Callable

from django.apps import apps
from django.db import IntegrityError, connection, transaction

type Broken = Callable[[], object]


def constraint_names(app: str) -> set[str]:
    """Of every model of the app, as its Meta declares them."""
    models = apps.get_app_config(app).get_models()
    return {constraint.name for model in models for constraint in model._meta.constraints}  # noqa: SLF001 - Django's own documented API


def refusal(broken: Broken) -> str:
    """What the database says; empty when it accepts the row."""
    try:
        with transaction.atomic():
            broken()
            connection.check_constraints()
    except IntegrityError as error:
        return str(error)
    return ""
