"""API of the listings and checks of the caller's marketplace."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.caller import is_sandbox, marketplace_of, organisations_of
from accounts.api.permissions import HasScope
from accounts.models import ApiKey, Marketplace
from brandguard.kernel.api.bodies import without_body
from brandguard.kernel.api.errors import respond
from brandguard.kernel.api.paging import NewestFirst
from brandguard.kernel.api.parsing import JSONParser, MultiPartParser
from brandguard.kernel.errors import DomainError
from brandguard.kernel.requests import started_at
from detection.intake.actions.check import WITHIN, deadline, wait_for_verdict
from detection.intake.actions.ingest import Intake, Offer, ingest_listing
from detection.intake.actions.withdraw import record_action, withdraw_listing
from detection.intake.models import Listing
from detection.intake.serializers import (
    ActionSerializer,
    BatchAnswerSerializer,
    BatchSerializer,
    KeySerializer,
    ListingSummarySerializer,
    NewCheckSerializer,
    NewListingSerializer,
)
from detection.review.actions.appeal import appeal_listing
from detection.review.api.serializers import AppealSerializer, ListingSerializer
from detection.review.models import Appeal

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Up to 100 characters of your choice: a request with the same key and content gets the "
    "same row.",
)


class ByReceipt(NewestFirst):
    ordering = ("-received_at", "-pk")


class OfMarketplace(viewsets.GenericViewSet[Listing]):
    """The common part of checks and listings."""

    queryset = Listing.objects.none()
    serializer_class = ListingSerializer
    permission_classes = [HasScope]
    parser_classes = [MultiPartParser, JSONParser]
    pagination_class = ByReceipt
    purpose: Listing.Purpose

    def get_queryset(self) -> QuerySet[Listing]:
        mine = Listing.objects.filter(
            marketplace__organisation__in=organisations_of(self.request),
            purpose=self.purpose,
            sandbox=is_sandbox(self.request),
        )
        if self.action == "list":
            return mine
        return mine.prefetch_related(
            "images__matches__view__design__brand__organisation", "images__matches__rendition"
        )

    def marketplace(self) -> Marketplace:
        return marketplace_of(self.request, refusal="Only a marketplace sends listings.")

    def ingest(self, fields: dict[str, Any], key: Any) -> Listing:
        given = KeySerializer(data={"idempotency_key": key})
        given.is_valid(raise_exception=True)
        idempotency_key = given.validated_data["idempotency_key"]
        fields = dict(fields)
        return ingest_listing(
            marketplace=self.marketplace(),
            pictures=[*fields.pop("images", []), *fields.pop("image_urls", [])],
            offer=Offer(**fields),
            intake=Intake(self.purpose, is_sandbox(self.request), idempotency_key),
            by=self.request.user,
        )

    def shown(self, listing: Listing) -> Any:
        return ListingSerializer(self.get_queryset().get(pk=listing.pk)).data

    def url_of(self, listing: Listing) -> str:
        name = f"{self.basename}-detail"
        return reverse(name, args=[listing.pk], request=self.request)


@extend_schema_view(list=extend_schema(responses=ListingSummarySerializer(many=True)))
class ListingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfMarketplace):
    """Listings of the caller's marketplace."""

    scope = ApiKey.Scope.LISTINGS
    purpose = Listing.Purpose.LISTING
    filterset_fields = ["external_id", "verdict", "state", "seller_id", "action"]

    def get_serializer_class(self) -> Any:
        return ListingSummarySerializer if self.action == "list" else ListingSerializer

    @extend_schema(
        request={
            "multipart/form-data": NewListingSerializer,
            "application/json": NewListingSerializer,
        },
        parameters=[IDEMPOTENCY_KEY],
        responses={
            202: ListingSerializer,
            409: OpenApiResponse(description="The idempotency key was used with other content."),
        },
    )
    def create(self, request: Request) -> Response:
        """Stores a listing and answers at once. `Location` is the URL of its verdict.

        The same listing again changes nothing; a changed one becomes the next revision. A picture
        that cannot be read or fetched is `refused`, with the reason; the others are matched.
        """
        given = NewListingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        listing = self.ingest(given.validated_data, request.headers.get("Idempotency-Key", ""))
        return Response(
            self.shown(listing),
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": self.url_of(listing)},
        )

    @extend_schema(request=BatchSerializer, responses=BatchAnswerSerializer)
    def batch(self, request: Request) -> Response:
        """Stores up to 100 listings with picture URLs. Each is accepted or refused separately and may have
        an `idempotency_key`.
        """
        given = BatchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        self.marketplace()  # refuses the whole batch if the caller is no marketplace
        return Response({"listings": [self.one(item) for item in given.validated_data["listings"]]})

    def one(self, item: dict[str, Any]) -> dict[str, Any]:
        """Stores one item and returns what `POST /listings` would answer."""
        key = item.pop("idempotency_key", None)
        try:
            given = NewListingSerializer(data=item)
            given.is_valid(raise_exception=True)
            listing = self.ingest(given.validated_data, "" if key is None else key)
        except (APIException, DomainError) as error:
            answer = respond(error, {})
            assert answer is not None  # noqa: S101 - `respond` knows both classes
            return {"status": answer.status_code, **answer.data}
        return {
            "status": status.HTTP_202_ACCEPTED,
            "id": str(listing.pk),
            "external_id": listing.external_id,
            "revision": listing.revision,
            "location": self.url_of(listing),
        }

    @extend_schema(request=None, responses=ListingSerializer)
    @action(detail=True, methods=["post"])
    @without_body
    def withdraw(self, request: Request, pk: UUID) -> Response:
        """Withdraws the listing from sale. A second call changes nothing."""
        listing = withdraw_listing(listing=self.get_object(), by=request.user)
        return Response(self.shown(listing))

    @extend_schema(request=ActionSerializer, responses=ListingSerializer)
    @action(detail=True, methods=["put"], url_path="action", url_name="action")
    def record(self, request: Request, pk: UUID) -> Response:
        """Records what you did with the listing, and when."""
        given = ActionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        listing = record_action(
            listing=self.get_object(),
            action=Listing.MarketplaceAction(given.validated_data["action"]),
            at=given.validated_data.get("at"),
            by=request.user,
        )
        return Response(self.shown(listing))

    @extend_schema(methods=["post"], request=AppealSerializer, responses={201: AppealSerializer})
    @extend_schema(methods=["get"], responses=AppealSerializer(many=True))
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_fields=[])
    def appeals(self, request: Request, pk: UUID) -> Response:
        """The seller's appeals, each against the restriction of one brand. If one is open, a second one
        against the same restriction is answered with the first.
        """
        listing = self.get_object()
        if request.method == "GET":
            return Response(
                AppealSerializer(listing.appeals.select_related("brand"), many=True).data
            )
        given = AppealSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        appeal = appeal_listing(
            listing=listing,
            ground=Appeal.Ground(given.validated_data["ground"]),
            text=given.validated_data.get("text", ""),
            brand=given.validated_data.get("brand_id"),
            by=request.user,
        )
        return Response(AppealSerializer(appeal).data, status=status.HTTP_201_CREATED)


