"""Messages that are translated where they are shown, marked where they are written."""


def gettext_noop(message: str) -> str:
    """Django's own of that name, for rooms that know no Django."""
    return message
