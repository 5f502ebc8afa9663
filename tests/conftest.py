"""Fixtures that most tests share."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Marketplace, Organisation
from fingerprints.models import Brand
from tests import factories
from tests.fake_encoder import FakeEncoder
from vision.encoders.base import Encoder
from vision.encoders.catalogue import load_encoder

# pytest-django's fixtures, one of which a test with a database uses.
OF_A_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--of-the-database", action="store_true", help="leave out tests that use no database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drops tests without a database, whose results do not depend on it."""
    if not config.getoption("--of-the-database"):
        return
    left_out = [item for item in items if not uses_a_database(item)]
    items[:] = [item for item in items if uses_a_database(item)]
    config.hook.pytest_deselected(items=left_out)


def uses_a_database(item: pytest.Item) -> bool:
    asked = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(asked & OF_A_DATABASE)


@pytest.fixture(autouse=True)
def _own_media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def fake_encoder() -> Encoder:
    """A small, fast encoder that keeps similar pictures close."""
    return FakeEncoder()


@pytest.fixture(scope="session")
def sscd() -> Encoder:
    return load_encoder("sscd")


# Alice owns a brand, Bob is on her team, Charlie is a stranger with a brand of his own.
@pytest.fixture
def acme(db: None) -> Organisation:
    return factories.organisation("Acme")


@pytest.fixture
def alice(acme: Organisation) -> User:
    return factories.member(acme, "alice", role="owner")


@pytest.fixture
def bob(acme: Organisation) -> User:
    return factories.member(acme, "bob")


@pytest.fixture
def charlie(db: None) -> User:
    return factories.member(factories.organisation("Charlie & Co"), "charlie", role="owner")


@pytest.fixture
def rita(db: None) -> User:
    """Rita, a reviewer of the operator."""
    return factories.member(factories.operator(), "rita", role="reviewer")


@pytest.fixture
def brand(acme: Organisation) -> Brand:
    return factories.brand(acme)


@pytest.fixture
def marketplace(acme: Organisation) -> Marketplace:
    """A marketplace that admits Acme."""
    return factories.marketplace(admits=[acme])


@pytest.fixture
def seller(marketplace: Marketplace) -> User:
    """The user as which a program of the marketplace acts."""
    return factories.member(marketplace.organisation, "bazaar")


@pytest.fixture
def key(marketplace: Marketplace, seller: User) -> str:
    """The key with which that program sends listings."""
    return factories.api_key(marketplace.organisation, seller, "listings")


@pytest.fixture
def as_alice(alice: User) -> Client:
    return factories.signed_in(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return factories.signed_in(bob)


@pytest.fixture
def as_charlie(charlie: User) -> Client:
    return factories.signed_in(charlie)


@pytest.fixture
def as_rita(rita: User) -> Client:
    return factories.signed_in(rita)


@pytest.fixture
def as_staff(db: None) -> Client:
    return factories.signed_in(factories.staff())
