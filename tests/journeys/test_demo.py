"""The first command of the README, as a new user runs it."""

import os
import signal
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
    assert "granted: one restriction is lifted, Meridian's remains" in done.stdout
    assert "listing.released: the last restriction is lifted" in done.stdout


def test_an_interrupted_demo_is_no_success_and_ends_soon(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--exit"],
        env={**os.environ, "BRANDGUARD_DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout
        for line in running.stdout:
            if line.startswith("designs registered"):
                break
        running.send_signal(signal.SIGTERM)
        _, error = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "The demo was stopped before its end." in error


def test_the_demo_empties_no_folder_that_it_did_not_make(tmp_path: Path) -> None:
    theirs = tmp_path / "demo" / "brandguard.sqlite3"
    theirs.parent.mkdir()
    theirs.write_text("an install's rows")
    done = demo(tmp_path)
    assert done.returncode == 1
    assert "was not made by the demo" in done.stderr
    assert theirs.read_text() == "an install's rows"


def test_the_demo_says_which_folder_is_wrong(tmp_path: Path) -> None:
    done = demo(tmp_path, "--images", str(tmp_path))
    assert done.returncode == 1
    assert f"--images {tmp_path}" in done.stderr
