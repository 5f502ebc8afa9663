"""Marks messages where they are written; they are translated where they are shown."""


def gettext_noop(message: str) -> str:
    """Django's function of this name, for rooms that do not import Django."""
    return message
