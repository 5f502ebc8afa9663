"""Offices that register rights, by the short name that their own pages use or by their country's code.

The names come from WIPO's directory of intellectual property offices
(https://www.wipo.int/directory/en/urls.jsp). It has one office for each country, so a country's code
identifies it. Copyright is registered by many other bodies, which no list has.
"""

from difflib import get_close_matches

from brandguard.kernel.errors import DomainError
from fingerprints.territories import COUNTRIES

NAMES = {
    # of several countries
    "EUIPO": ("European Union Intellectual Property Office", "OHIM", "EU", "EM"),
    "WIPO": ("World Intellectual Property Organization", "OMPI", "WO", "IB"),
    "BOIP": ("Benelux Office for Intellectual Property", "BX"),
    "ARIPO": ("African Regional Intellectual Property Organization",),
    "OAPI": ("African Intellectual Property Organization",),
    "EAPO": ("Eurasian Patent Organization",),
    "GCCPO": ("Patent Office of the Cooperation Council for the Arab States of the Gulf",),
    # of one
    "CIPO": ("Canadian Intellectual Property Office",),
    "CNIPA": ("China National Intellectual Property Administration", "SIPO", "CTMO"),
    "DGIP": ("Directorate General of Intellectual Property", "DJKI"),
    "DIP": ("Department of Intellectual Property",),
    "DKPTO": ("Danish Patent and Trademark Office",),
    "DPMA": ("Deutsches Patent- und Markenamt", "German Patent and Trade Mark Office"),
    "HKIPD": ("Intellectual Property Department Hong Kong",),
    "IGE": ("Swiss Federal Institute of Intellectual Property", "IPI"),
    "IMPI": ("Mexican Institute of Industrial Property",),
    "INPI": ("Institut national de la propriété industrielle",),
    "IP Australia": (),
    "IPINDIA": ("Office of the Controller General of Patents, Designs and Trade Marks", "CGPDTM"),
    "IPONZ": ("Intellectual Property Office of New Zealand",),
    "IPOPHL": ("Intellectual Property Office of the Philippines",),
    "IPOS": ("Intellectual Property Office of Singapore",),
    "IP Viet Nam": ("Intellectual Property Office of Viet Nam", "NOIP"),
    "JPO": ("Japan Patent Office",),
    "MOIP": ("Korean Intellectual Property Office", "KIPO"),
    "MyIPO": ("Intellectual Property Corporation of Malaysia",),
    "NIPO": ("Norwegian Industrial Property Office", "Patentstyret"),
    "OEPM": ("Spanish Patent and Trademark Office",),
    "PRH": ("Finnish Patent and Registration Office",),
    "PRV": ("Swedish Intellectual Property Office",),
    "ROSPATENT": ("Federal Service for Intellectual Property",),
    "SAIP": ("Saudi Authority for Intellectual Property",),
    "TIPO": ("Taiwan Intellectual Property Office",),
    "TURKPATENT": ("Turkish Patent and Trademark Office",),
    "UIBM": ("Italian Patent and Trademark Office",),
    "UKIPO": ("United Kingdom Intellectual Property Office", "UK"),
    "UPRP": ("Patent Office of the Republic of Poland",),
    "USPTO": ("United States Patent and Trademark Office",),
    "ÖPA": ("Österreichisches Patentamt", "Austrian Patent Office"),
}


class UnknownOffice(DomainError):
    code = "office_unknown"


def plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


KNOWN = {plain(name): short for short, others in NAMES.items() for name in (short, *others)}
KNOWN |= {code.casefold(): code for code in COUNTRIES}


def known(written: str) -> str:
    """Returns the short name or country code; an empty name stays empty. Raises UnknownOffice."""
    if not written.strip():
        return ""
    if found := KNOWN.get(plain(written)):
        return found
    near = get_close_matches(plain(written), KNOWN, 1, cutoff=0.7)
    hint = f"Send {KNOWN[near[0]]} if you mean that office. " if near else ""
    raise UnknownOffice(
        f"{written.strip()} is not a known office.",
        remedy=f"{hint}Send its short name, such as EUIPO, DPMA or WIPO, or its country's code, such as IN "
        "for the office of India.",
        field="office",
    )
