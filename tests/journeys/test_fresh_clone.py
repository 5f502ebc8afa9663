"""A new user's first minutes: clone into an empty folder, run the first command of the README."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.slow
@pytest.mark.processes
def test_a_fresh_clone_does_the_main_job(tmp_path: Path) -> None:
    clone = tmp_path / "a folder with blanks"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    own = {k: v for k, v in os.environ.items() if not k.startswith(("BRANDGUARD_", "REDIS_"))}
    done = subprocess.run(
        ["./run", "demo", "--exit"],
        cwd=clone,
        env=own,
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (clone / "var" / "demo").is_dir()
