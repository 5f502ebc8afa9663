from django.urls import path

from detection.operations.portal import home, operations

urlpatterns = [
    path("", home.home, name="home"),
    path("desk", operations.desk, name="desk"),
    path("desk/rights/<uuid:pk>", operations.judge_right, name="judge-right"),
    path("desk/listings/requeue", operations.requeue, name="requeue-listings"),
    path("desk/deliveries/replay", operations.replay, name="replay-deliveries"),
    path("desk/webhooks/<uuid:pk>/resume", operations.resume, name="resume-failing-webhook"),
]
