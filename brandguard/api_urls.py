"""The API, version 1, and its page."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from detection.api.views import AlertViewSet, ListingViewSet
from fingerprints.api import schema  # noqa: F401 - found by being imported
from fingerprints.api.views import BrandViewSet, DesignViewSet

router = DefaultRouter(trailing_slash=False)
router.include_root_view = False
router.register("brands", BrandViewSet)
router.register("designs", DesignViewSet)
router.register("listings", ListingViewSet)
router.register("alerts", AlertViewSet)

urlpatterns = [
    *router.urls,
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
]
