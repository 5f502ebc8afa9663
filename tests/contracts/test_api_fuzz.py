"""The whole API against its own description: whatever is sent, no 500 and no status that is not said."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from accounts.models import Marketplace
from brandguard.wsgi import application
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db

schema = schemathesis.openapi.from_wsgi("/api/v1/schema", application)
# What each of them may do is different: every URL is asked by each.
SCOPES = ("designs", "listings", "alerts")


@pytest.fixture(autouse=True)
def _within_this_test_s_connection() -> Iterator[None]:
    """A server ends a request's connection; here it is the test's, with its transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def keys(marketplace: Marketplace, brand: Brand, alice: User, rita: User) -> dict[str, str]:
    """Of a brand owner, a marketplace and a reviewer, with a row of everything to be found."""
    seller = factories.member(marketplace.organisation, "bazaar")
    operator = rita.memberships.get().organisation
    factories.alert(brand, marketplace)
    whose = {
        "designs": (brand.organisation, alice),
        "listings": (marketplace.organisation, seller),
        "alerts": (operator, rita),
    }
    return {scope: factories.api_key(*whose[scope], scope) for scope in SCOPES}


@pytest.mark.parametrize("scope", SCOPES)
@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_nothing_that_is_sent_breaks_it(
    case: Any, keys: dict[str, str], scope: str, settings: Any
) -> None:
    settings.CHECK_MILLISECONDS = 1
    settings.REQUESTS_PER_MINUTE = 1_000_000
    answer = case.call(headers={"Authorization": f"Bearer {keys[scope]}"})
    case.validate_response(
        answer, checks=[not_a_server_error, status_code_conformance, content_type_conformance]
    )


def test_it_would_notice(keys: dict[str, str]) -> None:
    """The description that is held against the answers is the service's own."""
    assert "/api/v1/listings" in schema.raw_schema["paths"]
