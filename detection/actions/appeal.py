"""A seller appeals against a restriction; another reviewer than the first decides, or time does."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from brandguard.faults import Conflict, Fault
from brandguard.sweeps import MAX_A_SWEEP, each
from detection.actions.settle import end_appeal, settle_listing
from detection.models import Alert, Appeal, Decision, Listing, Verdict
from fingerprints.models import AuditEvent, Membership, Organisation
from fingerprints.models.person import Person


class NothingToAppeal(Conflict):
    code = "nothing_to_appeal"


class NotYoursToHear(Fault):
    code = "not_yours_to_decide"


class AppealDecided(Conflict):
    code = "already_decided"

    def __init__(self, appeal: Appeal) -> None:
        super().__init__(
            f"The appeal was decided: {appeal.get_state_display()}.",
            remedy="Read the decision that stands.",
            field="state",
        )
        self.details = {"state": appeal.state}


def appeal_listing(*, listing: Listing, ground: Appeal.Ground, text: str, by: Person) -> Appeal:
    """One at a time a listing's revision: while one is open, it is the answer. Raises NothingToAppeal."""
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=listing.pk)
        if standing := listing.appeals.awaiting_decision().first():
            return standing
        if listing.verdict not in {Verdict.HOLD, Verdict.BLOCK}:
            raise NothingToAppeal(
                "The listing is not restricted.",
                remedy="Appeal against a hold or a block.",
                field="listing",
            )
        if listing.appeals.filter(state=Appeal.State.UPHELD).exists():
            raise NothingToAppeal(
                "An appeal against this restriction was decided already.",
                remedy="Send a changed listing, or turn to the redress that the statement names.",
                field="listing",
            )
        now = timezone.now()
        appeal = Appeal.objects.create(
            listing=listing,
            ground=ground,
            text=text,
            submitted_at=now,
            due_at=now + timedelta(days=settings.APPEAL_DAYS),
            first_decider=first_decider(listing),
        )
        AuditEvent.objects.record(
            "appeal.submitted", subject=appeal, by=by, listing=str(listing.pk), ground=ground
        )
    return appeal


def first_decider(listing: Listing) -> User | None:
    blocked = Decision.objects.filter(
        alert__listing=listing, outcome=Decision.Outcome.INFRINGING
    ).order_by("decided_at")
    decision = blocked.select_related("by").first()
    return decision.by if decision else None


def decide_appeal(*, appeal: Appeal, upheld: bool, note: str, by: Person) -> Appeal:
    """`upheld` says that the restriction stands. Raises NotYoursToHear, AppealDecided."""
    wanted = Appeal.State.UPHELD if upheld else Appeal.State.OVERTURNED
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=appeal.listing_id)
        appeal = Appeal.objects.get(pk=appeal.pk)
        if appeal.state == wanted and appeal.decided_by_id == by.pk:
            return appeal
        if appeal.state != Appeal.State.OPEN:
            raise AppealDecided(appeal)
        appeal.acting_for = hearer(listing, by)
        appeal.decided_by = cast("User", by)
        appeal.note = note
        end_appeal(appeal, wanted, by)
        settle_listing(listing=listing)
    return appeal


def release_overdue_appeals() -> int:
    """Nobody decided in time: the listing is released. How many."""

    def release(overdue: tuple[UUID, UUID]) -> None:
        number, listing_id = overdue
        with transaction.atomic():
            listing = Listing.objects.select_for_update().get(pk=listing_id)
            still = Appeal.objects.overdue(timezone.now()).filter(pk=number).first()
            if still:
                end_appeal(still, Appeal.State.LAPSED, None)
                settle_listing(listing=listing)

    overdue = Appeal.objects.overdue(timezone.now()).values_list("pk", "listing")
    return each(list(overdue.order_by("due_at")[:MAX_A_SWEEP]), release)


def hearer(listing: Listing, user: Person) -> Organisation | None:
    """For whom the user may hear the appeal. Never who decided an alert of it, nor a member of an
    organisation that claims; an administrator, for nobody, where there is no other reviewer.
    """
    if user.pk and may_hear(listing, user):
        mine = Membership.objects.of(user).filter(role=Membership.Role.REVIEWER)
        reviewing = Organisation.objects.filter(memberships__in=mine)
        own = reviewing.filter(marketplace=listing.marketplace_id).first()
        if organisation := own or reviewing.filter(reviews=True).first():
            return organisation
        if getattr(user, "is_superuser", False) and not others(listing, user):
            return None
    raise NotYoursToHear(
        "Appeals are decided by a reviewer who did not decide first, never by a claimant.",
        remedy="Leave it to another reviewer, or to an administrator where there is none.",
    )


def may_hear(listing: Listing, user: Person) -> bool:
    decided = Decision.objects.filter(alert__listing=listing, by=user.pk).exists()
    claims = Alert.objects.filter(
        listing=listing, brand__organisation__in=Organisation.objects.of(user)
    ).exists()
    return not decided and not claims


def others(listing: Listing, user: Person) -> bool:
    """Whether any reviewer but those who decided could hear it."""
    reviewers = Membership.objects.filter(role=Membership.Role.REVIEWER, user__is_active=True)
    hearing = reviewers.filter(
        Q(organisation__marketplace=listing.marketplace_id) | Q(organisation__reviews=True)
    )
    people = User.objects.filter(memberships__in=hearing).exclude(username=user.get_username())
    return any(may_hear(listing, person) for person in people.distinct())
