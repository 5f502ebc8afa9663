"""Reads tables as other programs write them, CSV in its variants and XLSX: without doubt, or with an error
that names row and column. `read_table` is the entry point; each importer states with `Columns` what its
tables may hold.
"""

from brandguard.kernel.tables.columns import Columns
from brandguard.kernel.tables.encodings import NAMES as ENCODINGS
from brandguard.kernel.tables.read import is_workbook, read_table
from brandguard.kernel.tables.table import (
    Table,
    TableFault,
    TableRow,
    UnclearEncoding,
    Understood,
    UnreadableImport,
)
from brandguard.kernel.tables.values import DAY, NUMBER

__all__ = [
    "DAY",
    "ENCODINGS",
    "NUMBER",
    "Columns",
    "Table",
    "TableFault",
    "TableRow",
    "UnclearEncoding",
    "Understood",
    "UnreadableImport",
    "is_workbook",
    "read_table",
]
