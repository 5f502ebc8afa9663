"""Headers are known for certain, or the file is refused."""

import pytest

from brandguard.kernel.tables import UnreadableImport
from tests.brandguard.kernel.tables.scenes import ROW, read


@pytest.mark.parametrize(
    "header",
    [
        "EXTERNAL_ID,Seller_Id,TITLE,Price",
        "External ID, Seller-ID ,Title,price",
        '"externalId","SellerID"," title","price"',
        "\ufeffexternal_id,seller_id,title,price",
    ],
)
def test_headers_are_known_in_any_case_and_with_spaces(header: str) -> None:
    assert read(f"{header}\n{ROW}").names == ("external_id", "seller_id", "title", "price")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("external_id,seller_id,title,Title", "title more than once, in columns C and D"),
        ("external_id,seller_id,colour", "has colour in column C, which is unknown"),
        ("external_id,titel", "lacks seller_id and has titel in column B"),
        ("", "lacks external_id, seller_id"),
        ('"external_id,seller_id', "A quote is opened"),
    ],
)
def test_a_header_that_is_not_certain_refuses_the_file(header: str, said: str) -> None:
    with pytest.raises(UnreadableImport) as refused:
        read(f"{header}\n{ROW}")
    assert said in refused.value.message


@pytest.mark.parametrize("strange", [b"a\0b", b"a\x89b", b"a\nb"])
def test_what_is_told_of_a_header_can_be_written_anywhere(strange: bytes) -> None:
    with pytest.raises(UnreadableImport) as refused:
        read(b'external_id,seller_id,"' + strange + b'"', "utf-8")
    assert "has a\ufffdb in column C" in refused.value.message


def test_the_nearest_name_is_offered() -> None:
    with pytest.raises(UnreadableImport) as refused:
        read("external_id,seler_id,titel")
    assert "You may mean seller_id, title." in refused.value.remedy
