"""Read-only admin pages of listings, matches, alerts and deliveries: only the service writes these rows."""

from django.contrib import admin

from accounts.admin import ReadOnly
from detection.delivery.models import Delivery, WebhookEndpoint
from detection.intake.models import Listing, ListingImage, ListingImport
from detection.matching.models import Match
from detection.review.models import Alert, Appeal, Decision, Report


@admin.register(Listing)
class ListingAdmin(ReadOnly[Listing]):
    list_display = ["external_id", "revision", "marketplace", "state", "verdict"]
    list_select_related = ["marketplace"]
    list_filter = ["state", "verdict"]
    search_fields = ["external_id", "seller_id"]


@admin.register(ListingImage)
class ListingImageAdmin(ReadOnly[ListingImage]):
    list_display = ["listing", "position", "name", "state", "attempts"]
    list_select_related = ["listing"]
    list_filter = ["state"]


@admin.register(Match)
class MatchAdmin(ReadOnly[Match]):
    list_display = ["listing_image", "view", "similarity", "match_kind", "channel"]
    list_select_related = ["listing_image__listing", "view__design"]
    list_filter = ["match_kind"]


@admin.register(Alert)
class AlertAdmin(ReadOnly[Alert]):
    list_display = ["listing", "brand", "similarity", "match_kind", "state", "raised_at"]
    list_select_related = ["listing", "brand"]
    list_filter = ["state", "match_kind"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly[Decision]):
    list_display = ["alert", "outcome", "by", "acting_for", "decided_at"]
    list_select_related = ["alert__brand", "by", "acting_for"]
    list_filter = ["outcome"]


@admin.register(Appeal)
class AppealAdmin(ReadOnly[Appeal]):
    list_display = ["listing", "ground", "state", "submitted_at", "due_at"]
    list_select_related = ["listing"]
    list_filter = ["state"]


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnly[WebhookEndpoint]):
    list_display = ["url", "marketplace", "paused_at", "retired_at"]
    list_select_related = ["marketplace"]
    exclude = ["secret", "previous_secret"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly[Delivery]):
    list_display = ["event", "endpoint", "state", "attempts_made", "next_attempt_at"]
    list_select_related = ["event", "endpoint"]
    list_filter = ["state"]


@admin.register(ListingImport)
class ListingImportAdmin(ReadOnly[ListingImport]):
    list_display = ["name", "marketplace", "state", "created_at", "done_at"]
    list_select_related = ["marketplace"]
    list_filter = ["state"]


@admin.register(Report)
class ReportAdmin(ReadOnly[Report]):
    list_display = ["brand", "marketplace", "finding", "at", "answered_at"]
    list_select_related = ["brand", "marketplace"]
    list_filter = ["finding"]
