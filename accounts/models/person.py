"""The type of an actor: a signed-in user, or an anonymous one."""

from django.contrib.auth.models import AnonymousUser, User

type Person = User | AnonymousUser
