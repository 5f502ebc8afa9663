"""Links, headings, pictures, files and folders that the repository's pages name exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    page for glob in ("*.md", "docs/**/*.md", "benchmarks/*.md") for page in ROOT.glob(glob)
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# A path from the top of the repository; placeholders have angle brackets.
PATH = re.compile(
    r"(?:accounts|benchmarks|brandguard|detection|docker|docs|fingerprints|lab|tests|vision)/[\w./-]*"
)
# `name` in `file`, `name` (`file`) and (`name`, `file`), possibly on two lines.
NAME_AND_FILE = re.compile(r"`([A-Za-z_][\w.]*)`(?:\s+in\s+|\s+\(|,\s+)`([\w.]+/[\w./]+\.py)`")


def headings(page: Path) -> set[str]:
    """Returns the anchors of a page's headings, as GitHub forms them."""
    found = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if "://" in link:
            continue
        file, _, heading = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not heading or heading in headings(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = {code for code in CODE.findall(page.read_text()) if PATH.fullmatch(code)}
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_name_of_the_map_is_defined_in_the_file_that_it_is_said_to_be_in() -> None:
    missing = {
        f"{name} in {file}"
        for page in (ROOT / "docs/architecture.md", ROOT / "CONTRIBUTING.md")
        for name, file in NAME_AND_FILE.findall(page.read_text())
        if not all(
            re.search(rf"^ *(?:class |def )?{part}\b", (ROOT / file).read_text(), re.MULTILINE)
            for part in name.split(".")
        )
    }
    assert missing == set()


def test_every_picture_of_the_pages_is_shown_on_one() -> None:
    shown = {Path(link).name for page in PAGES for link in LINK.findall(page.read_text())}
    pictures = {file.name for file in ROOT.glob("docs/images/*")}
    assert pictures - shown == set()
