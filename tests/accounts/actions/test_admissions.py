"""A marketplace admits a brand owner: the third of what it takes to hold a listing."""

import pytest
from django.contrib.auth.models import User

from accounts.actions.admissions import NoBrandOwner, NotYoursToAdmit, admit, end_admission
from accounts.models import AuditEvent, Mail, Marketplace, Organisation
from detection.review.actions.assess import assess_listing
from detection.review.actions.reassess import reassess_brands
from detection.review.models import Alert
from fingerprints.models import Brand
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def bella(marketplace: Marketplace) -> User:
    return factories.member(marketplace.organisation, "bella", role="owner")


def test_ending_it_releases_what_is_held_and_admitting_holds_it_again(
    brand: Brand, marketplace: Marketplace, bella: User
) -> None:
    alert = factories.alert(brand, marketplace)
    owner = brand.organisation
    end_admission(marketplace=marketplace, organisation=owner, by=bella)
    reassess_brands()
    alert.refresh_from_db()
    alert.listing.refresh_from_db()
    assert (alert.listing.verdict, alert.rule) == ("allow", "claimant_not_admitted")
    assert not Alert.objects.awaiting_review().exists()
    admit(marketplace=marketplace, organisation=owner, by=bella)
    reassess_brands()
    alert.listing.refresh_from_db()
    assert alert.listing.verdict == "hold"
    assert Alert.objects.awaiting_review().get() == alert


def test_nothing_is_raised_where_the_owner_is_not_admitted(
    brand: Brand, marketplace: Marketplace
) -> None:
    alert = factories.alert(brand, marketplace)
    listing = alert.listing
    alert.delete()
    marketplace.admits.clear()
    assess_listing(listing=listing)
    assert not listing.alerts.exists()
    assert listing.reasons[0]["rule"] == "claimant_not_admitted"


def test_owners_are_mailed_and_each_change_is_on_record_once(
    acme: Organisation, marketplace: Marketplace, alice: User, bella: User
) -> None:
    User.objects.filter(pk=alice.pk).update(email="alice@acme.example")
    for _ in range(2):
        end_admission(marketplace=marketplace, organisation=acme, by=bella)
    for _ in range(2):
        admit(marketplace=marketplace, organisation=acme, by=bella)
    subjects = Mail.objects.order_by("pk").values_list("to", "subject")
    assert [to for to, _ in subjects] == ["alice@acme.example"] * 2
    assert subjects[0][1].startswith("Bazaar no longer admits Acme / ")
    assert subjects[1][1].startswith("Bazaar has admitted Acme / ")
    actions = AuditEvent.objects.filter(subject_id=str(acme.pk)).order_by("pk")
    assert list(actions.values_list("action", "actor")) == [
        ("marketplace.admission_ended", "bella"),
        ("marketplace.admitted", "bella"),
    ]


def test_only_its_owners_and_staff_admit(
    acme: Organisation, marketplace: Marketplace, alice: User, rita: User
) -> None:
    member = factories.member(marketplace.organisation, "mia")
    for stranger in (alice, rita, member):
        with pytest.raises(NotYoursToAdmit):
            admit(marketplace=marketplace, organisation=acme, by=stranger)
        with pytest.raises(NotYoursToAdmit):
            end_admission(marketplace=marketplace, organisation=acme, by=stranger)
    end_admission(marketplace=marketplace, organisation=acme, by=factories.staff())
    assert not marketplace.admits.exists()


def test_who_owns_no_brands_by_trade_is_not_admitted(marketplace: Marketplace) -> None:
    for other in (factories.operator(), factories.marketplace("Souk").organisation):
        with pytest.raises(NoBrandOwner):
            admit(marketplace=marketplace, organisation=other, by=factories.staff())
