"""An organisation's name, verification and people."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from accounts.models import Organisation
from tests import factories
from tests.constraints import refusal


@pytest.mark.django_db
def test_an_organisation_s_name_is_its_own() -> None:
    factories.organisation("Acme")
    assert "name" in refusal(lambda: factories.organisation("Acme"))


@pytest.mark.django_db
def test_an_organisation_is_verified_from_the_moment_it_was() -> None:
    assert factories.organisation("Acme").is_verified
    assert not factories.organisation("New", verified=False).is_verified


def test_a_person_sees_the_organisations_they_belong_to(alice: User, charlie: User) -> None:
    assert [of.name for of in Organisation.objects.of(alice)] == ["Acme"]
    assert not Organisation.objects.of(AnonymousUser()).exists()
