"""Listings for marketplaces; alerts for those who may see and decide them."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from brandguard.paging import NewestFirst
from detection.actions.decide import decide_alert
from detection.actions.ingest import Offer, ingest_listing
from detection.api.serializers import (
    AlertSerializer,
    DecisionSerializer,
    ListingSerializer,
    ListingSummarySerializer,
    NewListingSerializer,
)
from detection.models import Alert, Decision, Listing, Marketplace
from fingerprints.api.permissions import HasScope
from fingerprints.api.views import organisations_of
from fingerprints.models import ApiKey


class ByReceipt(NewestFirst):
    ordering = ("-received_at", "-pk")


class ByAlarm(NewestFirst):
    ordering = ("-raised_at", "-pk")


@extend_schema_view(list=extend_schema(responses=ListingSummarySerializer(many=True)))
class ListingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Listing]
):
    """Listings of the caller's marketplace."""

    queryset = Listing.objects.none()
    serializer_class = ListingSerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.LISTINGS
    parser_classes = [MultiPartParser]
    pagination_class = ByReceipt
    filterset_fields = ["external_id", "verdict", "state", "seller_id"]

    def get_queryset(self) -> QuerySet[Listing]:
        mine = organisations_of(self.request)
        listings = Listing.objects.filter(marketplace__organisation__in=mine)
        if self.action == "list":
            return listings
        return listings.prefetch_related("images__matches__view__design__brand__organisation")

    def get_serializer_class(self) -> Any:
        return ListingSummarySerializer if self.action == "list" else ListingSerializer

    @extend_schema(
        request={"multipart/form-data": NewListingSerializer},
        responses={202: ListingSerializer},
    )
    def create(self, request: Request) -> Response:
        """Takes a listing in. Answers at once; `Location` is where its verdict will be.

        The same listing again changes nothing; a changed one becomes its next revision. A picture
        that cannot be read is `refused`, with the reason; the others are matched.
        """
        given = NewListingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        files = fields.pop("images")
        listing = ingest_listing(
            marketplace=self.marketplace(), offer=Offer(**fields), files=files, by=request.user
        )
        where = self.reverse_action("detail", args=[listing.pk])
        return Response(
            ListingSerializer(self.get_queryset().get(pk=listing.pk)).data,
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": where},
        )

    def marketplace(self) -> Marketplace:
        mine = organisations_of(self.request)
        found = Marketplace.objects.filter(organisation__in=mine).first()
        if found is None:
            raise PermissionDenied("Only a marketplace sends listings.")
        return found


class AlertFilter(filters.FilterSet):  # type: ignore[misc] # the library ships no types
    similarity_min = filters.NumberFilter(field_name="similarity", lookup_expr="gte")
    outcome = filters.ChoiceFilter(field_name="decision__outcome", choices=Decision.Outcome.choices)
    marketplace = filters.UUIDFilter(field_name="listing__marketplace")
    seller_id = filters.CharFilter(field_name="listing__seller_id")

    class Meta:
        model = Alert
        fields = ["state", "brand", "match_kind"]


class AlertViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Alert]
):
    """Alerts that the caller may see: on brands of their own, or theirs to review."""

    queryset = Alert.objects.none()
    serializer_class = AlertSerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.ALERTS
    pagination_class = ByAlarm
    filterset_class = AlertFilter

    def get_queryset(self) -> QuerySet[Alert]:
        key = self.request.auth
        within = key.organisation if isinstance(key, ApiKey) else None
        return Alert.objects.visible_to(self.request.user, within).with_evidence()

    @extend_schema(
        request=DecisionSerializer,
        responses={
            200: DecisionSerializer,
            403: OpenApiResponse(description="Not the caller's to decide."),
            409: OpenApiResponse(description="Already decided; `decision` is the one that stands."),
        },
    )
    @action(detail=True, methods=["put"])
    def decision(self, request: Request, pk: str) -> Response:
        """Decides the alert; the listing's verdict follows. The same decision again changes
        nothing, another one is refused with the one that stands.
        """
        given = DecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        decision = decide_alert(
            alert=self.get_object(),
            outcome=Decision.Outcome(given.validated_data["outcome"]),
            note=given.validated_data.get("note", ""),
            by=request.user,
        )
        return Response(DecisionSerializer(decision).data)
