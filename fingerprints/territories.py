"""Territories of rights and listings: ISO 3166-1 alpha-2 codes, and three more.

`EU` is the European Union, for rights of its office and for listings. `BX` is the Benelux, for rights of
its office (WIPO Standard ST.3 has both codes). `*` is everywhere, for copyright only, since no office
grants a right that is in force everywhere. docs/decisions/0013-rights.md gives the reasons.
"""

from collections.abc import Iterable
from difflib import get_close_matches

import pycountry

from brandguard.kernel.errors import DomainError

EVERYWHERE = "*"
UNION, BENELUX = "EU", "BX"
# The member states in 2026, then those of their territories in the Union that have codes of their own.
MEMBERS = """
AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
AX GF GP MF MQ RE YT
"""
# Codes that the standard leaves to its users, as used by the European Commission, the IMF and WIPO's
# members (November 2026).
USER_ASSIGNED = {"XK": "Kosovo"}
EU = frozenset(MEMBERS.split())
COUNTRIES = frozenset(one.alpha_2 for one in pycountry.countries) | set(USER_ASSIGNED)
GROUPS = {UNION: EU, BENELUX: frozenset({"BE", "NL", "LU"})}
OF_RIGHTS = COUNTRIES | set(GROUPS) | {EVERYWHERE}
OF_LISTINGS = COUNTRIES | {UNION}
# Other codes in use, also by the European Union's own institutions; EM is its office's code in WIPO's
# Standard ST.3.
ALSO_WRITTEN = {"UK": "GB", "EL": "GR", "EM": "EU"}
ADVICE = "Send ISO 3166-1 alpha-2 codes, such as DE or FR, or EU for the European Union."


class UnknownTerritory(DomainError):
    code = "territory_unknown"


def checked(codes: Iterable[str], known: frozenset[str] = OF_RIGHTS) -> list[str]:
    """Returns each code once, sorted, in upper case. Raises UnknownTerritory."""
    given = sorted({code.strip().upper() for code in codes})
    unknown = [code for code in given if code not in known]
    if unknown:
        guesses = {code: likely(code) for code in unknown}
        hints = [
            f"Send {' '.join(sorted(guess))} for {code}."
            for code, guess in guesses.items()
            if guess
        ]
        raise UnknownTerritory(
            f"{', '.join(unknown)}: not a country code.",
            remedy=" ".join([*hints, *[ADVICE] * (not all(guesses.values()))]),
            field="territories",
        )
    return given


def likely(written: str) -> frozenset[str]:
    """Returns the code that is probably meant, the countries of a group, or nothing if it is unclear."""
    if written in GROUPS:  # known for rights, but not for listings
        return GROUPS[written]
    if written in ALSO_WRITTEN:
        return frozenset({ALSO_WRITTEN[written]})
    if found := pycountry.countries.get(alpha_3=written):
        return frozenset({found.alpha_2})
    names = names_of_countries()
    near = get_close_matches(written.casefold(), names, 1, cutoff=0.75)
    return frozenset(names[name] for name in near)


def names_of_countries() -> dict[str, str]:
    """Returns codes by every name that the standard has for a country."""
    names = {"european union": UNION, "benelux": BENELUX, "great britain": "GB", "england": "GB"}
    names["holland"] = "NL"  # Poland would be the nearest name otherwise
    names |= {name.casefold(): code for code, name in USER_ASSIGNED.items()}
    for one in pycountry.countries:
        for kind in ("official_name", "common_name", "name"):
            if name := getattr(one, kind, ""):
                names[name.casefold()] = one.alpha_2
    return names


def shared(claimed: Iterable[str], offered: Iterable[str]) -> frozenset[str]:
    """Returns the countries that are both claimed and offered.

    A listing without territories is on offer wherever its marketplace delivers, which is unknown, so the
    result is everything that is claimed, which may include `*`.
    """
    mine, theirs = countries(claimed), countries(offered)
    if not theirs or EVERYWHERE in theirs:
        return mine
    return theirs if EVERYWHERE in mine else mine & theirs


def countries(codes: Iterable[str]) -> frozenset[str]:
    """Replaces groups by their members. An unknown code matches no country."""
    written = frozenset(plain(code) for code in codes)
    return (written - set(GROUPS)).union(*(GROUPS[code] for code in written & set(GROUPS)))


def plain(code: str) -> str:
    written = code.strip().upper()
    return ALSO_WRITTEN.get(written, written)
