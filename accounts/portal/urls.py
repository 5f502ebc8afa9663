from django.urls import path

from accounts.portal import team, verification

urlpatterns = [
    path("organisations/new", team.found, name="new-organisation"),
    path("organisations/<uuid:pk>", team.show, name="team"),
    path("organisations/<uuid:pk>/papers", verification.send, name="send-papers"),
    path("papers/<uuid:pk>", verification.paper, name="paper"),
    path("operations/organisations/<uuid:pk>", verification.judge, name="verify-organisation"),
    path("organisations/<uuid:pk>/invitations", team.ask, name="invite"),
    path("organisations/<uuid:pk>/members/<int:member>", team.change, name="change-member"),
    path("invitations/<uuid:pk>/withdraw", team.withdraw, name="withdraw-invitation"),
    path("invitations/<str:token>", team.invitation, name="invitation"),
]
