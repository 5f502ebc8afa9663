"""Every word of the pages in every language, with nothing left out and nothing out of step."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from fingerprints.models import Brand
from tests import factories

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "zh_Hans/LC_MESSAGES/django"
ROOT = Path(settings.BASE_DIR)
QUOTED = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATES = re.compile(r"\{% translate " + QUOTED)
IN_BLOCKS = re.compile(
    r"\{% blocktranslate([^%]*)%\}(.*?)(?:\{% plural %\}.*?)?\{% endblocktranslate %\}", re.DOTALL
)
IN_CODE = re.compile(
    r"\b(?:_|gettext|gettext_lazy|gettext_noop)\(\s*((?:" + QUOTED + r"\s*)+),?\s*\)"
)


def entries() -> dict[str, str]:
    """Of the file that people edit: message by message id, the plural's too."""
    found = {}
    for block in CATALOGUE.with_suffix(".po").read_text().split("\n\n")[1:]:
        fields: list[tuple[str, str]] = re.findall(
            r'^(msgid|msgid_plural|msgstr(?:\[0\])?) (".*")$', block, re.MULTILINE
        )
        parts = dict(fields)
        text = parts.get("msgstr", parts.get("msgstr[0]", '""'))
        found[str(ast.literal_eval(parts["msgid"] or ""))] = str(ast.literal_eval(text))
    return found


def compiled() -> gettext.GNUTranslations:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def said() -> set[str]:
    """What pages and code ask to be translated."""
    found: set[str] = set()
    for app in ("brandguard", "vision", "accounts", "fingerprints", "detection"):
        for path in (*(ROOT / app).rglob("*.html"), *(ROOT / app).rglob("templates/**/*.txt")):
            text = path.read_text()
            found |= {str(ast.literal_eval(match[1])) for match in IN_TEMPLATES.finditer(text)}
            found |= {in_block(*match.groups()) for match in IN_BLOCKS.finditer(text)}
        for path in (ROOT / app).rglob("*.py"):
            for match in IN_CODE.finditer(path.read_text()):
                found.add(str(ast.literal_eval(f"({match[1]})")))
    return found


def in_block(options: str, text: str) -> str:
    """The message id of a blocktranslate tag; of its singular, where there are two."""
    text = re.sub(r"\{\{ *(\w+) *\}\}", r"%(\1)s", text.replace("%", "%%"))
    if "trimmed" in options:
        return " ".join(line.strip() for line in text.strip().splitlines())
    return text


def test_every_message_is_translated_and_its_places_filled() -> None:
    for message, text in entries().items():
        assert text, message
        places = re.findall(r"%\(\w+\)|\{\w+\}", message)
        assert sorted(places) == sorted(re.findall(r"%\(\w+\)|\{\w+\}", text)), message


def test_what_the_pages_say_is_in_the_catalogue() -> None:
    missing = said() - set(entries())
    assert not missing, "run: manage.py makemessages -l zh_Hans --no-location"


def test_the_compiled_file_is_in_step() -> None:
    known = compiled()
    for message, text in entries().items():
        assert text in {known.gettext(message), known.ngettext(message, message, 2)}, message


@pytest.mark.django_db
def test_the_language_is_chosen_without_scripts_and_kept(brand: Brand, as_alice: Client) -> None:
    shown = factories.design(brand)
    page = reverse("brand", args=[brand.pk])
    as_alice.post(reverse("language"), {"language": "zh-hans", "next": page})
    text = as_alice.get(page).text
    assert '<html lang="zh-hans">' in text
    for word in ("品牌", "登记设计", "获许可的卖家"):
        assert word in text, word
    assert f"{timezone.now().year}年" in as_alice.get(reverse("design", args=[shown.pk])).text


@pytest.mark.django_db
def test_what_is_stored_stays_in_one_language(brand: Brand) -> None:
    with translation.override("zh-hans"):
        assert str(factories.right(brand)).startswith("trade mark")
