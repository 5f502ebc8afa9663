"""Where a right is in force and where a listing is on offer: ISO 3166-1 alpha-2 codes, and two more.

`EU` is the European Union, for rights of its office and for listings alike. `*` is everywhere: only
copyright has it, since no office grants anything that is in force everywhere.
docs/decisions/0013-rights.md gives the reasons.
"""

from collections.abc import Iterable

from brandguard.faults import Fault

EVERYWHERE = "*"
UNION = "EU"
# The member states in 2026, then what belongs to them and to the Union, and has a code of its own.
MEMBERS = """
AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
AX GF GP MF MQ RE YT
"""
CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
EU, COUNTRIES = frozenset(MEMBERS.split()), frozenset(CODES.split())
# What people write for two of them, the European Union's own offices among them.
ALSO_WRITTEN = {"UK": "GB", "EL": "GR"}


class UnknownTerritory(Fault):
    code = "territory_unknown"


def checked(codes: Iterable[str]) -> list[str]:
    """As a right keeps them: each once, in order. Raises UnknownTerritory."""
    given = sorted({plain(code) for code in codes})
    unknown = [code for code in given if code not in COUNTRIES | {UNION, EVERYWHERE}]
    if unknown:
        raise UnknownTerritory(
            f"{', '.join(unknown)}: no country's code.",
            remedy="Send ISO 3166-1 alpha-2 codes, as DE or FR, or EU for the European Union.",
            field="territories",
        )
    return given


def shared(claimed: Iterable[str], offered: Iterable[str]) -> frozenset[str]:
    """The countries in which something claimed there is on offer; empty when there is none.

    What names no territory is on offer wherever its marketplace delivers, which we are not told:
    then it is all that is claimed, `*` among it.
    """
    mine, theirs = countries(claimed), countries(offered)
    if not theirs or EVERYWHERE in theirs:
        return mine
    return theirs if EVERYWHERE in mine else mine & theirs


def countries(codes: Iterable[str]) -> frozenset[str]:
    """With the members of the Union in its place; a code that is none means nowhere."""
    written = {plain(code) for code in codes}
    return frozenset(written - {UNION} | (EU if UNION in written else set()))


def plain(code: str) -> str:
    written = code.strip().upper()
    return ALSO_WRITTEN.get(written, written)
