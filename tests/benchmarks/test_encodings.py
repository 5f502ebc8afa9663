"""How well encodings are known, as a user measures it."""

from tests.benchmarks.programs import run


def test_it_counts_each_language_and_all_files() -> None:
    ran = run("encodings.py", "--files", 2)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert any(line.startswith("zh_Hans  gb18030") for line in lines)
    assert lines[-1].startswith("350 files: ")
