"""Helpers for the forms of all rooms."""

from typing import Any

from django import forms
from django.core.files.base import File

from brandguard.kernel.errors import DomainError


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> list[File[bytes]]:
        return list(files.getlist(name))


def add_domain_error(form: forms.Form, fault: DomainError) -> None:
    """Adds an action's refusal beside the field it concerns."""
    field = fault.field if fault.field in form.fields else None
    form.add_error(field, fault.advice)