class CheckViewSet(mixins.RetrieveModelMixin, OfMarketplace):
    """Checks before publication. No brand sees the pictures, and no alert is raised."""

    scope = ApiKey.Scope.LISTINGS
    purpose = Listing.Purpose.CHECK

    @extend_schema(
        request={"multipart/form-data": NewCheckSerializer, "application/json": NewCheckSerializer},
        parameters=[IDEMPOTENCY_KEY],
        responses={
            200: ListingSerializer,
            202: OpenApiResponse(ListingSerializer, "`pending`: read the verdict at `Location`."),
            409: OpenApiResponse(description="The idempotency key was used with other content."),
            429: OpenApiResponse(
                description="Too many checks: wait for the seconds in `Retry-After`."
            ),
        },
    )
    def create(self, request: Request) -> Response:
        """Answers within two seconds with the verdict. `hold` and `block` come as soon as any picture
        causes them, since other pictures can only make the verdict more severe. Without a verdict the
        answer is 202 and `pending`, with its `Location`. `pending_images` have no result yet.
        """
        until = deadline(started_at(request))
        given = NewCheckSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        listing = self.ingest(given.validated_data, request.headers.get("Idempotency-Key", ""))
        listing = wait_for_verdict(listing, until)
        if any(reason["rule"] == "too_many_similar_checks" for reason in listing.reasons):
            raise Throttled(wait=WITHIN.total_seconds(), detail=listing.reasons[0]["text"])
        return Response(
            self.shown(listing),
            status=status.HTTP_202_ACCEPTED if listing.is_undecided else status.HTTP_200_OK,
            headers={"Location": self.url_of(listing)},
        )
