"""API of brands and designs of the caller's organisations."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.caller import organisations_of
from accounts.api.permissions import HasScope
from accounts.models import ApiKey, Organisation
from brandguard.kernel.api.bodies import without_body
from brandguard.kernel.api.errors import Code
from brandguard.kernel.api.parsing import FormParser, JSONParser, MultiPartParser
from fingerprints.actions.brands import change_brand, create_brand
from fingerprints.actions.register import register_design
from fingerprints.actions.retire import retire_design
from fingerprints.api.serializers import BrandSerializer, DesignSerializer, NewDesignSerializer
from fingerprints.models import Brand, Design, DesignImage


class BrandViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Brand],
):
    """Brands that designs are registered for, with the similarities at which listings are restricted."""

    queryset = Brand.objects.none()
    serializer_class = BrandSerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.DESIGNS
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_serializer_context(self) -> dict[str, Any]:
        known = {"organisations": lambda: organisations_of(self.request)}
        return {**super().get_serializer_context(), **known}

    def get_queryset(self) -> QuerySet[Brand]:
        return Brand.objects.filter(organisation__in=organisations_of(self.request))

    def perform_create(self, serializer: Any) -> None:
        fields = dict(serializer.validated_data)
        organisation = fields.pop("organisation", None) or self.only_organisation()
        serializer.instance = create_brand(
            organisation=organisation, by=self.request.user, **fields
        )

    def perform_update(self, serializer: Any) -> None:
        fields = dict(serializer.validated_data)
        present = serializer.instance.organisation
        if fields.pop("organisation", present) != present:
            code = Code("read_only", "Leave the field out, or register a new brand there.")
            raise ValidationError(
                {"organisation": "A brand cannot move to another organisation."}, code=code
            )
        serializer.instance = change_brand(
            brand=serializer.instance, by=self.request.user, **fields
        )

    def only_organisation(self) -> Organisation:
        mine = list(organisations_of(self.request)[:2])
        if len(mine) != 1:
            raise ValidationError(
                {"organisation": "You are a member of several organisations, or of none."},
                code="required",
            )
        return mine[0]


class DesignViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Design]
):
    """Designs and their views. A view is findable once its state is `enrolled`."""

    queryset = Design.objects.none()
    serializer_class = DesignSerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.DESIGNS
    parser_classes = [MultiPartParser, FormParser, JSONParser]
    filterset_fields = ["brand", "design_kind"]

    def get_queryset(self) -> QuerySet[Design]:
        mine = organisations_of(self.request)
        return Design.objects.filter(brand__organisation__in=mine).prefetch_related(
            Prefetch("images", DesignImage.objects.kept())
        )

    def brands(self) -> QuerySet[Brand]:
        return Brand.objects.filter(organisation__in=organisations_of(self.request))

    @extend_schema(
        request={"multipart/form-data": NewDesignSerializer}, responses={201: DesignSerializer}
    )
    def create(self, request: Request) -> Response:
        """Registers a design with its pictures. A picture that cannot be read is kept as `refused`, with
        the reason; the others are enrolled.
        """
        context = {**self.get_serializer_context(), "brands": self.brands}
        given = NewDesignSerializer(data=request.data, context=context)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        design = register_design(files=fields.pop("images"), by=request.user, **fields)
        return Response(self.get_serializer(design).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=DesignSerializer)
    @action(detail=True, methods=["post"])
    @without_body
    def retire(self, request: Request, pk: str) -> Response:
        """Retires a design: it stops matching at once. Repeating changes nothing."""
        design = retire_design(design=self.get_object(), by=request.user)
        return Response(self.get_serializer(design).data)
