"""`./run test` runs pytest in a temporary data folder, on SQLite or (--postgres) on PostgreSQL.

--all includes the slow tests; every other argument is pytest's. On PostgreSQL, tests that do not use this
run's database are not repeated: those without a database (half of the tests), and encoders, processes and
browsers, which have their own.

Without a choice of tests there are two runs of pytest: first the tests that compute, on every core; then,
alone on the machine, those that start processes and browsers and measure time. With a choice there is one
run.
"""

import os
import sys
import tempfile
from collections.abc import Sequence

from tests import postgres

OURS = ("--all", "--postgres")
ALONE = "(processes or browser)"
# The tests of a file stay together for what they share, so more than eight processes gain little.
PARALLEL = ("-n", str(min(8, os.cpu_count() or 1)), "--dist", "loadfile")
INTERRUPTED = 2  # pytest's status for an interrupt; a signal's status is higher


def pytest_commands(arguments: Sequence[str]) -> list[list[str]]:
    """Returns the commands, which run one after the other."""
    chosen = [word for word in arguments if word not in OURS]
    wanted = "" if "--all" in arguments else "not slow"
    if "--postgres" in arguments and wanted:
        wanted += " and not encoder and not processes and not browser"
        chosen.append("--of-the-database")
    if "-m" in chosen:
        return [pytest(*chosen)]
    if any(not word.startswith("-") for word in chosen):
        return [pytest("-m", wanted, *chosen)]
    commands = [pytest("-m", marked(wanted, f"not {ALONE}"), *PARALLEL, *chosen)]
    if "not browser" not in wanted:
        commands.append(pytest("-m", marked(wanted, ALONE), *chosen))
    return commands


def marked(*parts: str) -> str:
    return " and ".join(part for part in parts if part)


def pytest(*words: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *words]


def main(arguments: Sequence[str]) -> int:
    """Returns the worst exit status; an interrupt ends the runs."""
    with tempfile.TemporaryDirectory(prefix="brandguard-", ignore_cleanup_errors=True) as folder:
        os.environ["BRANDGUARD_DATA_DIR"] = folder
        worst = 0
        for command in pytest_commands(arguments):
            status = run(command, on_postgres="--postgres" in arguments)
            worst = max(worst, status if status >= 0 else 128 - status)  # ended by a signal
            if worst >= INTERRUPTED:
                break
        return worst


def run(command: Sequence[str], *, on_postgres: bool) -> int:
    if not on_postgres:
        os.environ.pop("DATABASE_URL", None)
    elif not os.environ.get("DATABASE_URL"):
        return postgres.run_with_cluster(command)
    return postgres.run(command, {})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
