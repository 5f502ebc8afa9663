"""Serializers check and convert; actions save."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.models import Organisation
from brandguard.kernel.api.bodies import Body
from fingerprints.models import Brand, Design, DesignImage
from fingerprints.models.brand import BLOCK_RANGE, REVIEW_RANGE


class ImageErrorSerializer(serializers.Serializer[dict[str, str]]):
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()


class ViewWarningSerializer(ImageErrorSerializer):
    view = serializers.UUIDField(
        required=False, help_text="Another view of your organisation that this one looks like."
    )


class ImagesField(serializers.ListField):
    """Files of a multipart request. The action checks their number and each file separately, so that a bad
    one does not stop the others.
    """

    child = serializers.FileField(allow_empty_file=True, max_length=1000)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text=f"1 to {settings.MAX_IMAGES} files.", **kwargs)


class OrganisationsOwn(serializers.PrimaryKeyRelatedField[Organisation]):
    """Accepts only organisations that the caller acts for (`context["organisations"]`)."""

    def get_queryset(self) -> Any:
        known = self.context.get("organisations")
        return known() if known else Organisation.objects.none()


class BrandSerializer(Body, serializers.ModelSerializer[Brand]):
    organisation = OrganisationsOwn(
        required=False, help_text="Required only for a member of several organisations."
    )
    review_threshold = serializers.IntegerField(
        min_value=REVIEW_RANGE[0],
        max_value=REVIEW_RANGE[1],
        default=85,
        help_text="Similarity from which a listing is held until a person has looked at it.",
    )
    block_threshold = serializers.IntegerField(
        min_value=BLOCK_RANGE[0],
        max_value=BLOCK_RANGE[1],
        required=False,
        help_text="Similarity from which a copy may be blocked without a person: 97 by default, and "
        "never below `review_threshold`.",
    )
    blocks_without_review = serializers.BooleanField(
        default=False,
        help_text="Whether copies from `block_threshold` on are blocked before a person has looked at "
        "them, where a verified right covers them and the marketplace has agreed to it.",
    )

    class Meta:
        model = Brand
        fields = [
            "id", "organisation", "name", "review_threshold", "block_threshold",
            "blocks_without_review", "created_at",
        ]  # fmt: skip
        read_only_fields = ["id", "created_at"]
        validators: list[Any] = []  # the action refuses a name that is taken


class DesignImageSerializer(serializers.ModelSerializer[DesignImage]):
    error = ImageErrorSerializer(read_only=True, allow_null=True)
    warnings = ViewWarningSerializer(many=True, read_only=True)
    outline = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        read_only=True,
        allow_null=True,
        help_text="Corners of the goods on the picture as [x, y], each 0..1: only what lies within is "
        "registered, and `width` and `height` are of that. Null where all of it is registered.",
    )

    class Meta:
        model = DesignImage
        fields = [
            "id", "position", "name", "state", "width", "height", "outline", "outline_by", "error",
            "warnings",
        ]  # fmt: skip
        read_only_fields = fields


class DesignSerializer(serializers.ModelSerializer[Design]):
    images = DesignImageSerializer(many=True, read_only=True)

    class Meta:
        model = Design
        fields = ["id", "brand", "name", "design_kind", "images", "created_at", "retired_at"]
        read_only_fields = fields


class OwnBrand(serializers.PrimaryKeyRelatedField[Brand]):
    """Accepts only brands that the caller may register designs for (`context["brands"]`)."""

    def get_queryset(self) -> Any:
        return self.context["brands"]() if "brands" in self.context else Brand.objects.none()


class NewDesignSerializer(Body):
    brand = OwnBrand(pk_field=serializers.UUIDField())
    name = serializers.CharField(max_length=200)
    design_kind = serializers.ChoiceField(choices=Design.DesignKind.choices)
    images = ImagesField()
