"""API of alerts and appeals, for those who may see and decide them."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.caller import within
from accounts.api.permissions import HasScope
from accounts.models import ApiKey
from brandguard.kernel.api.bodies import without_body
from brandguard.kernel.api.paging import NewestFirst
from detection.review.actions.appeal import decide_appeal
from detection.review.actions.decide import decide_alert, undo_decision
from detection.review.actions.reopen import reopen_alert
from detection.review.api.serializers import (
    AlertSerializer,
    AppealDecisionSerializer,
    AppealSerializer,
    DecisionSerializer,
    ReopeningSerializer,
)
from detection.review.models import Alert, Appeal, Decision


class ByAlarm(NewestFirst):
    ordering = ("-raised_at", "-pk")


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
    """The alerts that the caller may see: on the caller's brands, or for the caller to review."""

    queryset = Alert.objects.none()
    serializer_class = AlertSerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.ALERTS
    pagination_class = ByAlarm
    filterset_class = AlertFilter

    def get_queryset(self) -> QuerySet[Alert]:
        visible = Alert.objects.visible_to(self.request.user, within(self.request))
        return visible.with_evidence()

    @extend_schema(
        request=DecisionSerializer,
        responses={
            200: DecisionSerializer,
            403: OpenApiResponse(description="The caller may not decide this alert."),
            409: OpenApiResponse(
                description="The alert is decided: `decision` is the stored decision."
            ),
        },
    )
    @action(detail=True, methods=["put"])
    def decision(self, request: Request, pk: str) -> Response:
        """Decides the alert. The listing's verdict changes once the time to undo has passed. The same
        decision again changes nothing; a different one is refused with the stored one.
        """
        given = DecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        decision = decide_alert(
            alert=self.get_object(),
            outcome=Decision.Outcome(given.validated_data["outcome"]),
            reason=given.validated_data.get("reason", ""),
            note=given.validated_data.get("note", ""),
            by=request.user,
        )
        return Response(DecisionSerializer(decision).data)

    @extend_schema(
        request=None,
        responses={
            204: None,
            403: OpenApiResponse(description="Another person took the decision."),
            409: OpenApiResponse(description="The decision has taken effect."),
        },
    )
    @decision.mapping.delete
    @without_body
    def undo(self, request: Request, pk: str) -> Response:
        """Undoes the caller's decision before it takes effect. Nothing is published."""
        undo_decision(alert=self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request=ReopeningSerializer,
        responses={
            200: AlertSerializer,
            403: OpenApiResponse(description="Another organisation took the decision."),
            409: OpenApiResponse(
                description="No decision is in effect, or an appeal lifted the restriction."
            ),
        },
    )
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Revokes a decision that has taken effect. Marketplace and seller read the reason. The alert waits
        for another decision, and the listing is held until then.
        """
        given = ReopeningSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        reopen_alert(
            alert=self.get_object(), reason=given.validated_data["reason"], by=request.user
        )
        return Response(AlertSerializer(self.get_object()).data)


class ByClock(NewestFirst):
    ordering = ("due_at", "pk")


class AppealViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Appeal]
):
    """The appeals on listings that the caller may review, the most urgent first."""

    queryset = Appeal.objects.none()
    serializer_class = AppealSerializer
    permission_classes = [HasScope]
    scope = ApiKey.Scope.ALERTS
    pagination_class = ByClock
    filterset_fields = ["state", "ground", "brand"]

    def get_queryset(self) -> QuerySet[Appeal]:
        return Appeal.objects.heard_by(self.request.user, within(self.request)).select_related(
            "brand"
        )

    @extend_schema(
        request=AppealDecisionSerializer,
        responses={
            200: AppealSerializer,
            403: OpenApiResponse(description="The caller may not decide this appeal."),
            409: OpenApiResponse(description="The appeal is decided."),
        },
    )
    @action(detail=True, methods=["put"])
    def decision(self, request: Request, pk: str) -> Response:
        """Lifts the restriction or confirms it. The first reviewer may not decide the appeal."""
        given = AppealDecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        appeal = decide_appeal(
            appeal=self.get_object(),
            outcome=Appeal.Outcome(given.validated_data["outcome"]),
            note=given.validated_data["note"],
            by=request.user,
        )
        return Response(AppealSerializer(appeal).data)
