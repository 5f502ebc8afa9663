import pytest

from fingerprints.territories import COUNTRIES, EU, OF_LISTINGS, UnknownTerritory, checked, shared

SHARED = [
    # what is claimed, where it is on offer, where both
    ("DE", "DE", "DE"),
    ("DE", "FR", ""),
    ("DE AT", "DE FR", "DE"),
    ("EU", "DE FR", "DE FR"),
    ("EU", "DE US", "DE"),
    ("EU", "GB CH NO", ""),
    ("EU", "RE", "RE"),  # part of the Union, with a code of its own
    ("EU", "PF", ""),  # France's, and no part of the Union
    ("DE", "EU", "DE"),  # a listing for all of the Union is one for Germany too
    ("US", "EU", ""),
    ("FR", "RE", ""),  # a country's code says no more than it says
    ("*", "DE US", "DE US"),
    ("*", "*", "*"),
    ("DE", "*", "DE"),
    ("GB", "UK", "GB"),
    ("EU", "el", "GR"),
    ("EM", "DE", "DE"),
    ("XK", "XK", "XK"),
    ("EU", "XK", ""),
    ("DE", "XX", ""),
    # on offer we are not told where: wherever something is claimed
    ("DE AT", "", "AT DE"),
    ("*", "", "*"),
]


@pytest.mark.parametrize(("claimed", "offered", "both"), SHARED)
def test_a_claim_meets_an_offer_where_both_are(claimed: str, offered: str, both: str) -> None:
    assert shared(claimed.split(), offered.split()) == set(both.split())


def test_the_union_has_27_members_and_what_belongs_to_them() -> None:
    assert len(EU) == 27 + 7
    assert EU < COUNTRIES
    assert len(COUNTRIES) == 249 + 1  # Kosovo's, which the standard leaves to its users


def test_territories_are_kept_once_each_and_in_order() -> None:
    assert checked(["fr", "DE", " de ", "EU"]) == ["DE", "EU", "FR"]


@pytest.mark.parametrize("code", ["Germany", "XX", "UK", "", "D", "DE,FR"])
def test_what_is_no_country_is_refused_by_name(code: str) -> None:
    with pytest.raises(UnknownTerritory, match="not a country code"):
        checked(["DE", code])


LIKELY = {
    "UK": "Send GB for UK.",
    "el": "Send GR for EL.",
    "em": "Send EU for EM.",
    "Kosovo": "Send XK for KOSOVO.",
    "DEU": "Send DE for DEU.",
    "Germany": "Send DE for GERMANY.",
    "Germny": "Send DE for GERMNY.",
    "Holland": "Send NL for HOLLAND.",
    "European Union": "Send EU for EUROPEAN UNION.",
    "XX": "Send ISO 3166-1 alpha-2 codes, such as DE or FR, or EU for the European Union.",
}


@pytest.mark.parametrize("code", LIKELY)
def test_the_refusal_names_the_likely_code(code: str) -> None:
    with pytest.raises(UnknownTerritory) as refused:
        checked(["DE", code])
    assert refused.value.remedy == LIKELY[code]


def test_the_benelux_is_where_a_right_is_in_force_and_no_place_of_an_offer() -> None:
    assert checked(["BX"]) == ["BX"]
    assert shared(["BX"], ["NL", "DE"]) == {"NL"}
    with pytest.raises(UnknownTerritory) as refused:
        checked(["BX"], OF_LISTINGS)
    assert refused.value.remedy == "Send BE LU NL for BX."


@pytest.mark.parametrize("code", ["*", "XX", "UK"])
def test_a_listing_is_on_offer_in_countries(code: str) -> None:
    with pytest.raises(UnknownTerritory):
        checked([code], OF_LISTINGS)
