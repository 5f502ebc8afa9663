"""The URLs of API version 1 and its documentation page."""

from django.conf import settings
from django.urls import path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter

from accounts.api import schema  # noqa: F401 - found by being imported
from detection.delivery.api.webhooks import (
    DeliveryViewSet,
    EventViewSet,
    ReplayViewSet,
    WebhookViewSet,
)
from detection.intake.api.imports import ImportViewSet
from detection.review.api.alerts import AlertViewSet, AppealViewSet
from detection.review.api.listings import CheckViewSet, ListingViewSet
from fingerprints.api.claims import LicenceViewSet, RightViewSet
from fingerprints.api.views import BrandViewSet, DesignViewSet

router = DefaultRouter(trailing_slash=False)
router.include_root_view = False
router.register("brands", BrandViewSet)
router.register("designs", DesignViewSet)
router.register("rights", RightViewSet)
router.register("licences", LicenceViewSet)
router.register("listings", ListingViewSet)
router.register("imports", ImportViewSet)
router.register("alerts", AlertViewSet)
router.register("appeals", AppealViewSet)
router.register("checks", CheckViewSet, basename="check")
router.register("webhooks", WebhookViewSet)
router.register("deliveries", DeliveryViewSet)
router.register("replays", ReplayViewSet)
router.register("events", EventViewSet)


@extend_schema(exclude=True)
@api_view(["GET", "POST", "PUT", "PATCH", "DELETE"])
@permission_classes([AllowAny])
def nowhere(_: Request, /, **__: str) -> Response:
    """Answers unknown URLs with an error in the API's shape, not with a page."""
    raise NotFound


# Swagger UI styles itself inline and draws its icons from data: URLs; its scripts come from us.
page_policy = csp_override(
    {
        **settings.SECURE_CSP,
        "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
        "img-src": [CSP.SELF, "data:"],
    }
)
page = page_policy(SpectacularSwaggerSplitView.as_view(url_name="schema"))

urlpatterns = [
    path(
        "listings:batch",
        ListingViewSet.as_view({"post": "batch"}, basename="listing"),
        name="listing-batch",
    ),
    *router.urls,
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", page, name="api-docs"),
    path("<path:anything>", nowhere),
]
