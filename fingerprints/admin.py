"""The operator's desk: organisations and rights are verified here, by staff who are not members."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from brandguard.faults import Fault
from fingerprints.actions.brands import THRESHOLDS, record_change
from fingerprints.actions.flood import end_flood
from fingerprints.actions.keys import revoke_key, rotate_key
from fingerprints.actions.rights import verify_right, withdraw_right
from fingerprints.models import (
    ApiKey,
    AuditEvent,
    Brand,
    Design,
    DesignImage,
    IndexChange,
    Licence,
    Mail,
    Membership,
    Organisation,
    Right,
)


class MembershipInline(admin.TabularInline[Membership, Organisation]):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    list_display = ["name", "reviews", "verified_at", "verified_by"]
    list_filter = ["reviews", ("verified_at", admin.EmptyFieldListFilter)]
    search_fields = ["name"]
    readonly_fields = ["verified_at", "verified_by", "verification_note"]  # judged at the desk
    inlines = [MembershipInline]


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin[ApiKey]):
    """A new key is shown once, right after it was made."""

    list_display = [
        "name", "organisation", "user", "scope", "sandbox", "last_used_at", "expires_at", "revoked_at",
    ]  # fmt: skip
    list_select_related = ["organisation", "user"]
    fields = ["organisation", "user", "scope", "sandbox", "name"]
    autocomplete_fields = ["organisation", "user"]
    actions = ["rotate", "revoke"]

    @admin.action(description="Replace the selected keys: the old ones open for a day more")
    def rotate(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            made, whole = rotate_key(key=key, by=request.user)
            text = f"The key of {made.name}, shown only this once: {whole}"
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


@admin.register(Brand)
class BrandAdmin(admin.ModelAdmin[Brand]):
    list_display = ["name", "organisation", *THRESHOLDS]
    list_select_related = ["organisation"]
    search_fields = ["name"]
    fields = ["organisation", "name", *THRESHOLDS]

    def get_readonly_fields(self, request: HttpRequest, obj: Brand | None = None) -> list[str]:
        return ["organisation"] if obj else []  # a brand stays where its decisions were taken

    def save_model(self, request: HttpRequest, obj: Brand, form: Any, change: Any) -> None:
        """Through the model form's own checks; on record as everywhere."""
        kept = ("name", *THRESHOLDS)
        before = Brand.objects.filter(pk=obj.pk).values(*kept).first()
        super().save_model(request, obj, form, change)
        after = {field: getattr(obj, field) for field in kept}
        if before:
            record_change(brand=obj, by=request.user, before=before, after=after)
        else:
            AuditEvent.objects.record("brand.created", subject=obj, by=request.user, **after)


class ReadOnly[M: Any](admin.ModelAdmin[M]):
    """Rows that only the service itself writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


@admin.register(Design)
class DesignAdmin(ReadOnly[Design]):
    list_display = [
        "name", "brand", "design_kind", "created_at", "retired_at", "people_only_since",
    ]  # fmt: skip
    list_select_related = ["brand"]
    list_filter = ["design_kind", ("people_only_since", admin.EmptyFieldListFilter)]
    search_fields = ["name"]
    actions = ["trust"]

    @admin.action(
        description="End that the selected designs are for people alone", permissions=["view"]
    )
    def trust(self, request: HttpRequest, chosen: QuerySet[Design]) -> None:
        for design in chosen.exclude(people_only_since=None):
            end_flood(design=design, by=request.user)


@admin.register(DesignImage)
class DesignImageAdmin(ReadOnly[DesignImage]):
    list_display = ["design", "position", "name", "state", "attempts"]
    list_select_related = ["design"]
    list_filter = ["state"]


@admin.register(Right)
class RightAdmin(ReadOnly[Right]):
    """Verified and withdrawn by the actions of the list, which keep a record; edited never."""

    list_display = ["__str__", "brand", "places", "valid_from", "valid_until", "state", "file"]
    list_select_related = ["brand"]
    list_filter = ["state", "right_kind"]
    search_fields = ["number", "office", "brand__name"]
    fields = [
        "brand", "right_kind", "office", "number", "places", "valid_from", "valid_until",
        "limited_to", ("state", "file"), "document_sha256", "submitted_at", "submitted_by",
        "verified_at", "verified_by", "withdrawn_at", "withdrawn_by", "expired_at",
    ]  # fmt: skip
    actions = ["verify", "withdraw"]

    @admin.display(description="Document")
    def file(self, right: Right) -> str:
        return format_html('<a href="{}">Save</a>', reverse("right-document", args=[right.pk]))

    @admin.display(description="Territories")
    def places(self, right: Right) -> str:
        return ", ".join(right.territories)

    @admin.display(description="Limited to")
    def limited_to(self, right: Right) -> str:
        return ", ".join(str(design) for design in right.designs.all()) or "all of the brand's"

    def has_judge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fingerprints.change_right")

    @admin.action(description="Verify the selected rights", permissions=["judge"])
    def verify(self, request: HttpRequest, chosen: QuerySet[Right]) -> None:
        self.each(request, chosen, verify_right)

    @admin.action(description="Withdraw the selected rights", permissions=["judge"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Right]) -> None:
        self.each(request, chosen, withdraw_right)

    def each(
        self, request: HttpRequest, chosen: QuerySet[Right], act: Callable[..., Right]
    ) -> None:
        for right in chosen:
            try:
                done = act(right=right, by=request.user)
            except Fault as fault:
                self.message_user(request, fault.advice, messages.ERROR)
            else:
                said = f"{right} of {right.brand}: {done.get_state_display().lower()}."
                self.message_user(request, said, messages.SUCCESS)


@admin.register(Licence)
class LicenceAdmin(ReadOnly[Licence]):
    list_display = [
        "brand", "design", "marketplace", "seller_id", "valid_from", "valid_until", "revoked_at",
    ]  # fmt: skip
    list_select_related = ["brand", "design", "marketplace"]
    list_filter = ["marketplace", ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["seller_id", "brand__name"]


@admin.register(Mail)
class MailAdmin(ReadOnly[Mail]):
    list_display = ["to", "subject", "written_at", "sent_at", "attempts", "error"]
    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    search_fields = ["to", "subject"]


@admin.register(IndexChange)
class IndexChangeAdmin(ReadOnly[IndexChange]):
    list_display = ["number", "operation", "generation", "fingerprint_id", "created_at"]
    list_filter = ["operation"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly[AuditEvent]):
    list_display = ["at", "actor", "action", "subject_type", "subject_id"]
    list_filter = ["action"]
    search_fields = ["subject_id", "actor"]
