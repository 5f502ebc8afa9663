from fingerprints.models.api_key import ApiKey
from fingerprints.models.audit import AuditEvent
from fingerprints.models.brand import Brand
from fingerprints.models.design import Design, DesignImage
from fingerprints.models.fingerprint import Fingerprint, IndexChange
from fingerprints.models.invitation import Invitation
from fingerprints.models.licence import Licence
from fingerprints.models.mail import Mail
from fingerprints.models.organisation import Membership, Organisation
from fingerprints.models.paper import Paper
from fingerprints.models.right import LimitedTo, Right
from fingerprints.models.sent_table import SentTable

__all__ = [
    "ApiKey",
    "AuditEvent",
    "Brand",
    "Design",
    "DesignImage",
    "Fingerprint",
    "IndexChange",
    "Invitation",
    "Licence",
    "LimitedTo",
    "Mail",
    "Membership",
    "Organisation",
    "Paper",
    "Right",
    "SentTable",
]
