"""The command reports by row."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Marketplace
from detection.intake.models import ListingImport
from tests.detection.intake.scenes import GOOD, text


def test_the_command_reports_by_row(
    marketplace: Marketplace, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "listings.csv"
    file.write_bytes(text(GOOD, "offer-2,,A,,,,,https://img.example/a.png"))
    call_command("import_listings", str(file), marketplace="Bazaar")
    said = capsys.readouterr().out
    assert "Read as CSV, UTF-8, comma." in said
    assert "row 3 (offer-2): seller_id:" in said
    assert "1 of 2 rows imported." in said
    with pytest.raises(CommandError, match="no marketplace called Nowhere"):
        call_command("import_listings", str(file), marketplace="Nowhere")


def test_the_command_shows_how_a_file_is_understood_and_imports_nothing(
    marketplace: Marketplace, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "listings.csv"
    file.write_bytes(text(GOOD, GOOD.replace("A b", "=b")).replace(b",", b"\t"))
    call_command("import_listings", str(file), marketplace="Bazaar", preview=True)
    said = capsys.readouterr().out
    assert "Read as CSV, UTF-8, tab." in said
    assert "row 2: external_id: offer-1, seller_id: s-1, title: A bottle" in said
    assert "row 3, C title: It begins like a spreadsheet formula." in said
    assert "1 of 2 rows can be imported." in said
    assert not ListingImport.objects.exists()
    file.write_bytes(text(GOOD).replace(b"A bottle", b"Cr\xe8me"))
    with pytest.raises(CommandError, match="Say which it is"):
        call_command("import_listings", str(file), marketplace="Bazaar", preview=True)
