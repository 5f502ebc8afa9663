"""Serializers check and convert; actions save."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from brandguard.kernel.api.bodies import Body
from brandguard.kernel.api.errors import Code, refusal
from brandguard.kernel.errors import DomainError
from detection.intake import currencies
from detection.intake.models import Listing, ListingImage, Rendition, Verdict
from fingerprints import territories
from fingerprints.api.serializers import ImageErrorSerializer, ImagesField

MAX_IN_A_BATCH = 100
NO_PICTURE = ErrorDetail(
    "There is no picture.",
    Code("required", "Send files as images, or URLs as image_urls."),
)
NO_PAIR = ErrorDetail(
    "A price needs a currency, and a currency needs a price.",
    Code("required", "Send price and currency together, or neither."),
)


class NewListingSerializer(Body):
    external_id = serializers.CharField(max_length=200, help_text="Your own identifier.")
    seller_id = serializers.CharField(max_length=200)
    title = serializers.CharField(max_length=500, required=False, allow_blank=True)
    url = serializers.URLField(max_length=1000, required=False, allow_blank=True)
    category = serializers.CharField(max_length=200, required=False, allow_blank=True)
    price = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    currency = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="ISO 4217 code."
    )
    territories = serializers.ListField(
        child=serializers.CharField(max_length=100),
        required=False,
        max_length=250,
        help_text="ISO 3166-1 alpha-2 codes, or `EU` for the European Union, where the listing is on "
        "offer. Without them, it is on offer wherever you deliver.",
    )
    images = ImagesField(required=False)
    image_urls = serializers.ListField(
        child=serializers.CharField(max_length=1000),
        required=False,
        max_length=settings.MAX_IMAGES,
        help_text="Public http or https URLs on port 80 or 443. Pictures are fetched from them, in "
        "addition to files or instead of them. A URL that can never be fetched is refused at once.",
    )

    def validate_territories(self, codes: list[str]) -> list[str]:
        try:
            return territories.checked(codes, territories.OF_LISTINGS)
        except DomainError as error:
            raise refusal(error) from error

    def validate_currency(self, code: str) -> str:
        try:
            return currencies.checked(code)
        except DomainError as error:
            raise refusal(error) from error

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        currency = given.get("currency", "")
        if not given.get("images") and not given.get("image_urls"):
            raise serializers.ValidationError({"images": NO_PICTURE})
        if (given.get("price") is None) != (not currency):
            raise serializers.ValidationError({"currency": NO_PAIR})
        return given


class NewCheckSerializer(NewListingSerializer):
    external_id = serializers.CharField(
        max_length=200,
        required=False,
        default="",
        help_text="Your own identifier, if you have one.",
    )


class KeySerializer(Body):
    idempotency_key = serializers.CharField(max_length=100, allow_blank=True)


class BatchSerializer(Body):
    """Each item has the fields of `POST /listings`, with `image_urls`, and gets an answer of its own."""

    listings = serializers.ListField(
        child=serializers.DictField(), min_length=1, max_length=MAX_IN_A_BATCH
    )


class BatchItemSerializer(serializers.Serializer[Any]):
    """`errors` has the same form as in any error answer; it is there if the item was refused."""

    status = serializers.IntegerField(help_text="The HTTP status that POST /listings would have.")
    id = serializers.UUIDField(required=False)
    external_id = serializers.CharField(required=False)
    revision = serializers.IntegerField(required=False)
    location = serializers.CharField(required=False)
    errors = serializers.ListField(  # type: ignore[assignment] # a field of that name is no attribute
        child=serializers.DictField(), required=False
    )


class BatchAnswerSerializer(serializers.Serializer[Any]):
    listings = BatchItemSerializer(many=True)


class ActionSerializer(Body):
    action = serializers.ChoiceField(choices=Listing.MarketplaceAction.choices)
    at = serializers.DateTimeField(required=False, help_text="When it was done; now by default.")


class ListingImageSerializer(serializers.ModelSerializer[ListingImage]):
    error = ImageErrorSerializer(read_only=True, allow_null=True)
    warnings = ImageErrorSerializer(
        many=True, read_only=True, help_text="Which parts were not looked at, and why."
    )

    class Meta:
        model = ListingImage
        fields = [
            "position", "name", "url", "state", "width", "height", "error", "warnings",
        ]  # fmt: skip
        read_only_fields = fields


class RenditionSerializer(serializers.ModelSerializer[Rendition]):
    """`frame` is the number of the frame in the file, from 0. `milliseconds` is when it begins; null where
    frames follow each other like pages. `ground` is the page behind a transparent picture. `part` says which
    of the `parts` of a long picture it is, from 1, and `area` where that is: left, top, width and height in
    normalised coordinates (0..1). The three are null for the whole picture.
    """

    area = serializers.ListField(
        child=serializers.FloatField(), read_only=True, allow_null=True, min_length=4, max_length=4
    )

    class Meta:
        model = Rendition
        fields = ["number", "frame", "milliseconds", "ground", "part", "parts", "area"]
        read_only_fields = fields


class ReasonSerializer(serializers.Serializer[dict[str, str]]):
    """`verdict` is what this brand's designs lead to on their own."""

    rule = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices, required=False)
    text = serializers.CharField()
    brand = serializers.CharField(required=False)
    brand_id = serializers.UUIDField(required=False)


class OfferSerializer(serializers.ModelSerializer[Listing]):
    """A listing as shown to the owners of designs that it matches."""

    class Meta:
        model = Listing
        fields = [
            "id", "external_id", "revision", "seller_id", "territories", "title", "url",
            "category", "price", "currency", "received_at",
            "matched_at",
        ]  # fmt: skip
        read_only_fields = fields


class ListingSummarySerializer(OfferSerializer):
    """A listing as shown to its marketplace."""

    reasons = ReasonSerializer(many=True, read_only=True)
    restrictions = ReasonSerializer(
        many=True,
        read_only=True,
        help_text="The reasons that hold or block the listing, one for each brand; each is decided and "
        "appealed separately.",
    )
    statement = serializers.JSONField(
        read_only=True,
        help_text="Statement of reasons for the seller while the listing is restricted; null otherwise.",
    )

    class Meta(OfferSerializer.Meta):
        fields = [
            *OfferSerializer.Meta.fields,
            "state", "verdict", "verdict_at", "reasons", "restrictions", "pictures_not_looked_at",
            "statement",
            "action", "action_at", "superseded_at", "withdrawn_at", "sandbox",
        ]  # fmt: skip
        read_only_fields = fields
