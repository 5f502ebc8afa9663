"""Who may make claims for an organisation, which restrict other people's listings: owners and staff."""

from django.contrib.auth.models import User

from accounts.models import Membership, Organisation
from accounts.models.person import Person
from brandguard.kernel.errors import DomainError


class NotYoursToClaim(DomainError):
    code = "not_yours_to_claim"


def may_claim(by: Person, organisation: Organisation) -> bool:
    return is_staff(by) or owns(by, organisation)


def owns(by: Person, organisation: Organisation) -> bool:
    owned = Membership.objects.of(by).filter(role=Membership.Role.OWNER)
    return owned.filter(organisation=organisation).exists()


def claimant(by: Person, organisation: Organisation) -> User:
    """Returns the person as a user. Raises NotYoursToClaim."""
    if not isinstance(by, User) or not may_claim(by, organisation):
        raise NotYoursToClaim(
            f"Only an owner of {organisation} can change its rights and licences.",
            remedy="Ask an owner of the organisation.",
        )
    return by


def is_staff(by: Person) -> bool:
    return bool(by.is_staff and by.is_active)
