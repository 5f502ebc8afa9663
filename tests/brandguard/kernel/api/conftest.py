import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    """As a server answers: what is raised becomes an answer."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)
