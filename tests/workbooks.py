"""Hand-made workbooks for tests, as small as Excel readers accept them."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/>'
    "</cellXfs></styleSheet>"
)


def cell(place: str, value: object) -> str:
    """Returns a text, a number, or a cell given as XML: `<c …>`, in which `@` is its place."""
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if str(value).startswith("<c"):
        return str(value).replace("@", place)
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def sheet(rows: Sequence[Sequence[object]], first: int = 1) -> str:
    written = "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, first)
    )
    return f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{written}</sheetData></worksheet>'


def workbook(sheets: dict[str, str], *, hidden: str = "", **others: str) -> bytes:
    """Returns a workbook. `others` are further parts by name, with `__` for a slash and `_xml` at the end."""
    state = {name: ' state="hidden"' if name == hidden else "" for name in sheets}
    named = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"{state[name]}/>'
        for at, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="r{at}" Type="{LINKS}/worksheet" Target="worksheets/{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        made.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{LINKS}"><sheets>{named}</sheets></workbook>',
        )
        made.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        )
        made.writestr("xl/styles.xml", STYLES)
        for at, text in enumerate(sheets.values(), 1):
            made.writestr(f"xl/worksheets/{at}.xml", text)
        for name, text in others.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return file.getvalue()
