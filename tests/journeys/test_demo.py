"""The first command of the README, as a new user runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes


def demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "demo", "--exit", *arguments],
        env={**os.environ, "BRANDGUARD_DATA_DIR": str(folder)},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_demo_does_the_main_job_and_stops(tmp_path: Path) -> None:
    done = demo(tmp_path, "--seed", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "31 of 31 copies and evasions held" in done.stdout
    assert "24 of 24 unrelated pictures allowed" in done.stdout
    assert "NOT AS EXPECTED" not in done.stdout


def test_the_demo_says_which_folder_is_wrong(tmp_path: Path) -> None:
    done = demo(tmp_path, "--images", str(tmp_path))
    assert done.returncode == 1
    assert f"--images {tmp_path}" in done.stderr
