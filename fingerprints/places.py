"""Territories for people to choose: named in their language, and found by any other name or code."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pycountry
from babel import Locale
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from fingerprints.territories import (
    ALSO_WRITTEN,
    BENELUX,
    COUNTRIES,
    EVERYWHERE,
    UNION,
    USER_ASSIGNED,
    names_of_countries,
)

WIDE = (UNION, BENELUX, EVERYWHERE)


@dataclass(frozen=True)
class Place:
    """`words` are the place's code and its other names, in lower case."""

    code: str
    name: str
    words: str

    @property
    def is_wide(self) -> bool:
        return self.code in WIDE


def places() -> list[Place]:
    """Returns groups of countries first, then countries in the order of their names."""
    wide = {
        UNION: _("European Union"),
        BENELUX: _("Benelux: Belgium, the Netherlands and Luxembourg"),
        EVERYWHERE: _("Everywhere (copyright only)"),
    }
    groups = [Place(code, name, words_of(code)) for code, name in wide.items()]
    return [*groups, *countries(get_language() or "en")]


@lru_cache
def countries(language: str) -> tuple[Place, ...]:
    """Returns countries by their names in the Unicode CLDR, which are the names in everyday use."""
    names = Locale.parse(to_locale(language)).territories
    found = (Place(code, names[code], words_of(code)) for code in COUNTRIES)
    return tuple(sorted(found, key=lambda place: in_order(place.name)))


def in_order(name: str) -> bytes:
    """Returns a sort key without accents; GB 18030 sorts common Chinese characters by sound, as usual."""
    letters = unicodedata.normalize("NFD", name.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).encode("gb18030")


def words_of(code: str) -> str:
    return " ".join(sorted(other_names()[code]))


@lru_cache
def other_names() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, code in names_of_countries().items():
        found[code].add(name)
    for one in pycountry.countries:
        found[one.alpha_2] |= {one.alpha_2.lower(), one.alpha_3.lower()}
    for code in USER_ASSIGNED:
        found[code].add(code.lower())
    for written, code in ALSO_WRITTEN.items():
        found[code].add(written.lower())
    for code in WIDE:
        found[code].add(code.lower())
    found[EVERYWHERE].add("worldwide")
    return found
