"""Admin pages of brands, designs, rights and licences for the operator's staff."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from accounts.admin import ReadOnly
from accounts.models import AuditEvent
from brandguard.kernel.errors import DomainError
from fingerprints.actions.brands import THRESHOLDS, record_change
from fingerprints.actions.end_alert_spike import end_alert_spike
from fingerprints.actions.rights import verify_right, withdraw_right
from fingerprints.models import Brand, Design, DesignImage, IndexChange, Licence, Right


@admin.register(Brand)
class BrandAdmin(admin.ModelAdmin[Brand]):
    list_display = ["name", "organisation", *THRESHOLDS]
    list_select_related = ["organisation"]
    search_fields = ["name"]
    fields = ["organisation", "name", *THRESHOLDS]

    def get_readonly_fields(self, request: HttpRequest, obj: Brand | None = None) -> list[str]:
        return ["organisation"] if obj else []  # a brand's decisions belong to its organisation

    def save_model(self, request: HttpRequest, obj: Brand, form: Any, change: Any) -> None:
        """Saves a brand that the model form has checked, with an audit record."""
        kept = ("name", *THRESHOLDS)
        before = Brand.objects.filter(pk=obj.pk).values(*kept).first()
        super().save_model(request, obj, form, change)
        after = {field: getattr(obj, field) for field in kept}
        if before:
            record_change(brand=obj, by=request.user, before=before, after=after)
        else:
            AuditEvent.objects.record("brand.created", subject=obj, by=request.user, **after)


@admin.register(Design)
class DesignAdmin(ReadOnly[Design]):
    list_display = [
        "name", "brand", "design_kind", "created_at", "retired_at", "people_only_since",
    ]  # fmt: skip
    list_select_related = ["brand"]
    list_filter = ["design_kind", ("people_only_since", admin.EmptyFieldListFilter)]
    search_fields = ["name"]
    actions = ["trust"]

    @admin.action(description="End the alert spike of the selected designs", permissions=["view"])
    def trust(self, request: HttpRequest, chosen: QuerySet[Design]) -> None:
        for design in chosen.exclude(people_only_since=None):
            end_alert_spike(design=design, by=request.user)


@admin.register(DesignImage)
class DesignImageAdmin(ReadOnly[DesignImage]):
    list_display = ["design", "position", "name", "state", "outline_by", "attempts"]
    list_select_related = ["design"]
    list_filter = ["state"]


@admin.register(Right)
class RightAdmin(ReadOnly[Right]):
    """Rights are verified and withdrawn by list actions, which write audit records; nobody edits them."""

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
        return format_html('<a href="{}">Download</a>', reverse("right-document", args=[right.pk]))

    @admin.display(description="Territories")
    def places(self, right: Right) -> str:
        return ", ".join(right.territories)

    @admin.display(description="Limited to")
    def limited_to(self, right: Right) -> str:
        return ", ".join(str(design) for design in right.designs.all()) or "not limited"

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
            except DomainError as error:
                self.message_user(request, error.advice, messages.ERROR)
            else:
                message = f"{right} of {right.brand}: {done.get_state_display().lower()}."
                self.message_user(request, message, messages.SUCCESS)


@admin.register(Licence)
class LicenceAdmin(ReadOnly[Licence]):
    list_display = [
        "brand", "design", "marketplace", "seller_id", "valid_from", "valid_until", "revoked_at",
    ]  # fmt: skip
    list_select_related = ["brand", "design", "marketplace"]
    list_filter = ["marketplace", ("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["seller_id", "brand__name"]


@admin.register(IndexChange)
class IndexChangeAdmin(ReadOnly[IndexChange]):
    list_display = ["number", "operation", "generation", "fingerprint_id", "created_at"]
    list_filter = ["operation"]
