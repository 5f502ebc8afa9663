"""A seller appeals against a restriction; another reviewer than the first decides, or time does."""

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
    """`restrictions` are those that an appeal can be against."""

    code = "names_no_restriction"

    def __init__(self, restrictions: list[dict[str, str]], message: str) -> None:
        named = ", ".join(f"{one['brand_id']} ({one['brand']})" for one in restrictions)
        super().__init__(message, remedy=f"Send one of: {named}.", field="brand")


class NotYoursToHear(DomainError):
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


def appeal_listing(
    *,
    listing: Listing,
    ground: Appeal.Ground,
    text: str,
    by: Person,
    brand: UUID | None = None,
) -> Appeal:
    """Against what `brand`'s claim led to, which may be left out where nobody else's restricts the
    listing. One at a time a claim: while one is open, it is the answer.

    Raises NothingToAppeal, NamesNoRestriction.
    """
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=listing.pk)
        against = restriction(listing, brand)
        if standing := listing.appeals.awaiting_decision().filter(brand=against).first():
            return standing
        if denied(listing, against):
            raise NothingToAppeal(
                "An appeal against this restriction was decided already.",
                remedy="Send a changed listing, or turn to the redress that the statement names.",
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


def restriction(listing: Listing, brand: UUID | None) -> UUID:
    """Whose claim it is, of those that restrict the listing now."""
    restrictions = restrictions_on(listing)
    if not restrictions and listing.incomplete_as == listing.verdict:
        raise NothingToAppeal(
            "No claim restricts the listing: it is held as some of its pictures could not be looked at.",
            remedy="Send the listing again with pictures that can be read.",
            field="listing",
        )
    if not restrictions:
        raise NothingToAppeal(
            "The listing is not restricted.",
            remedy="Appeal against a hold or a block.",
            field="listing",
        )
    brands = [UUID(one["brand_id"]) for one in restrictions]
    if brand is None and len(brands) > 1:
        raise NamesNoRestriction(
            restrictions, "Several brands' claims restrict the listing: the appeal is against one."
        )
    if brand is not None and brand not in brands:
        raise NamesNoRestriction(restrictions, "This brand's claim does not restrict the listing.")
    return brand or brands[0]


def denied(listing: Listing, brand: UUID) -> bool:
    """Since the decision that it was against was last taken back."""
    reopened = PastDecision.objects.reopened_on(listing).filter(alert__brand=brand)
    since = reopened.aggregate(last=Max("ended_at"))["last"]
    found = listing.appeals.filter(state=Appeal.State.DENIED, brand=brand)
    return (found.filter(decided_at__gte=since) if since else found).exists()


def first_decider(listing: Listing, brand: UUID) -> User | None:
    blocked = Decision.objects.filter(
        alert__listing=listing, alert__brand=brand, outcome=Decision.Outcome.INFRINGING
    )
    decision = blocked.select_related("by").first()
    return decision.by if decision else None


def decide_appeal(*, appeal: Appeal, outcome: Appeal.Outcome, note: str, by: Person) -> Appeal:
    """Granted, it lifts the one restriction that it is against. Raises NotYoursToHear, AppealDecided."""
    wanted = Appeal.State(outcome)
    with transaction.atomic():
        listing = Listing.objects.select_for_update().get(pk=appeal.listing_id)
        appeal = Appeal.objects.select_related("brand").get(pk=appeal.pk)
        if appeal.state == wanted and appeal.decided_by_id == by.pk:
            return appeal
        if appeal.state != Appeal.State.OPEN:
            raise AppealDecided(appeal)
        appeal.acting_for = hearer(appeal, by)
        appeal.decided_by = cast("User", by)
        appeal.note = note
        end_appeal(appeal, wanted, by)
        assess_listing(listing=listing)
        publish_appeal_decided(appeal, listing)
    return appeal


def release_overdue_appeals() -> int:
    """Nobody decided in time: the restriction is lifted. How many."""

    def release(overdue: tuple[UUID, UUID]) -> None:
        number, listing_id = overdue
        with transaction.atomic():
            listing = Listing.objects.select_for_update().get(pk=listing_id)
            still = Appeal.objects.overdue(timezone.now()).filter(pk=number).first()
            if still:
                end_appeal(still, Appeal.State.LAPSED, None)
                assess_listing(listing=listing)
                publish_appeal_decided(still, listing)

    overdue = Appeal.objects.overdue(timezone.now()).values_list("pk", "listing")
    return each(list(overdue.order_by("due_at")[:MAX_A_SWEEP]), release)


def hearer(appeal: Appeal, user: Person) -> Organisation | None:
    """For whom the user may hear the appeal. Never who decided what it is against, nor a member of an
    organisation that claims; an administrator, for nobody, where there is no other reviewer.
    """
    if user.pk and may_hear(appeal, user):
        mine = Membership.objects.of(user).filter(role=Membership.Role.REVIEWER)
        reviewing = Organisation.objects.filter(memberships__in=mine)
        own = reviewing.filter(marketplace=appeal.listing.marketplace_id).first()
        if organisation := own or reviewing.filter(reviews=True).first():
            return organisation
        if getattr(user, "is_superuser", False) and not others(appeal, user):
            return None
    raise NotYoursToHear(
        "Appeals are decided by a reviewer who did not decide first, never by a claimant.",
        remedy="Leave it to another reviewer, or to an administrator where there is none.",
    )


def may_hear(appeal: Appeal, user: Person) -> bool:
    said = {"alert__listing": appeal.listing_id, "alert__brand": appeal.brand_id, "by": user.pk}
    decided = (
        Decision.objects.filter(**said).exists() or PastDecision.objects.filter(**said).exists()
    )
    claims = Alert.objects.filter(
        listing=appeal.listing_id, brand__organisation__in=Organisation.objects.of(user)
    )
    return not decided and not claims.exists()


def others(appeal: Appeal, user: Person) -> bool:
    """Whether any reviewer but those who decided could hear it."""
    reviewers = Membership.objects.filter(role=Membership.Role.REVIEWER, user__is_active=True)
    hearing = reviewers.filter(
        Q(organisation__marketplace=appeal.listing.marketplace_id) | Q(organisation__reviews=True)
    )
    people = User.objects.filter(memberships__in=hearing).exclude(username=user.get_username())
    return any(may_hear(appeal, person) for person in people.distinct())
