"""Measures the wait between recording a decision and seeing the next alert's pictures.

    python benchmarks/review_screen.py http://127.0.0.1:8000 reviewer PASSWORD [--alerts 20]

Works through open alerts of a running server with Chromium by keyboard, choosing "needs more", which leaves
them open. Prints the median and the 95th percentile of the milliseconds from the key press until both
pictures of the next alert are drawn.
"""

import argparse
import shutil
import statistics
import sys

from playwright.sync_api import Page, sync_playwright

WATCH = """
addEventListener("keydown", (e) => e.key === "d" && sessionStorage.setItem("from", Date.now()));
const look = () => {
  const shown = [...document.querySelectorAll(".drawn img")];
  if (shown.length && shown.every((image) => image.complete && image.naturalWidth)) {
    const till = () => sessionStorage.setItem("till", `${location.href} ${Date.now()}`);
    requestAnimationFrame(() => requestAnimationFrame(till));
  } else requestAnimationFrame(look);
};
addEventListener("DOMContentLoaded", look);
"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("url")
    given.add_argument("user")
    given.add_argument("password")
    given.add_argument("--alerts", type=int, default=20)
    asked = given.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        sys.exit("no Chromium: install it to run this")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.add_init_script(WATCH)
        sign_in(page, asked.url, asked.user, asked.password)
        waits = sorted(decide(page) for _ in range(asked.alerts))
        browser.close()
    late = waits[max(0, round(len(waits) * 0.95) - 1)]
    print(f"{len(waits)} alerts: median {statistics.median(waits):.0f} ms, p95 {late:.0f} ms")


def sign_in(page: Page, url: str, user: str, password: str) -> None:
    page.goto(f"{url}/sign-in?next=/alerts%3Fstate=open")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.locator("a.cover").first.click()
    page.wait_for_load_state("networkidle")


def decide(page: Page) -> float:
    """Returns the milliseconds until the next alert's pictures are drawn."""
    before = page.url
    page.keyboard.press("5")
    page.keyboard.press("d")
    page.wait_for_url(lambda url: url != before)
    # Not wait_for_function, which evaluates text in the page; the page's policy refuses that.
    while not page.evaluate("Boolean(sessionStorage.till?.startsWith(location.href))"):
        page.wait_for_timeout(20)
    page.wait_for_load_state("networkidle")  # meanwhile the next pictures are loaded
    waited = page.evaluate("sessionStorage.till.split(' ')[1] - sessionStorage.from")
    return float(waited)


if __name__ == "__main__":
    main()
