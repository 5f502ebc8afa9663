"""The columns that a table may have, and where a file has them."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from brandguard.kernel.tables.table import UnreadableImport, letters, printable
from brandguard.kernel.tables.values import Sort

MAX_STRANGE = 10  # unknown names that are listed
PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Columns:
    """The contents of one type of file. `lists` are cells of several values, separated by spaces, semicolons
    or commas with a space. `sorts` are cells with numbers or days. `others` allows columns that are not
    read.
    """

    csv_name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    lists: tuple[str, ...]
    most_rows: int
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    others: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return self.required + self.optional

    def known(self, cells: list[str]) -> list[str | None]:
        """Returns the name of each header cell, ignoring case, spaces and punctuation."""
        by_key = {key_of(name): name for name in self.names}
        return [by_key.get(key_of(cell)) for cell in cells]

    def placed(self, header: list[str]) -> dict[int, str]:
        """Returns the names by position. Raises UnreadableImport."""
        names = self.known(header)
        missing = [name for name in self.required if name not in names]
        wrong = [f"lacks {', '.join(missing)}"] * bool(missing)
        strange = [
            f"has {printable(cell)} in column {letters(index)}, which is unknown"
            for index, (cell, name) in enumerate(zip(header, names, strict=True))
            if cell and name is None and not self.others
        ]
        wrong += strange[:MAX_STRANGE]
        wrong += [
            f"has {name} more than once, in columns {' and '.join(places(names, name))}"
            for name, count in Counter(names).items()
            if name and count > 1
        ]
        if wrong:
            raise UnreadableImport(
                f"The header {' and '.join(wrong)}.", remedy=self.remedy(header, names)
            )
        return {index: name for index, name in enumerate(names) if name}

    def remedy(self, header: list[str], names: list[str | None]) -> str:
        strange = [cell for cell, name in zip(header, names, strict=True) if cell and not name]
        near = [
            one for cell in strange[:MAX_STRANGE] for one in get_close_matches(cell, self.names, 1)
        ]
        meant = f" You may mean {', '.join(near)}." if near else ""
        return f"Use each of these names once: {', '.join(self.names)}.{meant}"


def key_of(name: str) -> str:
    return PUNCTUATION.sub("", name).casefold()


def places(names: list[str | None], name: str) -> list[str]:
    return [letters(index) for index, one in enumerate(names) if one == name]
