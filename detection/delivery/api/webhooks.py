"""API of webhook endpoints, events, deliveries and replays."""

from typing import Any

from django.db.models import F, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.caller import is_sandbox, marketplace_of, organisations_of
from accounts.api.permissions import HasScope
from accounts.models import ApiKey
from brandguard.kernel.api.bodies import Body, without_body
from brandguard.kernel.api.paging import MAX_NUMBER, ByNumber, NewestFirst
from detection.delivery.actions import webhooks
from detection.delivery.actions.replay import cancel_replay, start_replay
from detection.delivery.models import Attempt, Delivery, Event, EventType, Replay, WebhookEndpoint

MAX_EVENTS = 200
AFTER = OpenApiParameter("after", int, description="The number of the last event you received.")
LIMIT = OpenApiParameter("limit", int, description=f"At most {MAX_EVENTS}, which is the default.")


class WebhookSerializer(Body, serializers.ModelSerializer[WebhookEndpoint]):
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=EventType.choices),
        required=False,
        help_text="Empty: all types. docs/webhooks.md describes the payload of each.",
    )

    class Meta:
        model = WebhookEndpoint
        fields = [
            "id", "url", "event_types", "sandbox", "failures", "failing_since", "last_error",
            "paused_at", "paused_why", "previous_until", "created_at",
        ]  # fmt: skip
        read_only_fields = [
            "id", "sandbox", "failures", "failing_since", "last_error", "paused_at", "paused_why",
            "previous_until", "created_at",
        ]  # fmt: skip


class WebhookWithSecretSerializer(WebhookSerializer):
    """The endpoint with its `secret`, which is shown only when it is created or rotated."""

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = [*WebhookSerializer.Meta.read_only_fields, "secret"]


class EventSerializer(serializers.ModelSerializer[Event]):
    """The event as it is sent. `after` takes a `number`; `sequence` rises by one with each event of a
    listing.
    """

    id = serializers.CharField(source="public_id", read_only=True)
    type = serializers.CharField(source="event_type", read_only=True)
    timestamp = serializers.DateTimeField(source="created_at", read_only=True)
    data = serializers.JSONField(source="payload", read_only=True)  # type: ignore[assignment] # a field

    class Meta:
        model = Event
        fields = ["id", "number", "type", "timestamp", "sequence", "sandbox", "data"]
        read_only_fields = fields


class EventsSerializer(serializers.Serializer[Any]):
    """One page of events. `next` is the `after` of the next page; `more` says whether there is one."""

    events = EventSerializer(many=True)
    next = serializers.IntegerField()
    more = serializers.BooleanField()


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    class Meta:
        model = Attempt
        fields = ["at", "status", "error", "milliseconds"]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    event = EventSerializer(read_only=True)
    attempts = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id", "endpoint", "event", "state", "attempts_made", "next_attempt_at",
            "delivered_at", "attempts",
        ]  # fmt: skip
        read_only_fields = fields


class ReplaySerializer(Body):
    after = serializers.IntegerField(min_value=0, max_value=MAX_NUMBER)
    until = serializers.IntegerField(
        min_value=0, max_value=MAX_NUMBER, required=False, allow_null=True, default=None
    )


class StartedReplaySerializer(serializers.ModelSerializer[Replay]):
    """The state of a replay. `done` of `total` events are delivered or pending. `why` is the reason of a
    cancellation.
    """

    class Meta:
        model = Replay
        fields = [
            "id", "endpoint", "after", "until", "state", "done", "total", "why", "created_at",
            "ended_at",
        ]  # fmt: skip
        read_only_fields = fields


class AfterSerializer(Body):
    after = serializers.IntegerField(min_value=0, max_value=MAX_NUMBER, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=MAX_EVENTS, default=MAX_EVENTS)


class ByCreation(NewestFirst):
    ordering = ("-created_at", "-pk")


class ByEvent(ByNumber):
    ordering = ("-number", "-pk")


def mine(request: Request) -> dict[str, Any]:
    """Returns the filter for rows of the caller's marketplace: a sandbox key gets its sandbox rows only."""
    return {
        "marketplace__organisation__in": organisations_of(request),
        "sandbox": is_sandbox(request),
    }


class WebhookViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[WebhookEndpoint],
):
    """The webhook endpoints of the caller's marketplace."""

    queryset = WebhookEndpoint.objects.none()
    serializer_class = WebhookSerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.LISTINGS
    pagination_class = ByCreation

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        return WebhookEndpoint.objects.in_use().filter(**mine(self.request))

    @extend_schema(responses={201: WebhookWithSecretSerializer})
    def create(self, request: Request) -> Response:
        """Adds an endpoint. Only this answer contains its secret."""
        given = WebhookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        endpoint = webhooks.add_endpoint(
            marketplace=marketplace_of(request, refusal="Only a marketplace has webhooks."),
            url=given.validated_data["url"],
            event_types=given.validated_data.get("event_types", []),
            sandbox=is_sandbox(request),
            by=request.user,
        )
        shown = WebhookWithSecretSerializer(endpoint).data
        return Response(shown, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the URL or the event types."""
        endpoint = self.get_object()
        given = WebhookSerializer(endpoint, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        webhooks.change_endpoint(
            endpoint=endpoint,
            url=given.validated_data.get("url", endpoint.url),
            event_types=given.validated_data.get("event_types", endpoint.event_types),
            by=request.user,
        )
        return Response(WebhookSerializer(endpoint).data)

    @extend_schema(responses={204: None})
    @without_body
    def destroy(self, request: Request, pk: str) -> Response:
        """Removes the endpoint. Pending deliveries are cancelled."""
        webhooks.retire_endpoint(endpoint=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=WebhookWithSecretSerializer)
    @action(detail=True, methods=["post"])
    @without_body
    def rotate(self, request: Request, pk: str) -> Response:
        """Replaces the secret. For 24 hours both the old and the new one sign."""
        endpoint = webhooks.rotate_secret(endpoint=self.get_object(), by=request.user)
        return Response(WebhookWithSecretSerializer(endpoint).data)

    @extend_schema(request=None, responses={202: EventSerializer})
    @action(detail=True, methods=["post"])
    @without_body
    def ping(self, request: Request, pk: str) -> Response:
        """Sends a `test.ping` to this endpoint."""
        event = webhooks.ping(endpoint=self.get_object(), by=request.user)
        return Response(EventSerializer(event).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    @without_body
    def resume(self, request: Request, pk: str) -> Response:
        """Resumes a paused endpoint. Pending deliveries are sent now."""
        endpoint = webhooks.resume_endpoint(endpoint=self.get_object(), by=request.user)
        return Response(WebhookSerializer(endpoint).data)

    @extend_schema(
        request=ReplaySerializer,
        responses={
            202: StartedReplaySerializer,
            409: OpenApiResponse(description="A replay is running: `replay` is its id."),
        },
    )
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: str) -> Response:
        """Replays all events after a number in the background, with their original ids.
        `GET /replays/{id}` returns the progress, `POST /replays/{id}/cancel` stops it.
        """
        given = ReplaySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        started = start_replay(endpoint=self.get_object(), by=request.user, **given.validated_data)
        shown = StartedReplaySerializer(started).data
        return Response(shown, status=status.HTTP_202_ACCEPTED)


class ReplayViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Replay]
):
    """The replays of the caller's endpoints and their progress."""

    queryset = Replay.objects.none()
    serializer_class = StartedReplaySerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.LISTINGS
    pagination_class = ByCreation
    filterset_fields = ["endpoint", "state"]

    def get_queryset(self) -> QuerySet[Replay]:
        endpoints = WebhookEndpoint.objects.filter(**mine(self.request))
        return Replay.objects.filter(endpoint__in=endpoints)

    @extend_schema(
        request=None,
        responses={
            200: StartedReplaySerializer,
            409: OpenApiResponse(description="The replay is done."),
        },
    )
    @action(detail=True, methods=["post"])
    @without_body
    def cancel(self, request: Request, pk: str) -> Response:
        """Stops the replay. Deliveries that already wait are still sent."""
        replay = cancel_replay(replay=self.get_object(), by=request.user)
        return Response(StartedReplaySerializer(replay).data)


class DeliveryFilter(filters.FilterSet):  # type: ignore[misc] # the library ships no types
    event_type = filters.ChoiceFilter(field_name="event__event_type", choices=EventType.choices)
    external_id = filters.CharFilter(field_name="event__listing_external_id")

    class Meta:
        model = Delivery
        fields = ["state", "endpoint"]


class DeliveryViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Delivery]
):
    """The deliveries of events to endpoints, with their attempts."""

    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.LISTINGS
    pagination_class = ByEvent
    filterset_class = DeliveryFilter

    def get_queryset(self) -> QuerySet[Delivery]:
        endpoints = WebhookEndpoint.objects.filter(**mine(self.request))
        rows = Delivery.objects.filter(endpoint__in=endpoints).annotate(number=F("event__number"))
        return rows.select_related("event").prefetch_related("attempts")

    @extend_schema(
        request=None,
        responses={
            202: DeliverySerializer,
            409: OpenApiResponse(description="The endpoint was removed."),
        },
    )
    @action(detail=True, methods=["post"])
    @without_body
    def replay(self, request: Request, pk: str) -> Response:
        """Sends the delivery again, now."""
        delivery = webhooks.replay_delivery(delivery=self.get_object(), by=request.user)
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)


class EventViewSet(viewsets.GenericViewSet[Event]):
    """All events of a marketplace, for clients that missed webhooks."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.LISTINGS
    pagination_class = None

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.filter(**mine(self.request))

    @extend_schema(
        parameters=[AFTER, LIMIT],
        responses={
            200: EventsSerializer,
            400: OpenApiResponse(description="`after` or `limit` is not a number in range."),
        },
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """Returns events with numbers above `after`, in order. Continue with `next` to miss none."""
        given = AfterSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        after, limit = given.validated_data["after"], given.validated_data["limit"]
        rows = list(self.get_queryset().filter(number__gt=after).order_by("number")[: limit + 1])
        shown = rows[:limit]
        return Response(
            {
                "events": EventSerializer(shown, many=True).data,
                "next": shown[-1].number if shown else after,
                "more": len(rows) > limit,
            }
        )
