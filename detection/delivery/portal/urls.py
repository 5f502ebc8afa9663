from django.urls import path

from detection.delivery.portal import webhooks

urlpatterns = [
    path("webhooks", webhooks.overview, name="webhooks"),
    path("webhooks/<uuid:pk>/resume", webhooks.resume, name="resume-webhook"),
    path("webhooks/<uuid:pk>/replay", webhooks.replay_from, name="replay-events"),
    path("replays/<uuid:pk>/cancel", webhooks.cancel, name="cancel-replay"),
    path("webhooks/<uuid:pk>/test", webhooks.test, name="test-webhook"),
    path("deliveries/<uuid:pk>/replay", webhooks.replay, name="replay-delivery"),
]
