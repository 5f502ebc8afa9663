"""A table of listings and its import."""

from django.core.files.base import ContentFile

from accounts.models import Marketplace
from detection.intake.actions.import_listings import run_import, start_import
from detection.intake.models import ListingImport
from tests import factories

HEADER = "external_id,seller_id,title,price,currency,territories,images,image_urls"
GOOD = "offer-1,s-1,A bottle,9.90,EUR,DE FR,,https://img.example/a.png"


def text(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def imported(marketplace: Marketplace, data: bytes, name: str = "listings.csv") -> ListingImport:
    job = start_import(marketplace=marketplace, file=ContentFile(data, name), by=factories.staff())
    run_import(job=job)
    return ListingImport.objects.get(pk=job.pk)
