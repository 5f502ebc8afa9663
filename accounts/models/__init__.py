from accounts.models.api_key import ApiKey
from accounts.models.audit import AuditEvent
from accounts.models.invitation import Invitation
from accounts.models.mail import Mail
from accounts.models.marketplace import Marketplace
from accounts.models.organisation import Membership, Organisation
from accounts.models.paper import Paper

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Invitation",
    "Mail",
    "Marketplace",
    "Membership",
    "Organisation",
    "Paper",
]
