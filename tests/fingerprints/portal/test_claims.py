"""Rights and licensed sellers on the brand's page: Alice owns, Bob reads, Charlie is a stranger."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Marketplace
from fingerprints.models import Brand, Licence, Right
from tests import factories
from tests.fingerprints.scenes import TODAY, entry, shown
from tests.pages import INLINE
from tests.pictures import drawn, encoded

pytestmark = pytest.mark.django_db


@pytest.fixture
def right(brand: Brand) -> Right:
    return factories.right(brand, number="018000001")


@pytest.fixture
def licence(brand: Brand, marketplace: Marketplace) -> Licence:
    return factories.licence(brand, marketplace)


@pytest.fixture
def forms(brand: Brand, right: Right, licence: Licence) -> list[str]:
    return [
        reverse("new-right", args=[brand.pk]),
        reverse("withdraw-right", args=[right.pk]),
        reverse("new-licence", args=[brand.pk]),
        reverse("revoke-licence", args=[licence.pk]),
    ]


def test_owners_open_the_forms_and_nobody_else(
    forms: list[str], as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    for page in forms:
        response = as_alice.get(page)
        assert response.status_code == 200
        assert not INLINE.search(response.text)
        assert [as_bob.get(page).status_code, as_bob.post(page).status_code] == [403, 403]
        assert [as_charlie.get(page).status_code, as_charlie.post(page).status_code] == [404, 404]
        assert Client().get(page).headers["Location"] == f"/sign-in?next={page}"


def test_the_team_reads_and_owners_find_what_to_change(
    brand: Brand, forms: list[str], as_alice: Client, as_bob: Client
) -> None:
    for page in (shown(brand, as_alice), shown(brand, as_bob)):
        assert "Trade mark · EUIPO 018000001" in page
        assert "EU · from 1 Jan 2020 without end" in page
        assert "seller-1 on Bazaar" in page
        assert not INLINE.search(page)
    assert all(f'href="{page}"' in shown(brand, as_alice) for page in forms)
    assert not any(f'href="{page}"' in shown(brand, as_bob) for page in forms)


def test_a_right_is_added_and_waits_to_be_verified(brand: Brand, as_alice: Client) -> None:
    design = factories.design(brand)
    page = reverse("new-right", args=[brand.pk])
    response = as_alice.post(page, entry(designs=[design.pk]), follow=True)
    right = Right.objects.get()
    assert (right.state, right.territories) == ("submitted", ["DE", "FR"])
    assert "for Bottle only" in response.text
    assert "Not verified yet" in response.text
    assert "Until then it holds and blocks nothing" in response.text
    assert "No right is in force" in response.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"territories": "Germany"}, "Send DE for GERMANY."),
        ({"territories": "UK"}, "Send GB for UK."),
        ({"office": "EUIPPO"}, "Send EUIPO if you mean that office."),
        ({"territories": []}, "This field is required"),
        ({"territories": ["*", "DE"]}, "Only copyright can be in force everywhere"),
        ({"number": ""}, "its number is missing"),
        ({"right_kind": ""}, "This field is required"),
        ({"valid_until": "2019-01-01"}, "ends before it begins"),
        (
            {"document": factories.upload(b"<html>", "c.pdf")},
            "neither a PDF nor a supported picture",
        ),
        ({"document": ""}, "This field is required"),
        ({"designs": ["00000000-0000-0000-0000-000000000000"]}, "not one of the available"),
    ],
)
def test_a_right_is_refused_beside_its_field(
    fields: dict[str, object], said: str, brand: Brand, as_alice: Client
) -> None:
    response = as_alice.post(reverse("new-right", args=[brand.pk]), entry(**fields))
    assert response.status_code == 422
    assert said in response.text
    assert not Right.objects.exists()


def test_a_right_is_withdrawn_once_confirmed(brand: Brand, right: Right, as_alice: Client) -> None:
    page = reverse("withdraw-right", args=[right.pk])
    assert "cannot be restored" in as_alice.get(page).text
    assert "1 withdrawn or expired" in as_alice.post(page, follow=True).text
    right.refresh_from_db()
    assert right.state == "withdrawn"


def test_a_document_is_saved_and_never_shown(brand: Brand, right: Right, as_bob: Client) -> None:
    response = as_bob.get(reverse("right-document", args=[right.pk]))
    assert b"".join(response) == factories.PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_document_has_a_name_and_a_type_of_ours(brand: Brand, as_alice: Client) -> None:
    picture = factories.upload(encoded(drawn()), "../../<script>.html")
    as_alice.post(reverse("new-right", args=[brand.pk]), entry(document=picture))
    right = Right.objects.get()
    response = as_alice.get(reverse("right-document", args=[right.pk]))
    assert response.headers["Content-Type"] == "image/png"
    response.close()
    assert f'filename="right-{right.pk}.png"' in response.headers["Content-Disposition"]


def test_a_document_is_for_the_team_and_staff(
    right: Right, as_alice: Client, as_charlie: Client, as_rita: Client
) -> None:
    page = reverse("right-document", args=[right.pk])
    staff = factories.signed_in(factories.staff())
    seen = [client.get(page) for client in (as_alice, staff, as_charlie, as_rita)]
    assert [response.status_code for response in seen] == [200, 200, 404, 404]
    for response in seen[:2]:
        response.close()
    assert Client().get(page).status_code == 302


def test_a_document_that_is_lost_is_not_found(right: Right, as_alice: Client) -> None:
    right.document.storage.delete(str(right.document))
    assert as_alice.get(reverse("right-document", args=[right.pk])).status_code == 404


def test_a_seller_is_licensed(brand: Brand, marketplace: Marketplace, as_alice: Client) -> None:
    page = reverse("new-licence", args=[brand.pk])
    assert "Acme</option>" not in as_alice.get(page).text  # no marketplace
    given = {"marketplace": marketplace.organisation.pk, "seller_id": "seller-9"}
    response = as_alice.post(page, given, follow=True)
    assert "seller-9 on Bazaar" in response.text
    assert Licence.objects.get().valid_from == TODAY
    again = as_alice.post(page, given)
    assert again.status_code == 422
    assert "already has a licence" in again.text


def test_a_licence_is_revoked_once_confirmed(
    brand: Brand, licence: Licence, as_alice: Client
) -> None:
    page = reverse("revoke-licence", args=[licence.pk])
    assert "all designs of the brand" in as_alice.get(page).text
    assert "The licence of seller-1 on Bazaar is revoked" in as_alice.post(page, follow=True).text
    assert "No seller is licensed" in shown(brand, as_alice)


def test_licences_are_paged_by_key(
    brand: Brand, marketplace: Marketplace, as_alice: Client
) -> None:
    for number in range(27):
        factories.licence(brand, marketplace, seller_id=f"number-{number:02}")
    first = shown(brand, as_alice)
    assert "number-26" in first
    assert "number-01" not in first
    assert "?licences=" in first
