"""Serializers check and convert; actions save."""

import re
from typing import Any

from rest_framework import serializers

from detection.models import Alert, Decision, Listing, ListingImage, Match, Verdict
from fingerprints.api.serializers import ImageErrorSerializer, ImagesField

COUNTRY = re.compile(r"[A-Z]{2}")
CURRENCY = re.compile(r"[A-Z]{3}")


class NewListingSerializer(serializers.Serializer[Listing]):
    external_id = serializers.CharField(max_length=200, help_text="Your own identifier.")
    seller_id = serializers.CharField(max_length=200)
    title = serializers.CharField(max_length=500, required=False, allow_blank=True)
    address = serializers.URLField(max_length=1000, required=False, allow_blank=True)
    category = serializers.CharField(max_length=200, required=False, allow_blank=True)
    price = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    currency = serializers.CharField(required=False, allow_blank=True, help_text="ISO 4217.")
    territories = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="ISO 3166-1 alpha-2 codes."
    )
    images = ImagesField()

    def validate_territories(self, codes: list[str]) -> list[str]:
        wrong = [code for code in codes if not COUNTRY.fullmatch(code)]
        if wrong:
            raise serializers.ValidationError(
                f"{', '.join(wrong)}: not two capital letters, as in DE or FR."
            )
        return codes

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        currency = given.get("currency", "")
        if (given.get("price") is None) != (not currency):
            raise serializers.ValidationError({"currency": "Send price and currency together."})
        if currency and not CURRENCY.fullmatch(currency):
            raise serializers.ValidationError({"currency": "Send three capital letters, as EUR."})
        return given


class ListingImageSerializer(serializers.ModelSerializer[ListingImage]):
    error = ImageErrorSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ListingImage
        fields = ["position", "name", "state", "width", "height", "error"]
        read_only_fields = fields


class MatchSerializer(serializers.ModelSerializer[Match]):
    """`listing_polygon` and `view_polygon`: corners of the matching region, x and y in shares of
    the picture (0..1).
    """

    image = serializers.IntegerField(source="listing_image.position")
    design = serializers.UUIDField(source="view.design_id")
    brand = serializers.UUIDField(source="view.design.brand_id")
    view = serializers.UUIDField(source="view_id")

    class Meta:
        model = Match
        fields = [
            "image", "design", "brand", "view", "similarity", "match_kind",
            "variant", "cosine", "inliers", "listing_polygon", "view_polygon",
        ]  # fmt: skip
        read_only_fields = fields


class ReasonSerializer(serializers.Serializer[dict[str, str]]):
    rule = serializers.CharField()
    text = serializers.CharField()
    brand = serializers.CharField(required=False)
    brand_id = serializers.UUIDField(required=False)


class OfferSerializer(serializers.ModelSerializer[Listing]):
    """A listing as those see it whose design it matches."""

    class Meta:
        model = Listing
        fields = [
            "id", "external_id", "revision", "seller_id", "territories", "title", "address",
            "category", "price", "currency", "received_at",
            "matched_at",
        ]  # fmt: skip
        read_only_fields = fields


class ListingSummarySerializer(OfferSerializer):
    """A listing as its marketplace sees it."""

    reasons = ReasonSerializer(many=True, read_only=True)

    class Meta(OfferSerializer.Meta):
        fields = [*OfferSerializer.Meta.fields, "state", "verdict", "reasons"]
        read_only_fields = fields


class ListingSerializer(ListingSummarySerializer):
    """`verdict` is `pending` until there is one; silence is never an allow. `similarity` is the
    strongest match's, null when nothing was kept.
    """

    images = ListingImageSerializer(many=True, read_only=True)
    matches = serializers.SerializerMethodField()
    similarity = serializers.SerializerMethodField()

    class Meta(ListingSummarySerializer.Meta):
        fields = [*ListingSummarySerializer.Meta.fields, "similarity", "images", "matches"]
        read_only_fields = fields

    def get_matches(self, listing: Listing) -> list[dict[str, Any]]:
        return MatchSerializer(self.kept(listing), many=True).data  # type: ignore[return-value]

    def get_similarity(self, listing: Listing) -> float | None:
        return max((match.similarity for match in self.kept(listing)), default=None)

    def kept(self, listing: Listing) -> list[Match]:
        """What an unverified organisation claims is told to nobody but itself."""
        found = [match for image in listing.images.all() for match in image.matches.all()]
        told = [match for match in found if match.view.design.brand.organisation.is_verified]
        return sorted(told, key=lambda match: -match.similarity)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = Decision
        fields = ["outcome", "note", "by", "decided_at"]
        read_only_fields = ["by", "decided_at"]


class AlertSerializer(serializers.ModelSerializer[Alert]):
    listing = OfferSerializer(read_only=True)
    verdict = serializers.ChoiceField(choices=Verdict.choices, read_only=True)
    reasons = ReasonSerializer(many=True, read_only=True)
    marketplace = serializers.CharField(source="listing.marketplace.name", read_only=True)
    match = MatchSerializer(read_only=True)
    decision = DecisionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Alert
        fields = [
            "id", "brand", "marketplace", "listing", "similarity", "match_kind", "state",
            "match", "verdict", "reasons", "decision", "raised_at",
        ]  # fmt: skip
        read_only_fields = fields
