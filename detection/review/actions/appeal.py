"""Sellers appeal against restrictions. A reviewer other than the first decides; undecided in time, the
restriction is lifted.
"""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Organisation
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict, DomainError
from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from detection.intake.models import Listing
from detection.review.actions.assess import assess_listing, end_appeal, restrictions_on
from detection.review.actions.publish import publish_appeal_decided
from detection.review.models import Alert, Appeal, Decision, PastDecision


class NothingToAppeal(Conflict):
    code = "nothing_to_appeal"


class NamesNoRestriction(DomainError):
    """The appeal names no restriction of the listing; `restrictions` are those it can name."""

    code = "names_no_restriction"

    def __init__(self, restrictions: list[dict[str, str]], message: str) -> None:
        names = ", ".join(f"{row['brand_id']} ({row['brand']})" for row in restrictions)
        super().__init__(message, remedy=f"Send one of: {names}.", field="brand")


class NotYoursToHear(DomainError):
    code = "not_yours_to_decide"


class AppealDecided(Conflict):
    code = "already_decided"

    def __init__(self, appeal: Appeal) -> None:
        super().__init__(
            f"The appeal was decided: {appeal.get_state_display()}.",
            remedy="Read the decision.",
            field="state",
        )
        self.details = {"state": appeal.state}


def appeal_listing(
    *,
    listing: Listing,
    ground: Appeal.Ground,
    text: str,
    by: Person,
    brand: UUID | None = None,
) -> Appeal:
    """Stores an appeal against the restriction for `brand`, which may be None if only one brand restricts
    the listing. Returns the open appeal against the same restriction if there is one.

    Raises NothingToAppeal, NamesNoRestriction.
    """
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=listing.pk)
        against = restricting_brand(listing, brand)
        if pending := listing.appeals.awaiting_decision().filter(brand=against).first():
            return pending
        if was_denied(listing, against):
            raise NothingToAppeal(
                "An appeal against this restriction was denied.",
                remedy="Send a changed listing, or use another form of redress in the statement.",
                field="listing",
            )
        now = timezone.now()
        appeal = Appeal.objects.create(
            listing=listing,
            brand_id=against,
            ground=ground,
            text=text,
            submitted_at=now,
            due_at=now + timedelta(days=settings.APPEAL_DAYS),
            first_decider=first_decider(listing, against),
        )
        AuditEvent.objects.record(
            "appeal.submitted",
            subject=appeal,
            by=by,
            listing=str(listing.pk),
            brand=str(against),
            ground=ground,
        )
    return appeal


def restricting_brand(listing: Listing, brand: UUID | None) -> UUID:
    """Returns the brand to appeal against. Raises NothingToAppeal, NamesNoRestriction."""
    restrictions = restrictions_on(listing)
    if not restrictions and listing.incomplete_as == listing.verdict:
        raise NothingToAppeal(
            "No claim restricts the listing: it is held because some of its pictures could not be examined.",
            remedy="Send the listing again with pictures that can be read.",
            field="listing",
        )
    if not restrictions:
        raise NothingToAppeal(
            "The listing is not restricted.",
            remedy="Appeal against a hold or a block.",
            field="listing",
        )
    brands = [UUID(row["brand_id"]) for row in restrictions]
    if brand is None and len(brands) > 1:
        raise NamesNoRestriction(
            restrictions, "Several brands' claims restrict the listing: an appeal names one."
        )
    if brand is not None and brand not in brands:
        raise NamesNoRestriction(restrictions, "This brand's claim does not restrict the listing.")
    return brand or brands[0]


def was_denied(listing: Listing, brand: UUID) -> bool:
    """Whether an appeal was denied since the brand's alert was last reopened."""
    reopened = PastDecision.objects.reopened_on(listing).filter(alert__brand=brand)
    since = reopened.aggregate(last=Max("ended_at"))["last"]
    denied = listing.appeals.filter(state=Appeal.State.DENIED, brand=brand)
    return (denied.filter(decided_at__gte=since) if since else denied).exists()


