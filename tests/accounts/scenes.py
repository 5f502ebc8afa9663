"""Roles, and an invitation."""

from typing import Any

from accounts.models import Membership

MEMBER, OWNER, REVIEWER = Membership.Role.MEMBER, Membership.Role.OWNER, Membership.Role.REVIEWER
PLAN: dict[str, Any] = {"email": "ines@acme.example", "role": MEMBER}
