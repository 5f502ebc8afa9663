"""The administration, as the operator's staff sees it."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Marketplace, Organisation
from fingerprints.models import Brand, Right
from tests import factories

pytestmark = pytest.mark.django_db
LIST = reverse("admin:fingerprints_right_changelist")


@pytest.fixture
def right(brand: Brand) -> Right:
    return factories.right(brand, verified=False)


def act(client: Client, action: str, *rights: Right) -> str:
    given = {"action": action, "_selected_action": [right.pk for right in rights]}
    return client.post(LIST, given, follow=True).text


def state(right: Right) -> str:
    return Right.objects.get(pk=right.pk).state


def test_a_right_is_shown_with_its_document_beside_its_state(
    as_staff: Client, right: Right
) -> None:
    document = reverse("right-document", args=[right.pk])
    page = reverse("admin:fingerprints_right_change", args=[right.pk])
    for text in (as_staff.get(LIST).text, as_staff.get(page).text):
        assert f'href="{document}"' in text
        assert "Submitted" in text
        assert 'name="state"' not in text


def test_staff_verifies_and_withdraws_through_the_actions(as_staff: Client, right: Right) -> None:
    assert "verified" in act(as_staff, "verify", right)
    assert state(right) == "verified"
    act(as_staff, "withdraw", right)
    assert state(right) == "withdrawn"
    assert "Submit it again" in act(as_staff, "verify", right)
    done = AuditEvent.objects.filter(subject_id=str(right.pk)).order_by("id")
    assert [event.action for event in done] == ["right.verified", "right.withdrawn"]


def test_staff_does_not_verify_what_is_its_own(
    as_staff: Client, right: Right, acme: Organisation
) -> None:
    acme.memberships.create(user=factories.staff())
    assert "Ask another member" in act(as_staff, "verify", right)
    assert state(right) == "submitted"


def test_staff_that_may_only_look_changes_nothing(right: Right) -> None:
    looker: User = factories.user("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_right"))
    client = factories.signed_in(looker)
    assert "Verify the selected rights" not in client.get(LIST).text
    act(client, "verify", right)
    assert state(right) == "submitted"


def test_a_right_is_never_edited(as_staff: Client, right: Right) -> None:
    page = reverse("admin:fingerprints_right_change", args=[right.pk])
    assert as_staff.post(page, {"state": "verified"}).status_code == 403
    assert as_staff.get(reverse("admin:fingerprints_right_add")).status_code == 403


def test_licences_are_looked_at_only(
    as_staff: Client, brand: Brand, marketplace: Marketplace
) -> None:
    licence = factories.licence(brand, marketplace)
    page = reverse("admin:fingerprints_licence_change", args=[licence.pk])
    assert "seller-1" in as_staff.get(page).text
    assert as_staff.post(page, {"seller_id": "seller-2"}).status_code == 403


def test_a_brand_blocks_no_earlier_than_it_holds(as_staff: Client, brand: Brand) -> None:
    page = reverse("admin:fingerprints_brand_change", args=[brand.pk])
    given = {"name": brand.name, "review_threshold": 98, "block_threshold": 97}
    assert "cannot be lower than the review threshold" in as_staff.post(page, given).text
