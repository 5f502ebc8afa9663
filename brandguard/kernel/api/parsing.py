"""Reads API bodies within limits that are checked before parsing."""

import json
import math
import re
from collections import Counter
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import parsers

from brandguard.kernel.errors import DomainError

MAX_DEPTH = 16  # our bodies are 4 deep
MAX_MULTIPART_BYTES = (settings.MAX_IMAGES + 1) * settings.MAX_IMAGE_BYTES
# Matches strings, even one that never ends, so that brackets within them do not count.
STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
BRACKET = re.compile(rb"[\[{]|[\]}]")
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class UnreadableBody(DomainError):
    code = "parse_error"


class JSONParser(parsers.JSONParser):
    """Accepts only UTF-8, unique names within an object, and finite numbers."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        """Raises RequestDataTooBig, UnreadableBody."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise RequestDataTooBig(f"The body has more than {most} bytes.")
        refuse_deep(body)
        try:
            return decoded(body)
        except UnicodeError as error:
            raise UnreadableBody(
                "The body is not UTF-8.",
                remedy="Send JSON in UTF-8, with each surrogate in its pair.",
            ) from error
        except json.JSONDecodeError as error:
            raise UnreadableBody(
                f"The body is not JSON: {error}.",
                remedy="Send one JSON object, as RFC 8259 defines it.",
            ) from error
        except ValueError as error:  # from Python's limit on digits
            raise UnreadableBody(
                "The body has a number with too many digits.", remedy="Send a shorter number."
            ) from error


def decoded(body: bytes) -> Any:
    data = json.loads(
        body.decode("utf-8-sig"),
        object_pairs_hook=once_each,
        parse_constant=refuse_number,
        parse_float=finite,
    )
    if SURROGATE.search(
        body
    ):  # a lone surrogate cannot be encoded again, for the database or in an error
        json.dumps(data, ensure_ascii=False).encode()
    return data


class FormParser(parsers.FormParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        refuse_long(parser_context, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return super().parse(stream, media_type, parser_context)


class MultiPartParser(parsers.MultiPartParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        refuse_long(parser_context, MAX_MULTIPART_BYTES)
        return super().parse(stream, media_type, parser_context)


def refuse_long(context: Any, most: int) -> None:
    """Checks the declared length, beyond which the server reads nothing. Raises RequestDataTooBig."""
    said = str(context["request"].META.get("CONTENT_LENGTH") or "0")
    if said.isdecimal() and int(said) > most:
        raise RequestDataTooBig(f"The body has more than {most} bytes.")


def refuse_deep(body: bytes) -> None:
    """Raises UnreadableBody."""
    depth = 0
    for bracket in BRACKET.finditer(STRING.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            raise UnreadableBody(
                f"The body is nested more than {MAX_DEPTH} deep.",
                remedy="Send a body as the API page describes it; none is that deep.",
            )


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    count = Counter(name for name, _ in pairs)
    twice = count.most_common(1)[0][0][:100]
    raise UnreadableBody(
        f"{twice} occurs more than once.",
        remedy=f"Send {twice} only once in each object.",
        field=twice,
    )


def finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else refuse_number(text)


def refuse_number(text: str) -> NoReturn:
    raise UnreadableBody(
        f"{text[:40]} is not a number in JSON.", remedy="Send a finite number or null."
    )
