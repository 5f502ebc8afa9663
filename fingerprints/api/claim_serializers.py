"""API serializers of rights and licences. Serializers check the format; actions apply the rules."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.documents import MAX_BYTES
from accounts.marketplaces import marketplaces
from accounts.models import Organisation
from brandguard.kernel.api.bodies import Body
from fingerprints.api.serializers import OwnBrand
from fingerprints.models import Design, Licence, Right
from vision.pictures.formats import LISTED

ID = serializers.UUIDField()


class OwnDesign(serializers.PrimaryKeyRelatedField[Design]):
    """Accepts only designs of the caller's organisations (`context["designs"]`)."""

    def get_queryset(self) -> Any:
        return self.context["designs"]() if "designs" in self.context else Design.objects.none()


@extend_schema_field(OpenApiTypes.STR)
class NamedMarketplace(serializers.SlugRelatedField[Organisation]):
    """A marketplace by the name of its organisation."""

    default_error_messages = {"does_not_exist": "There is no marketplace called {value}."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="name", **kwargs)

    def get_queryset(self) -> Any:
        return marketplaces()

    def to_internal_value(self, data: Any) -> Organisation:
        """Treats a name with a NUL as invalid, because PostgreSQL cannot look it up."""
        if "\0" in str(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class RightSerializer(serializers.ModelSerializer[Right]):
    class Meta:
        model = Right
        fields = [
            "id", "brand", "right_kind", "office", "number", "territories", "valid_from",
            "valid_until", "designs", "document_sha256", "state", "submitted_at", "verified_at",
            "withdrawn_at", "expired_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewRightSerializer(Body):
    brand = OwnBrand(pk_field=ID)
    right_kind = serializers.ChoiceField(choices=Right.RightKind.choices)
    office = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text="The office that registered it: its short name, such as EUIPO, or its country's code. "
        "Copyright may have none.",
    )
    number = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text="The number in that office's register. Copyright may have none.",
    )
    territories = serializers.ListField(
        child=serializers.CharField(max_length=100),
        min_length=1,
        max_length=250,
        help_text="ISO 3166-1 alpha-2 codes, `EU` for the European Union, `BX` for the Benelux, or, for "
        "copyright only, `*` alone for everywhere.",
    )
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(
        required=False, help_text="The last day. Without it the right has no end."
    )
    designs = serializers.ListField(
        child=OwnDesign(pk_field=ID),
        required=False,
        max_length=200,
        help_text="The designs it is limited to. Without any, it covers all designs of the brand.",
    )
    document = serializers.FileField(
        max_length=1000,
        allow_empty_file=True,
        help_text=f"A PDF or a picture ({LISTED}), up to {MAX_BYTES // 1_000_000} MB: the certificate, or "
        "evidence that the work is yours.",
    )


class LicenceSerializer(serializers.ModelSerializer[Licence]):
    marketplace = serializers.CharField(
        source="marketplace.name", read_only=True, help_text="The name of its organisation."
    )

    class Meta:
        model = Licence
        fields = [
            "id", "brand", "design", "marketplace", "seller_id", "valid_from", "valid_until",
            "granted_at", "revoked_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewLicenceSerializer(Body):
    brand = OwnBrand(pk_field=ID)
    design = OwnDesign(
        pk_field=ID,
        required=False,
        allow_null=True,
        help_text="The design licensed; all designs of the brand by default.",
    )
    marketplace = NamedMarketplace(help_text="The name of the marketplace's organisation.")
    seller_id = serializers.CharField(
        max_length=200, help_text="The marketplace's own id of the seller."
    )
    valid_from = serializers.DateField(required=False, help_text="The first day; today by default.")
    valid_until = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="The last day. Without it the licence has no end.",
    )
