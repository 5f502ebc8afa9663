"""Readers of environment variables. A wrong value stops the start with name, value and remedy.

The value of a secret is never printed.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str) -> str:
    return os.environ.get(name, default).strip()


def switch(name: str, *, default: bool) -> bool:
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {raw!r}: set it to true or false.")


def number(name: str, default: int, *, least: int, most: int) -> int:
    raw = os.environ.get(name)
    if raw is None or not raw.strip():
        return default
    try:
        value = int(raw)
    except ValueError:
        value = None
    if value is None or not least <= value <= most:
        raise ImproperlyConfigured(
            f"{name} is {raw!r}: set it to a whole number from {least} to {most}."
        )
    return value


def words(name: str, default: str) -> list[str]:
    """Returns a comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to one of {', '.join(allowed)}.")
    return value


def folder(name: str, default: Path) -> Path:
    """Returns a folder, created if missing and closed to other users of the machine."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} is {str(path)!r}, which cannot be created ({error.strerror}): "
            "name a folder that this user may write."
        ) from error
    return path


# Without these limits a connection waits for ever on a silent server or a locked row. In seconds, and
# milliseconds; settings gives SQLite the same 30 seconds.
POSTGRES_WAITS = {"connect_timeout": 5, "options": "-c lock_timeout=30000"}


def database(name: str, default: str) -> dict[str, Any]:
    """Returns a database's settings from its URL, which may hold a password and is never printed."""
    address = text(name, "") or default
    try:
        found: dict[str, Any] = {
            **dj_database_url.parse(address, conn_max_age=60, conn_health_checks=True)
        }
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} is not a database URL: set it like "
            "postgres://user:password@host:5432/name, or leave it empty for SQLite."
        ) from error
    if found["ENGINE"].endswith("postgresql"):
        found["OPTIONS"] = {**POSTGRES_WAITS, **found.get("OPTIONS", {})}
    return found


MAIL_PORTS = {"smtp": 587, "smtps": 465}


def mailer(name: str, otherwise: Path) -> dict[str, Any]:
    """Returns the settings.MAILERS entry for a mail server's URL; without one, mails become files in a
    folder. The URL may hold a password and is never printed.
    """
    address = text(name, "")
    if not address:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(otherwise)},
        }
    try:
        parts = urlsplit(address)
        port = parts.port or MAIL_PORTS[parts.scheme]
    except (ValueError, KeyError):
        parts, port = urlsplit(""), 0
    if not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} is not a mail server URL: set it like smtp://user:password@host:587 "
            "(STARTTLS) or smtps://user:password@host:465, or leave it empty for files."
        )
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": port,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp" and bool(parts.username),
            "use_ssl": parts.scheme == "smtps",
            "timeout": 10,  # seconds, because somebody waits for the page
        },
    }


def secret(name: str, kept_in: Path) -> str:
    """Returns the variable, or a secret created once per installation in a private file."""
    if value := os.environ.get(name):
        if len(value) < 32:  # noqa: PLR2004 - Django's own check asks for at least this
            raise ImproperlyConfigured(f"{name} is too short: set at least 32 random characters.")
        return value
    fresh = kept_in.with_suffix(f".{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_urlsafe(48))
    try:
        os.link(fresh, kept_in)  # the first process to link its file decides, atomically
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return kept_in.read_text()
