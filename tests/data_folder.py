"""Sets a temporary data folder for a plain `pytest` before anything reads settings, and a broker in memory:
unit tests see what is queued, and journeys start their own brokers.

Loaded by `-p` in pyproject.toml, because pytest-django reads settings before conftest.py.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["REDIS_URL"] = "memory://"
if "BRANDGUARD_DATA_DIR" not in os.environ:
    folder = tempfile.mkdtemp(prefix="brandguard-")
    os.environ["BRANDGUARD_DATA_DIR"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # each process of a parallel run has its own
    own = Path(os.environ["BRANDGUARD_DATA_DIR"]) / worker
    own.mkdir(exist_ok=True)
    os.environ["BRANDGUARD_DATA_DIR"] = str(own)
