"""API of rights and licences of the caller's organisations: owners change them, members read them."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.caller import organisations_of
from accounts.api.permissions import HasScope
from accounts.models import ApiKey
from brandguard.kernel.api.bodies import without_body
from brandguard.kernel.api.paging import NewestFirst
from brandguard.kernel.api.parsing import FormParser, JSONParser, MultiPartParser
from fingerprints.actions.licences import grant_licence, revoke_licence
from fingerprints.actions.rights import submit_right, withdraw_right
from fingerprints.api.claim_serializers import (
    LicenceSerializer,
    NewLicenceSerializer,
    NewRightSerializer,
    RightSerializer,
)
from fingerprints.models import Brand, Design, Licence, Right

REFUSED = {
    403: OpenApiResponse(description="Only an owner of the organisation may do this."),
    409: OpenApiResponse(description="An existing right or licence conflicts with the request."),
}


class BySubmission(NewestFirst):
    ordering = ("-submitted_at", "-pk")


class ByGrant(NewestFirst):
    ordering = ("-granted_at", "-pk")


class OfOwnBrands(viewsets.GenericViewSet[Any]):
    """Views of what belongs to brands of the caller's organisations."""

    permission_classes = [HasScope]
    scope = ApiKey.Scope.DESIGNS

    def get_serializer_context(self) -> dict[str, Any]:
        return {
            **super().get_serializer_context(),
            "brands": self.brands,
            "designs": lambda: Design.objects.filter(brand__in=self.brands()),
        }

    def brands(self) -> QuerySet[Brand]:
        return Brand.objects.filter(organisation__in=organisations_of(self.request))


class RightViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfOwnBrands):
    """Rights behind a brand's designs. A right restricts listings in its territories from `valid_from` to
    `valid_until` while its state is `verified`, which the operator's staff decides.
    """

    queryset = Right.objects.none()
    serializer_class = RightSerializer
    parser_classes = [MultiPartParser, FormParser]
    pagination_class = BySubmission
    filterset_fields = ["brand", "right_kind", "state"]

    def get_queryset(self) -> QuerySet[Right]:
        return Right.objects.filter(brand__in=self.brands()).prefetch_related("designs")

    @extend_schema(
        request={"multipart/form-data": NewRightSerializer},
        responses={201: RightSerializer, **REFUSED},
    )
    def create(self, request: Request) -> Response:
        """Submits a right with its document. The operator's staff verifies it."""
        given = NewRightSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        right = submit_right(by=request.user, **given.validated_data)
        return Response(self.get_serializer(right).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: RightSerializer, **REFUSED})
    @action(detail=True, methods=["post"], parser_classes=[JSONParser, MultiPartParser, FormParser])
    @without_body
    def withdraw(self, request: Request, pk: str) -> Response:
        """Withdraws a right: it restricts nothing from now on. Repeating changes nothing."""
        right = withdraw_right(right=self.get_object(), by=request.user)
        return Response(self.get_serializer(right).data)


class LicenceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfOwnBrands):
    """Licences of sellers to use a brand, or one of its designs, on a marketplace. The brand does not
    restrict their listings.
    """

    queryset = Licence.objects.none()
    serializer_class = LicenceSerializer
    pagination_class = ByGrant
    filterset_fields = ["brand", "design", "seller_id"]

    def get_queryset(self) -> QuerySet[Licence]:
        return Licence.objects.filter(brand__in=self.brands()).select_related("marketplace")

    @extend_schema(request=NewLicenceSerializer, responses={201: LicenceSerializer, **REFUSED})
    def create(self, request: Request) -> Response:
        """Grants a licence, from today on by default."""
        given = NewLicenceSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        licence = grant_licence(by=request.user, **given.validated_data)
        return Response(self.get_serializer(licence).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: LicenceSerializer, **REFUSED})
    @action(detail=True, methods=["post"])
    @without_body
    def revoke(self, request: Request, pk: str) -> Response:
        """Revokes a licence: it allows nothing from now on. Repeating changes nothing."""
        licence = revoke_licence(licence=self.get_object(), by=request.user)
        return Response(self.get_serializer(licence).data)
