"""`./run test`: pytest in a throw-away data folder, on SQLite or (--postgres) on PostgreSQL.

--all runs the slow tests too; every other argument is pytest's. On PostgreSQL, what never touches
this run's database is not run a second time: what uses none (half of the tests), and encoders,
processes and browsers, which have their own.
"""

import os
import sys
import tempfile
from collections.abc import Sequence

from tests import postgres


def pytest_command(arguments: Sequence[str]) -> list[str]:
    chosen = [word for word in arguments if word not in ("--all", "--postgres")]
    if "--all" not in arguments and "-m" not in chosen:
        elsewhere = " and not encoder and not processes and not browser"
        chosen = ["-m", "not slow" + elsewhere * ("--postgres" in arguments), *chosen]
    if "--all" not in arguments and "--postgres" in arguments:
        chosen.append("--of-the-database")
    return [sys.executable, "-m", "pytest", *chosen]


def main(arguments: Sequence[str]) -> int:
    command = pytest_command(arguments)
    with tempfile.TemporaryDirectory(prefix="brandguard-", ignore_cleanup_errors=True) as folder:
        os.environ["BRANDGUARD_DATA_DIR"] = folder
        if "--postgres" not in arguments:
            os.environ.pop("DATABASE_URL", None)
        elif not os.environ.get("DATABASE_URL"):
            return postgres.run_with_cluster(command)
        return postgres.run(command, {})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
