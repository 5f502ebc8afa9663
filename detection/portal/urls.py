from django.urls import path

from detection.portal import alerts, home, pictures, review

urlpatterns = [
    path("", home.home, name="home"),
    path("alerts", alerts.overview, name="alerts"),
    path("alerts/<uuid:pk>", review.show, name="alert"),
    path("alerts/<uuid:pk>/decision", review.decide, name="decide-alert"),
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
