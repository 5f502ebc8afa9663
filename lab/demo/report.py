"""What the demo prints: progress while it works, then a table."""

from collections.abc import Callable

from lab.demo.session import Result

BAR = 30  # characters


class Progress:
    """One growing line on a terminal; elsewhere a line for every tenth."""

    def __init__(self, write: Callable[[str], object], *, terminal: bool) -> None:
        self.write = write
        self.terminal = terminal

    def show(self, what: str, done: int, of: int) -> None:
        if self.terminal:
            filled = "#" * (BAR * done // of)
            end = "\n" if done == of else ""
            self.write(f"\r{what:<20} [{filled:<{BAR}}] {done}/{of}{end}")
        elif done == of or done % max(1, of // 10) == 0:
            self.write(f"{what} {done}/{of}\n")


def table(results: list[Result]) -> str:
    rows = [("listing", "expected", "found", "similarity", "match kind", "verdict", "ms", "")] + [
        row(result) for result in results
    ]
    widths = [max(len(line[column]) for line in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(f"{cell:<{w}}" for cell, w in zip(r, widths, strict=True)) for r in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


def row(result: Result) -> tuple[str, ...]:
    return (
        result.case.what,
        result.case.expected or "-",
        result.design or "-",
        f"{result.similarity:.1f}" if result.similarity is not None else "below 50",
        result.match_kind.replace("_", " ") or "-",
        result.verdict,
        str(result.milliseconds),
        "ok" if result.as_expected else "NOT AS EXPECTED",
    )


def summary(results: list[Result]) -> str:
    evasions = [result for result in results if result.case.expected]
    innocent = [result for result in results if not result.case.expected]
    found = sum(result.as_expected for result in evasions)
    free = sum(result.as_expected for result in innocent)
    middle = sorted(result.milliseconds for result in results)[len(results) // 2]
    return (
        f"{found} of {len(evasions)} copies and evasions held, "
        f"{free} of {len(innocent)} unrelated pictures allowed, "
        f"{middle} ms a listing (median, request to verdict)"
    )
