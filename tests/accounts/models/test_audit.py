"""Audit events are never altered and outlive what they are of."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from accounts.models import AuditEvent
from fingerprints.models import Brand
from tests import factories


@pytest.mark.django_db
def test_an_audit_event_says_who_did_what_to_what(brand: Brand, alice: User) -> None:
    event = AuditEvent.objects.record("brand.renamed", subject=brand, by=alice, before="Fuzz")
    assert (event.actor, event.actor_id) == ("alice", str(alice.pk))
    assert (event.subject_type, event.subject_id) == ("brand", str(brand.pk))
    assert event.data == {"before": "Fuzz"}


@pytest.mark.parametrize("by", [None, AnonymousUser()])
def test_what_the_service_does_by_itself_is_the_service_s(
    brand: Brand, by: AnonymousUser | None
) -> None:
    event = AuditEvent.objects.record("brand.swept", subject=brand, by=by)
    assert (event.actor, event.actor_id) == ("service", "")


def test_an_audit_event_is_never_altered(brand: Brand) -> None:
    event = AuditEvent.objects.record("brand.renamed", subject=brand, by=None)
    event.action = "nothing happened"
    with pytest.raises(TypeError):
        event.save()
    event.refresh_from_db()
    assert event.action == "brand.renamed"


def test_an_audit_event_is_never_deleted(brand: Brand) -> None:
    event = AuditEvent.objects.record("brand.renamed", subject=brand, by=None)
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.all().delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.filter(pk=event.pk).update(actor="nobody")
    assert AuditEvent.objects.get() == event


def test_an_audit_event_outlives_its_subject_and_its_actor(brand: Brand) -> None:
    dora = factories.user("dora")
    AuditEvent.objects.record("brand.renamed", subject=brand, by=dora)
    brand.delete()
    dora.delete()
    assert AuditEvent.objects.get().actor == "dora"
