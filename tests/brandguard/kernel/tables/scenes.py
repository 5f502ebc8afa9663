"""A table of a few columns, read, and what is said of it."""

import io

from brandguard.kernel.tables import DAY, NUMBER, Columns, Table, read_table

COLUMNS = Columns(
    csv_name="listings.csv",
    required=("external_id", "seller_id"),
    optional=("title", "price", "until"),
    lists=(),
    most_rows=10,
    sorts={"price": NUMBER, "until": DAY},
)
HEADER = "external_id,seller_id,title,price"
ROW = "o-1,s-1,A bottle,9.90"
HEADINGS = ["External ID", "Seller ID", "Title", "Price"]


def read(data: str | bytes, encoding: str = "") -> Table:
    return read_table(
        io.BytesIO(data.encode() if isinstance(data, str) else data), COLUMNS, encoding
    )


def titles(table: Table) -> dict[int, str]:
    return {row.number: row.cells.get("title", "") for row in table.rows}


def faults(table: Table) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.message) for fault in table.faults]
