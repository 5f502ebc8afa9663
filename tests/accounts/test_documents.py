import pytest

from accounts.documents import MAX_BYTES, UnusableDocument, receive, type_of
from tests import factories
from tests.pictures import drawn, encoded
from tests.vision.pictures.made import heic

PNG, JPEG = encoded(drawn()), encoded(drawn(), "JPEG")


@pytest.mark.parametrize(
    ("data", "ending", "kind"),
    [
        (factories.PDF, ".pdf", "application/pdf"),
        (PNG, ".png", "image/png"),
        (JPEG, ".jpg", "image/jpeg"),
        (heic(), ".heic", "image/heic"),
        (encoded(drawn(), "TIFF"), ".tif", "image/tiff"),
    ],
)
def test_a_document_is_known_by_its_content(data: bytes, ending: str, kind: str) -> None:
    received = receive(factories.upload(data, "anything.html"))
    assert received.file.name == f"document{ending}"
    assert received.file.read() == data
    assert type_of(f"rights/ab/0123{ending}") == kind


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!doctype html><script>alert(1)</script>", "neither a PDF nor"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither a PDF nor"),
        (b"<html>%PDF-1.7 %%EOF", "neither a PDF nor"),
        (b"PK\x03\x04 a zip", "neither a PDF nor"),
        (b"GIF89a", "damaged|neither a PDF nor"),
        (b"", "empty"),
        (b"%PDF-1.7\n<script>", "cut off"),
        (PNG[:20], "damaged|neither a PDF nor"),
        (b"\xff\xd8\xff<html>", "damaged|neither a PDF nor"),
        (b"%PDF-" + b"0" * MAX_BYTES + b"%%EOF", "more than 10,000,000 bytes"),
    ],
)
def test_a_hostile_document_is_refused_whatever_its_name(data: bytes, said: str) -> None:
    with pytest.raises(UnusableDocument, match=said) as refused:
        receive(factories.upload(data, "certificate.pdf"))
    assert refused.value.field == "document"
    assert refused.value.remedy
