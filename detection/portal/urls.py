from django.urls import path

from detection.portal import (
    alerts,
    appeals,
    home,
    imports,
    overview,
    pictures,
    review,
    thresholds,
    webhooks,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("alerts", alerts.overview, name="alerts"),
    path("alerts/<uuid:pk>", review.show, name="alert"),
    path("alerts/<uuid:pk>/decision", review.decide, name="decide-alert"),
    path("alerts/<uuid:pk>/referral", review.refer, name="refer-alert"),
    path("alerts/<uuid:pk>/referral/undo", review.undo_referral, name="undo-referral"),
    path("alerts/<uuid:pk>/undo", review.undo, name="undo-decision"),
    path("overview", overview.overview, name="overview"),
    path("thresholds", thresholds.thresholds, name="thresholds"),
    path("appeals", appeals.overview, name="appeals"),
    path("appeals/<uuid:pk>/decision", appeals.decide, name="decide-appeal"),
    path("imports", imports.overview, name="imports"),
    path("imports/<uuid:pk>", imports.show, name="import"),
    path("webhooks", webhooks.overview, name="webhooks"),
    path("webhooks/<uuid:pk>/resume", webhooks.resume, name="resume-webhook"),
    path("webhooks/<uuid:pk>/test", webhooks.test, name="test-webhook"),
    path("deliveries/<uuid:pk>/replay", webhooks.replay, name="replay-delivery"),
    path("pictures/designs/<uuid:pk>", pictures.design, name="design-picture"),
    path("pictures/designs/<uuid:pk>/small", pictures.design, {"small": True}, "design-thumbnail"),
    path("pictures/listings/<uuid:pk>", pictures.listing, name="listing-picture"),
    path(
        "pictures/listings/<uuid:pk>/small",
        pictures.listing,
        {"small": True},
        name="listing-thumbnail",
    ),
]
