"""Serializers of alerts, appeals and decisions; they check and convert, actions save."""

from typing import Any

from rest_framework import serializers

from brandguard.kernel.api.bodies import Body
from detection.intake.models import Listing, ListingImage, Verdict
from detection.intake.serializers import (
    ListingImageSerializer,
    ListingSummarySerializer,
    OfferSerializer,
    ReasonSerializer,
)
from detection.matching.api.serializers import MatchSerializer
from detection.matching.models import Match
from detection.review.models import Alert, Appeal, Decision


class ListingSerializer(ListingSummarySerializer):
    """A listing with its matches. `verdict` is `pending` until there is one; silence is never an allow.
    `similarity` is that of the strongest match, null without a stored match.
    """

    images = ListingImageSerializer(many=True, read_only=True)
    pending_images = serializers.SerializerMethodField(
        help_text="Positions of pictures without a result yet. Until there are none, a verdict of `hold` "
        "may still become more severe."
    )
    matches = serializers.SerializerMethodField()
    similarity = serializers.SerializerMethodField()

    class Meta(ListingSummarySerializer.Meta):
        fields = [
            *ListingSummarySerializer.Meta.fields,
            "similarity",
            "images",
            "pending_images",
            "matches",
        ]
        read_only_fields = fields

    def get_pending_images(self, listing: Listing) -> list[int]:
        undecided = {ListingImage.State.FETCHING, ListingImage.State.PENDING}
        return [image.position for image in listing.images.all() if image.state in undecided]

    def get_matches(self, listing: Listing) -> list[dict[str, Any]]:
        return MatchSerializer(self.disclosed(listing), many=True).data  # type: ignore[return-value]

    def get_similarity(self, listing: Listing) -> float | None:
        return max((match.similarity for match in self.disclosed(listing)), default=None)

    def disclosed(self, listing: Listing) -> list[Match]:
        """Returns the matches with designs of verified organisations; only these are disclosed."""
        matches = [match for image in listing.images.all() for match in image.matches.all()]
        verified = [match for match in matches if match.view.design.brand.organisation.is_verified]
        return sorted(verified, key=lambda match: -match.similarity)


class AppealSerializer(Body, serializers.ModelSerializer[Appeal]):
    brand = serializers.UUIDField(
        source="brand_id",
        required=False,
        help_text="The `brand_id` of the restriction to appeal against, from the listing's `restrictions`. "
        "Optional if there is only one.",
    )
    brand_name = serializers.CharField(source="brand.name", read_only=True)

    class Meta:
        model = Appeal
        fields = [
            "id", "listing", "brand", "brand_name", "ground", "text", "state", "note",
            "submitted_at", "due_at", "decided_at",
        ]  # fmt: skip
        read_only_fields = [
            "id", "listing", "state", "note", "submitted_at", "due_at", "decided_at",
        ]  # fmt: skip


class AppealDecisionSerializer(Body):
    outcome = serializers.ChoiceField(
        choices=Appeal.Outcome.choices,
        help_text="`granted` lifts the restriction that the appeal names; `denied` confirms it.",
    )
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class DecisionSerializer(Body, serializers.ModelSerializer[Decision]):
    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = Decision
        fields = ["outcome", "reason", "note", "by", "decided_at"]
        read_only_fields = ["by", "decided_at"]


class ReopeningSerializer(Body):
    reason = serializers.CharField(max_length=2000, help_text="What was wrong with the decision.")


class AlertSerializer(serializers.ModelSerializer[Alert]):
    listing = OfferSerializer(read_only=True)
    verdict = serializers.ChoiceField(
        choices=Verdict.choices,
        read_only=True,
        help_text="The verdict by this brand's claim alone.",
    )
    listing_verdict = serializers.ChoiceField(
        source="listing.verdict",
        choices=Verdict.choices,
        read_only=True,
        help_text="The verdict by all claims.",
    )
    reasons = ReasonSerializer(many=True, read_only=True)
    marketplace = serializers.CharField(source="listing.marketplace.name", read_only=True)
    match = MatchSerializer(read_only=True)
    decision = DecisionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Alert
        fields = [
            "id", "brand", "marketplace", "listing", "similarity", "match_kind", "state",
            "match", "verdict", "listing_verdict", "reasons", "decision", "raised_at",
        ]  # fmt: skip
        read_only_fields = fields
