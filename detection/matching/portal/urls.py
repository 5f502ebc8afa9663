from django.urls import path

from detection.matching.portal import robustness

urlpatterns = [
    path("designs/<uuid:pk>/coverage", robustness.show, name="coverage"),
    path("designs/<uuid:pk>/coverage/measure", robustness.measure, name="measure-coverage"),
]