def first_decider(listing: Listing, brand: UUID) -> User | None:
    blocked = Decision.objects.filter(
        alert__listing=listing, alert__brand=brand, outcome=Decision.Outcome.INFRINGING
    )
    decision = blocked.select_related("by").first()
    return decision.by if decision else None


def decide_appeal(*, appeal: Appeal, outcome: Appeal.Outcome, note: str, by: Person) -> Appeal:
    """Decides the appeal; GRANTED lifts its restriction. Raises NotYoursToHear, AppealDecided."""
    wanted = Appeal.State(outcome)
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=appeal.listing_id)
        appeal = Appeal.objects.select_related("brand").get(pk=appeal.pk)
        if appeal.state == wanted and appeal.decided_by_id == by.pk:
            return appeal
        if appeal.state != Appeal.State.OPEN:
            raise AppealDecided(appeal)
        appeal.acting_for = organisation_hearing(appeal, by)
        appeal.decided_by = cast("User", by)
        appeal.note = note
        end_appeal(appeal, wanted, by)
        assess_listing(listing=listing)
        publish_appeal_decided(appeal, listing)
    return appeal


def release_overdue_appeals() -> int:
    """Lifts restrictions whose appeals nobody decided in time, and returns the number of appeals."""

    def release(overdue: tuple[UUID, UUID]) -> None:
        number, listing_id = overdue
        with transaction.atomic():
            listing = Listing.objects.select_for_update().get(pk=listing_id)
            appeal = Appeal.objects.overdue(timezone.now()).filter(pk=number).first()
            if appeal:
                end_appeal(appeal, Appeal.State.LAPSED, None)
                assess_listing(listing=listing)
                publish_appeal_decided(appeal, listing)

    overdue = Appeal.objects.overdue(timezone.now()).values_list("pk", "listing")
    return each(list(overdue.order_by("due_at")[:MAX_A_SWEEP]), release)


def organisation_hearing(appeal: Appeal, user: Person) -> Organisation | None:
    """Returns the organisation for which the user may decide the appeal. Nobody may who took the decision
    or belongs to an organisation that claims. An administrator may, and gets None, if no reviewer can.

    Raises NotYoursToHear.
    """
    if user.pk and may_hear(appeal, user):
        mine = Membership.objects.of(user).filter(role=Membership.Role.REVIEWER)
        reviewing = Organisation.objects.filter(memberships__in=mine)
        own = reviewing.filter(marketplace=appeal.listing.marketplace_id).first()
        if organisation := own or reviewing.filter(reviews=True).first():
            return organisation
        if getattr(user, "is_superuser", False) and not others_may_hear(appeal, user):
            return None
    raise NotYoursToHear(
        "An appeal is decided by a reviewer who did not take the decision, never by a claimant.",
        remedy="Leave it to another reviewer, or to an administrator if there is none.",
    )


def may_hear(appeal: Appeal, user: Person) -> bool:
    same = {"alert__listing": appeal.listing_id, "alert__brand": appeal.brand_id, "by": user.pk}
    decided = (
        Decision.objects.filter(**same).exists() or PastDecision.objects.filter(**same).exists()
    )
    claims = Alert.objects.filter(
        listing=appeal.listing_id, brand__organisation__in=Organisation.objects.of(user)
    )
    return not decided and not claims.exists()


def others_may_hear(appeal: Appeal, user: Person) -> bool:
    """Whether any other reviewer may decide the appeal."""
    reviewers = Membership.objects.filter(role=Membership.Role.REVIEWER, user__is_active=True)
    hearing = reviewers.filter(
        Q(organisation__marketplace=appeal.listing.marketplace_id) | Q(organisation__reviews=True)
    )
    people = User.objects.filter(memberships__in=hearing).exclude(username=user.get_username())
    return any(may_hear(appeal, person) for person in people.distinct())
