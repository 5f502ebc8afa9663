from django.urls import path

from detection.matching.portal import robustness

urlpatterns = [
    path("designs/<uuid:pk>/robustness", robustness.show, name="robustness"),
    path("designs/<uuid:pk>/robustness/measure", robustness.measure, name="measure-robustness"),
]
