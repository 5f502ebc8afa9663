"""Admin pages of organisations, keys, marketplaces, mail and the audit trail for the operator's staff."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actions.api_keys import revoke_key, rotate_key
from accounts.models import ApiKey, AuditEvent, Mail, Marketplace, Membership, Organisation


class ReadOnly[M: Any](admin.ModelAdmin[M]):
    """Rows that only the service itself writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class MembershipInline(admin.TabularInline[Membership, Organisation]):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    list_display = ["name", "reviews", "verified_at", "verified_by"]
    list_filter = ["reviews", ("verified_at", admin.EmptyFieldListFilter)]
    search_fields = ["name"]
    # The operations pages verify organisations.
    readonly_fields = ["verified_at", "verified_by", "verification_note"]
    inlines = [MembershipInline]


@admin.register(Marketplace)
class MarketplaceAdmin(admin.ModelAdmin[Marketplace]):
    list_display = ["name", "organisation", "created_at"]
    list_select_related = ["organisation"]
    search_fields = ["name"]
    autocomplete_fields = ["organisation"]
    exclude = ["admits"]  # the portal's page of admissions also reassesses listings and sends mails


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    """A new key is shown once, right after it is created."""

    list_display = [
        "name", "organisation", "user", "scope", "sandbox", "last_used_at", "expires_at", "revoked_at",
    ]  # fmt: skip
    list_select_related = ["organisation", "user"]
    fields = ["organisation", "user", "scope", "sandbox", "name"]
    autocomplete_fields = ["organisation", "user"]
    actions = ["rotate", "revoke"]

    @admin.action(description="Replace the selected keys (the old ones work for one more day)")
    def rotate(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            replacement, full_key = rotate_key(key=key, by=request.user)
            text = f"The key of {replacement.name}, shown only this once: {full_key}"
            self.message_user(request, text, messages.WARNING)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:
        return ["organisation", "user", "scope", "sandbox"] if obj else []

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: Any) -> None:
        if not change:
            key = obj.set_secret()
            self.message_user(request, f"The key, shown only this once: {key}", messages.WARNING)
        super().save_model(request, obj, form, change)
        AuditEvent.objects.record(
            "api_key.changed" if change else "api_key.made", subject=obj, by=request.user
        )

    @admin.action(description="Revoke the selected keys")
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            revoke_key(key=key, by=request.user)


@admin.register(Mail)
class MailAdmin(ReadOnly[Mail]):
    list_display = ["to", "subject", "written_at", "sent_at", "attempts", "error"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    search_fields = ["to", "subject"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly[AuditEvent]):
    list_display = ["at", "actor", "action", "subject_type", "subject_id"]
    list_filter = ["action"]
    search_fields = ["subject_id", "actor"]
