"""Who sees an alert."""

from django.contrib.auth.models import AnonymousUser, User

from accounts.models import Marketplace, Organisation
from detection.review.models import Alert
from fingerprints.models import Brand
from tests import factories
from tests.detection.rows import place


def test_a_brand_s_people_see_its_alerts_where_they_are_admitted(
    brand: Brand, marketplace: Marketplace, alice: User, bob: User, charlie: User
) -> None:
    raised = factories.alert(brand, marketplace)
    assert list(Alert.objects.visible_to(alice)) == [raised]
    assert list(Alert.objects.visible_to(bob)) == [raised]
    assert not Alert.objects.visible_to(charlie).exists()
    assert not Alert.objects.visible_to(AnonymousUser()).exists()


def test_a_marketplace_that_has_not_admitted_the_brand_shows_it_nothing(
    brand: Brand, alice: User, rita: User
) -> None:
    raised = factories.alert(brand, factories.marketplace("Closed", admits=[]))
    assert not Alert.objects.visible_to(alice).exists()
    assert list(Alert.objects.visible_to(rita)) == [raised]


def test_reviewers_of_a_marketplace_see_its_alerts_and_no_others(
    brand: Brand, marketplace: Marketplace
) -> None:
    raised = factories.alert(brand, marketplace)
    here = factories.member(marketplace.organisation, "mona", role="reviewer")
    elsewhere = factories.member(place().organisation, "eli", role="reviewer")
    plain = factories.member(marketplace.organisation, "paul")
    assert list(Alert.objects.visible_to(here)) == [raised]
    assert not Alert.objects.visible_to(elsewhere).exists()
    assert not Alert.objects.visible_to(plain).exists()


def test_what_an_unverified_organisation_claims_is_seen_by_itself_alone(rita: User) -> None:
    newcomer = factories.organisation("Newcomer", verified=False)
    nina = factories.member(newcomer, "nina", role="owner")
    raised = factories.alert(factories.brand(newcomer), factories.marketplace(admits=[newcomer]))
    assert list(Alert.objects.visible_to(nina)) == [raised]
    assert not Alert.objects.visible_to(rita).exists()
    assert not Alert.objects.awaiting_review().exists()


def test_an_alert_is_seen_once_by_whoever_has_two_reasons_to_see_it(
    brand: Brand, acme: Organisation, rita: User, marketplace: Marketplace
) -> None:
    raised = factories.alert(brand, marketplace)
    factories.member(marketplace.organisation, "mona", role="reviewer")
    marketplace.organisation.memberships.create(user=rita, role="reviewer")
    assert list(Alert.objects.visible_to(rita)) == [raised]
