from fingerprints.models.brand import Brand
from fingerprints.models.design import Design, DesignImage
from fingerprints.models.fingerprint import Fingerprint, IndexChange
from fingerprints.models.licence import Licence
from fingerprints.models.right import LimitedTo, Right
from fingerprints.models.sent_table import SentTable

__all__ = [
    "Brand",
    "Design",
    "DesignImage",
    "Fingerprint",
    "IndexChange",
    "Licence",
    "LimitedTo",
    "Right",
    "SentTable",
]
