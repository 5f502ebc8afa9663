"""A listing matched, and encoders that a picture breaks."""

from collections.abc import Sequence

from accounts.models import Marketplace
from detection.intake.models import Listing, ListingImage
from detection.matching.actions.match_listing import match_listing
from detection.matching.matcher import Matcher
from tests.detection.scenes import COPY, posted
from tests.fake_encoder import FakeEncoder
from vision.encoders.base import Vectors
from vision.pictures.picture import Picture


def after_matching(listing: Listing, matcher: Matcher) -> Listing:
    match_listing(listing=listing, matcher=matcher)
    return Listing.objects.get(pk=listing.pk)


def failing(error: Exception, *, on: Picture) -> FakeEncoder:
    """An encoder that one picture breaks."""

    class Failing(FakeEncoder):
        def embed(self, pictures: Sequence[Picture]) -> Vectors:
            if pictures[0].shape == on.shape and (pictures[0] == on).all():
                raise error
            return super().embed(pictures)

    return Failing()


def pixels_with_a_result(marketplace: Marketplace, matcher: Matcher) -> str:
    after_matching(posted(marketplace, COPY), matcher)
    return ListingImage.objects.get().pixel_sha256
