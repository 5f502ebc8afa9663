"""A hostile workbook ends its own reader alone."""

import pytest

from brandguard.kernel.tables import UnreadableImport
from tests.brandguard.kernel.tables.scenes import HEADINGS, read
from tests.workbooks import SPREADSHEET, sheet, workbook


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            workbook({"Offers": sheet([HEADINGS, ['<c r="XFD1048576"><v>1</v></c>']])}),
            id="a cell at the far end",
        ),
        pytest.param(
            workbook(
                {"Offers": sheet([HEADINGS])},
                xl__sharedStrings_xml=f'<sst xmlns="{SPREADSHEET}" uniqueCount="99999999999999"/>',
            ),
            id="a list of strings that claims to be long",
        ),
        pytest.param(workbook({"Offers": "<worksheet><sheetData"}), id="broken XML"),
        pytest.param(
            workbook({"Offers": sheet([HEADINGS, ['<c r="@" t="s"><v>7</v></c>']])}),
            id="a string that is not there",
        ),
    ],
)
def test_a_hostile_workbook_ends_its_own_reader_alone(data: bytes) -> None:
    with pytest.raises(UnreadableImport, match="damaged, protected, or needs more memory"):
        read(data)
