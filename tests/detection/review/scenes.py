"""A missed listing, reported and examined."""

from django.contrib.auth.models import User
from django.db import transaction

from accounts.models import Marketplace
from detection.intake.models import Listing
from detection.matching.matcher import Matcher
from detection.review.actions.assess import assess_listing
from detection.review.actions.examine_report import examine_report
from detection.review.actions.report import report_missed
from detection.review.models import Report
from fingerprints.models import Brand

ADDRESS = "https://bazaar.example/offers/7"


def reported(brand: Brand, on: Marketplace, by: User, **what: object) -> Report:
    return report_missed(brand=brand, marketplace=on, by=by, **what)  # type: ignore[arg-type]


def examined(report: Report, matcher: Matcher) -> Report:
    examine_report(report=report, matcher=matcher)
    return Report.objects.get(pk=report.pk)


def assessed(listing: Listing) -> Listing:
    with transaction.atomic():
        assess_listing(listing=Listing.objects.select_for_update().get(pk=listing.pk))
    return Listing.objects.get(pk=listing.pk)
