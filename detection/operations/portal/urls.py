from django.urls import path

from detection.operations.portal import home, operations

urlpatterns = [
    path("", home.home, name="home"),
    path("operations", operations.overview, name="operations"),
    path("operations/rights/<uuid:pk>", operations.judge_right, name="judge-right"),
    path("operations/listings/requeue", operations.requeue, name="requeue-listings"),
    path("operations/deliveries/replay", operations.replay, name="replay-deliveries"),
    path("operations/webhooks/<uuid:pk>/resume", operations.resume, name="resume-failing-webhook"),
]
