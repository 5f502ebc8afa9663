import pytest

from detection.intake.currencies import UnknownCurrency, checked

REMEDIES = {"€": "Send EUR.", "RMB": "Send CNY.", "US Dolar": "Send USD.", "XXX": "Send an ISO"}


def test_a_currency_is_kept_as_its_code() -> None:
    assert [checked(code) for code in ("eur", "XOF", "")] == ["EUR", "XOF", ""]


@pytest.mark.parametrize("written", REMEDIES)
def test_what_is_no_currency_is_refused_with_the_likely_one(written: str) -> None:
    with pytest.raises(UnknownCurrency) as refused:
        checked(written)
    assert refused.value.remedy.startswith(REMEDIES[written])
