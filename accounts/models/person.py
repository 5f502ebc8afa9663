"""Whoever acts: a signed-in user, or nobody."""

from django.contrib.auth.models import AnonymousUser, User

type Person = User | AnonymousUser
