from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from brandguard import environment as env


def test_a_text_loses_the_blanks_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", " redis://here ")
    assert env.text("NAME", "") == "redis://here"


def test_what_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NAME", raising=False)
    assert env.text("NAME", "a") == "a"
    assert env.switch("NAME", default=True) is True
    assert env.number("NAME", 7, least=1, most=9) == 7
    assert env.words("NAME", "a, b") == ["a", "b"]
    assert env.choice("NAME", "a", ("a", "b")) == "a"


@pytest.mark.parametrize("value", ["1", "TRUE", "yes", "on "])
def test_a_switch_is_put_on(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", value)
    assert env.switch("NAME", default=False) is True


@pytest.mark.parametrize("value", ["0", "False", "no", "off", ""])
def test_a_switch_is_put_off(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", value)
    assert env.switch("NAME", default=True) is False


def test_a_switch_refuses_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "maybe")
    with pytest.raises(ImproperlyConfigured, match="NAME is 'maybe': set it to true or false"):
        env.switch("NAME", default=False)


@pytest.mark.parametrize("value", ["1", "9"])
def test_a_number_may_be_its_bounds(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", value)
    assert env.number("NAME", 5, least=1, most=9) == int(value)


@pytest.mark.parametrize("value", ["0", "10", "1.5", "two", "1e3"])
def test_a_number_refuses_what_is_none_or_out_of_bounds(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME", value)
    with pytest.raises(ImproperlyConfigured, match=f"NAME is '{value}': .* from 1 to 9"):
        env.number("NAME", 5, least=1, most=9)


def test_an_empty_number_is_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", " ")
    assert env.number("NAME", 5, least=1, most=9) == 5


def test_words_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "a.example, b.example,,")
    assert env.words("NAME", "") == ["a.example", "b.example"]


def test_a_choice_refuses_what_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "c")
    with pytest.raises(ImproperlyConfigured, match="NAME is 'c': set it to one of a, b"):
        env.choice("NAME", "a", ("a", "b"))


def test_a_folder_is_made_and_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME", str(tmp_path / "deep" / "data"))
    made = env.folder("NAME", tmp_path)
    assert made == (tmp_path / "deep" / "data").resolve()
    assert made.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NAME", str(tmp_path / "file" / "data"))
    with pytest.raises(ImproperlyConfigured, match=r"NAME is .*cannot be created.*name a folder"):
        env.folder("NAME", tmp_path)


def test_a_secret_is_made_once_and_kept_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NAME", raising=False)
    kept = tmp_path / "key"
    made = env.secret("NAME", kept)
    assert len(made) >= 50
    assert env.secret("NAME", kept) == made
    assert kept.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [kept]


def test_a_secret_from_the_environment_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME", "s" * 32)
    assert env.secret("NAME", tmp_path / "key") == "s" * 32
    assert not (tmp_path / "key").exists()


def test_a_short_secret_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAME", "hunter2")
    with pytest.raises(ImproperlyConfigured, match="NAME is too short") as refused:
        env.secret("NAME", tmp_path / "key")
    assert "hunter2" not in str(refused.value)


def test_a_silent_postgresql_and_a_lock_that_another_has_are_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user@host/name?sslmode=require")
    options = env.database("DATABASE_URL", "")["OPTIONS"]
    assert options["connect_timeout"] == 5
    assert options["options"] == "-c lock_timeout=30000"
    assert options["sslmode"] == "require"
