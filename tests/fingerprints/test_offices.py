import pytest

from fingerprints.offices import UnknownOffice, known

WRITTEN = {
    "euipo": "EUIPO",
    "European Union Intellectual Property Office": "EUIPO",
    "UK IPO": "UKIPO",
    "IN": "IN",  # the office of a country that has no name here
    " ": "",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_an_office_is_kept_by_its_short_name(written: str) -> None:
    assert known(written) == WRITTEN[written]


def test_a_near_name_is_told() -> None:
    with pytest.raises(UnknownOffice) as refused:
        known("EUIPPO")
    assert refused.value.remedy.startswith("Send EUIPO if you mean that office.")


@pytest.mark.parametrize("written", ["XX", "The Ministry of Silly Walks"])
def test_what_is_no_office_is_refused_with_what_to_send(written: str) -> None:
    with pytest.raises(UnknownOffice) as refused:
        known(written)
    assert refused.value.remedy.startswith("Send its short name")
