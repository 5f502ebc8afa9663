"""The API's representation of a match."""

from rest_framework import serializers

from detection.intake.serializers import RenditionSerializer
from detection.matching.models import Match


class PolygonField(serializers.ListField):
    """Corners in order, each with x and y in normalised coordinates (0..1)."""

    child = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)


class MatchSerializer(serializers.ModelSerializer[Match]):
    """`listing_polygon` and `view_polygon` are the corners of the matching region, x and y in
    normalised coordinates (0..1): of the part, where `rendition` names a part of a long picture. `channel`
    names the channel that found it, as `copy`. `evidence` has the figures of each channel with evidence.
    """

    image = serializers.IntegerField(source="listing_image.position")
    design = serializers.UUIDField(source="view.design_id")
    brand = serializers.UUIDField(source="view.design.brand_id")
    view = serializers.UUIDField(source="view_id")
    listing_polygon = PolygonField()
    view_polygon = PolygonField()
    further_polygons = serializers.ListField(
        child=PolygonField(),
        help_text="Other places of the same picture that show the view: several copies of a product are one "
        "match. Similarity and evidence are those of `listing_polygon`, the best one.",
    )
    rendition = RenditionSerializer(
        read_only=True,
        allow_null=True,
        help_text="The rendition that matched; null where the picture's file shows only one.",
    )

    class Meta:
        model = Match
        fields = [
            "image", "rendition", "design", "brand", "view", "similarity", "match_kind", "channel",
            "evidence", "variant", "listing_polygon", "view_polygon", "further_polygons",
        ]  # fmt: skip
        read_only_fields = fields
