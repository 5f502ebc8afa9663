"""The register follows what is enrolled, retired and deleted."""

from accounts.models import Marketplace
from detection.matching.matcher import Matcher
from detection.review.models import Alert
from fingerprints.actions.retire import retire_design
from fingerprints.models import Brand
from tests import factories
from tests.detection.matching.scenes import after_matching
from tests.detection.scenes import BOTTLE, COPY, posted
from tests.matchers import enrolled
from tests.pictures import drawn
from vision.channels.register import ViewOwner


def test_a_retired_design_no_longer_matches(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    design = enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    retire_design(design=design, by=factories.staff())
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert again.verdict == "allow"
    assert not again.alerts.exists()


def test_a_design_enrolled_since_is_matched_at_once(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    after_matching(posted(marketplace, COPY), matcher)
    enrolled(brand, BOTTLE)
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert again.verdict == "hold"


def test_a_view_deleted_since_the_search_is_passed_over(
    brand: Brand, marketplace: Marketplace, matcher: Matcher
) -> None:
    design = enrolled(brand, BOTTLE)
    after_matching(posted(marketplace, COPY), matcher)
    Alert.objects.all().delete()
    design.images.all().delete()
    again = after_matching(posted(marketplace, COPY, external_id="offer-2"), matcher)
    assert again.verdict == "allow"


def test_owners_are_those_of_views_that_may_be_searched(
    brand: Brand, matcher: Matcher, marketplace: Marketplace
) -> None:
    kept, gone = (enrolled(brand, drawn(seed), name=f"Design {seed}") for seed in (7, 8))
    after_matching(posted(marketplace, COPY), matcher)
    retire_design(design=gone, by=factories.staff())
    view, retired = kept.images.get().pk, gone.images.get().pk
    found = matcher.register.owners([view, retired])
    assert found == {view: ViewOwner(view, brand.pk, verified=True)}
