"""Which encoding a text is in: known for certain, or asked for; never guessed wrong."""

import gettext
import random
from pathlib import Path

import django
import pytest

from brandguard.kernel.tables.encodings import NAMES, Ambiguous, decoded

HEADER = "external_id;seller_id;title;price"
TRANSLATIONS = Path(django.__file__).parent
# A language, and what its programs wrote before UTF-8.
LEGACY = {
    "de": "cp1252", "fr": "cp1252", "es": "cp1252", "pt": "cp1252", "sv": "cp1252", "da": "cp1252",
    "zh_Hans": "gb18030",
    "pl": "cp1250", "cs": "cp1250", "sk": "cp1250", "hu": "cp1250", "ro": "cp1250", "hr": "cp1250",
    "tr": "cp1254", "lt": "cp1257", "et": "cp1257", "vi": "cp1258", "ru": "cp1251", "el": "cp1253",
    "he": "cp1255", "ar": "cp1256", "zh_Hant": "big5", "ja": "cp932", "ko": "cp949", "it": "cp850",
    "fi": "mac_roman",
}  # fmt: skip


def table(*titles: str) -> str:
    return "\r\n".join([HEADER, *(f"o-{at};s-1;{title};9,90" for at, title in enumerate(titles))])


def sentences(language: str, encoding: str) -> list[str]:
    """Of Django's own translation, with letters beyond a to z."""
    found = set()
    for path in TRANSLATIONS.rglob(f"locale/{language}/LC_MESSAGES/*.mo"):
        with path.open("rb") as file:
            texts = gettext.GNUTranslations(file)._catalog.values()  # type: ignore[attr-defined]  # noqa: SLF001
        found |= {text for text in texts if isinstance(text, str) and fits(text, encoding)}
    return sorted(found)


def fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return not text.isascii() and "\n" not in text


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16 (big-endian)"),
        ("utf-32", "UTF-32"),
    ],
)
def test_unicode_proves_itself(codec: str, name: str) -> None:
    text = table("Größe", "红色瓶子")
    found = decoded(text.encode(codec))
    assert (found.text, found.encoding) == (text, name)


@pytest.mark.parametrize(
    ("titles", "codec"),
    [
        (["Größe für Männer"], "cp1252"),
        (["Théière élégante à fleurs", "Garçon en forêt"], "cp1252"),
        (["Muñeca pequeña", "Lámpara para niños", "Ratón inalámbrico"], "cp1252"),
        (["Blå flaska med lök, räka och öl"], "cp1252"),
        (["红色玻璃瓶", "汽水包装纸盒", "陶瓷杯子套装", "儿童书包新款", "无线鼠标"], "gb18030"),
        (["夏季短袖T恤", "USB数据线", "真皮女士手提包", "不锈钢保温杯"], "gb18030"),
    ],
)
def test_an_older_encoding_that_nothing_else_explains_is_taken(
    titles: list[str], codec: str
) -> None:
    text = table(*titles)
    found = decoded(text.encode(codec))
    assert (found.text, found.encoding) == (text, NAMES[codec])


@pytest.mark.parametrize(
    ("title", "codec", "among"),
    [
        ("Crème", "cp1252", {"Windows-1252", "Windows-1250"}),
        ("Książka", "cp1250", {"Windows-1250"}),
        ("Бутылка", "cp1251", {"Windows-1251"}),
        ("赤いボトル、とても美しい", "cp932", {"Shift JIS"}),
    ],
)
def test_what_is_not_certain_is_asked_for(title: str, codec: str, among: set[str]) -> None:
    with pytest.raises(Ambiguous) as asked:
        decoded(table(title).encode(codec))
    assert among <= set(asked.value.candidates)


@pytest.mark.parametrize(("language", "codec"), LEGACY.items())
def test_no_older_encoding_is_taken_for_another(language: str, codec: str) -> None:
    texts = sentences(language, codec)
    for size in (1, 3, 10, 30):
        dice = random.Random(f"{language} {size}")  # noqa: S311 - the same each time
        for _ in range(5):
            text = table(*dice.sample(texts, min(size, len(texts))))
            try:
                assert decoded(text.encode(codec)).text == text
            except Ambiguous:
                continue


@pytest.mark.parametrize(("language", "codec"), [("zh_Hans", "gb18030"), ("fr", "cp1252")])
def test_a_hundred_sentences_are_nearly_always_enough(language: str, codec: str) -> None:
    texts, taken = sentences(language, codec), 0
    dice = random.Random(language)  # noqa: S311 - the same each time
    for _ in range(20):
        try:
            decoded(table(*dice.sample(texts, 100)).encode(codec))
        except Ambiguous:
            continue
        taken += 1
    assert taken >= 16


def test_a_damaged_line_of_utf_8_does_not_make_another_encoding_of_the_rest() -> None:
    data = table("Größe", "Crème", "Öl", "Bär").encode() + b"\r\no-9;s-1;Gr\xf6\xdfe;1"
    found = decoded(data)
    assert found.encoding == "UTF-8"
    assert "Gr\udcf6\udcdfe" in found.text


def test_a_line_without_end_is_looked_at_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brandguard.kernel.tables.encodings.MAX_SAMPLE", 50)
    text = table("红色玻璃瓶 汽水包装纸盒 陶瓷杯子套装 儿童书包新款 无线鼠标" * 9)
    assert decoded(text.encode("gb18030")).text == text


def test_a_mark_outweighs_what_was_chosen() -> None:
    assert decoded(table("Größe").encode("utf-16"), "cp1252").text == table("Größe")
