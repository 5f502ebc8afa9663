"""Currencies of prices, as ISO 4217 codes."""

from difflib import get_close_matches

import pycountry

from brandguard.kernel.errors import DomainError

# In the standard, but no offer is priced in them: metals, units of account, a test code, no currency.
NO_MONEY = frozenset(
    [
        "XAD",
        "XAG",
        "XAU",
        "XBA",
        "XBB",
        "XBC",
        "XBD",
        "XDR",
        "XPD",
        "XPT",
        "XSU",
        "XTS",
        "XUA",
        "XXX",
    ]
)
CURRENCIES = frozenset(one.alpha_3 for one in pycountry.currencies) - NO_MONEY
ALSO_WRITTEN = {"€": "EUR", "£": "GBP", "RMB": "CNY", "NTD": "TWD", "UKP": "GBP", "STG": "GBP"}


class UnknownCurrency(DomainError):
    code = "currency_unknown"


def checked(written: str) -> str:
    """Returns the upper-case code; an empty one stays empty. Raises UnknownCurrency."""
    code = written.strip().upper()
    if code and code not in CURRENCIES:
        suggestion = likely(code)
        raise UnknownCurrency(
            f"{code} is not a currency code.",
            remedy=f"Send {suggestion}."
            if suggestion
            else "Send an ISO 4217 code, such as EUR or USD.",
            field="currency",
        )
    return code


def likely(written: str) -> str:
    """Returns the code that is probably meant, or an empty string."""
    if written in ALSO_WRITTEN:
        return ALSO_WRITTEN[written]
    names = {
        one.name.casefold(): one.alpha_3
        for one in pycountry.currencies
        if one.alpha_3 in CURRENCIES
    }
    near = get_close_matches(written.casefold(), names, 1, cutoff=0.75)
    return names[near[0]] if near else ""
