"""Measures how often a table's encoding is recognised without asking, and how often wrongly.

    .venv/bin/python benchmarks/encodings.py [--files 60]

Tables of 1 to 100 titles are made from Django's own translations, each language in the encoding that its
programs used before UTF-8. A line shows, for each size, how many files were read right, wrong, and not
without asking. Only UTF-8, Windows-1252 and GB18030 are ever accepted without asking.
"""

import argparse
import gettext
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from brandguard.kernel.tables.encodings import Ambiguous, decoded

TRANSLATIONS = Path(django.__file__).parent
LANGUAGES = {
    "cp1252": "de fr es pt it nl sv da nb fi is ca",
    "cp1250": "pl cs sk hu hr sl ro",
    "cp1254": "tr",
    "cp1251": "ru uk bg",
    "cp1253": "el",
    "cp1257": "lt lv et",
    "cp1255": "he",
    "cp1256": "ar",
    "gb18030": "zh_Hans",
    "big5": "zh_Hant",
    "cp932": "ja",
    "cp949": "ko",
    "cp874": "th",
    "cp1258": "vi",
}
SIZES = (1, 3, 10, 30, 100)
MAX_LENGTH = 60  # characters of a title
RIGHT, WRONG, ASKED = range(3)


def sentences(language: str, encoding: str) -> list[str]:
    """Returns sentences with letters beyond a to z."""
    found = set()
    for path in TRANSLATIONS.rglob(f"locale/{language}/LC_MESSAGES/*.mo"):
        with path.open("rb") as file:
            texts = gettext.GNUTranslations(file)._catalog.values()  # type: ignore[attr-defined]  # noqa: SLF001
        found |= {as_title(text) for text in texts if isinstance(text, str)}
    return sorted(text for text in found if not text.isascii() and fits(text, encoding))


def as_title(text: str) -> str:
    return text.replace("\n", " ").replace('"', "").replace(";", " ")[:MAX_LENGTH]


def fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def table(titles: list[str]) -> str:
    rows = [f"o-{at};s-1;{title};9,90" for at, title in enumerate(titles)]
    return "\n".join(["external_id;seller_id;title;price", *rows])


def outcome(text: str, encoding: str) -> int:
    try:
        return RIGHT if decoded(text.encode(encoding)).text == text else WRONG
    except Ambiguous:
        return ASKED


def measured(language: str, encoding: str, files: int) -> Iterator[list[int]]:
    texts = sentences(language, encoding)
    for size in SIZES:
        dice = random.Random(f"{language} {size}")  # noqa: S311 - the same each time
        counts = [0, 0, 0]
        for _ in range(files):
            titles = dice.sample(texts, min(size, len(texts)))
            counts[outcome(table(titles), encoding)] += 1
        yield counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=60, help="of each language and size")
    files = parser.parse_args().files
    total = [0, 0, 0]
    print("language encoding", *(f"{size:>12}" for size in SIZES), "  (right wrong asked)")
    for encoding, languages in LANGUAGES.items():
        for language in languages.split():
            rows = list(measured(language, encoding, files))
            total = [sum(row[at] for row in [total, *rows]) for at in range(3)]
            print(f"{language:8} {encoding:8}", *("{:4}{:4}{:4}".format(*row) for row in rows))
    print(f"{sum(total)} files: {total[RIGHT]} right, {total[WRONG]} wrong, {total[ASKED]} asked")


if __name__ == "__main__":
    main()
