"""Takes screenshots of the demo's portal for README and docs."""

import io
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from PIL import Image

from lab.demo.tenants import Tenants

if TYPE_CHECKING:  # from requirements-dev.txt
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = (1366, 768), (390, 844)
PATIENCE = 180  # seconds for the workers to finish the robustness test of one design
COLOURS = 256  # of a palette: a third of the bytes without a visible difference


# These pictures may be used but not published (docs/decisions/0006), so rows that show them are removed.
WITHHELD = "Motorcycle"
LEFT_OUT = "rows => rows.forEach((row) => row.remove())"


@dataclass(frozen=True)
class Shot:
    """One screenshot: opens `path`, then clicks the links and buttons with these names."""

    name: str
    user: str
    path: str
    clicks: tuple[str, ...] = ()
    size: tuple[int, int] = DESKTOP
    language: str = "en"


QUEUE = "/alerts?state=open&order=risk"
SHOTS = (
    Shot("queue", "reviewer", QUEUE),
    Shot("alert", "reviewer", "/alerts?state=open&similarity=85&order=risk", ("tilted",)),
    Shot("slider", "reviewer", "/alerts?state=open&similarity=85&order=risk", ("tilted", "Slider")),
    Shot("cluster", "reviewer", QUEUE, ("one picture, many sellers",)),
    Shot("phone", "reviewer", QUEUE, ("tilted",), PHONE),
    Shot("chinese", "reviewer", QUEUE, ("tilted",), language="zh-CN"),
    Shot("threshold", "reviewer", "/thresholds?at=92"),
    Shot("overview", "owner", "/overview"),
    Shot("robustness", "owner", "/brands", ("Meridian", "Coffee cup", "Robustness test")),
    Shot("brand", "owner", "/brands", ("Meridian",)),
    Shot("start", "newcomer", "/start"),
    Shot("operations", "admin", "/operations"),
)


def take(url: str, tenants: Tenants, folder: Path) -> Iterator[str]:
    """Yields the name of each screenshot once it is written."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise CommandError(
            "Screenshots need requirements-dev.txt. ./run demo installs it."
        ) from error
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise CommandError(
            "Screenshots need Chromium. Install it (Debian: apt-get install chromium)."
        )
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for shot in SHOTS:
            page = signed_in(browser, url, shot, tenants.password)
            page.goto(f"{url}{shot.path}")
            for name in shot.clicks:
                click(page, name)
            if shot.name == "robustness":
                wait_for_robustness_test(page)
            page.wait_for_load_state("networkidle")
            page.locator("li", has_text=WITHHELD).evaluate_all(LEFT_OUT)
            save(
                page.screenshot(full_page=shot.name in {"robustness", "threshold", "phone"}),
                folder,
                shot,
            )
            page.context.close()
            yield shot.name
        browser.close()


def signed_in(browser: "Browser", url: str, shot: Shot, password: str) -> "Page":
    width, height = shot.size
    page = browser.new_context(
        viewport={"width": width, "height": height}, locale=shot.language
    ).new_page()
    page.goto(f"{url}/sign-in")
    page.locator("[name=login]").fill(shot.user)
    page.locator("[name=password]").fill(password)
    page.locator("main .button").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def click(page: "Page", name: str) -> None:
    """Clicks the link of exactly that name, otherwise one that contains it, otherwise a button."""
    main = page.locator("main")
    exactly = main.get_by_role("link", name=name, exact=True)
    partly = main.get_by_role("link", name=name)
    button = main.get_by_role("button", name=name)
    next(found for found in (exactly, partly, button) if found.count()).first.click()
    page.wait_for_load_state("networkidle")


def wait_for_robustness_test(page: "Page") -> None:
    until = time.monotonic() + PATIENCE
    while not page.locator("table.bars").count():
        if time.monotonic() > until:
            raise CommandError("The robustness test did not finish in time.")
        page.wait_for_timeout(1000)


def save(png: bytes, folder: Path, shot: Shot) -> None:
    with Image.open(io.BytesIO(png)) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(folder / f"portal-{shot.name}.png", optimize=True)
