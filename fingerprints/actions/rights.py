"""Submits rights; verifies or refuses them on behalf of the operator's staff; withdraws them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts import documents
from accounts.actions.claimant import claimant, is_staff
from accounts.actions.mail import mail_owners
from accounts.actions.verify import NoReason, NotYoursToVerify
from accounts.models import AuditEvent, Membership
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict, DomainError
from fingerprints import offices, territories
from fingerprints.models import Brand, Design, Right
from fingerprints.signals import enforcement_changed


class UnusableRight(DomainError):
    code = "right_unusable"


class AlreadySubmitted(Conflict):
    code = "right_already_submitted"


class RightIsOver(Conflict):
    code = "right_is_over"


def submit_right(  # noqa: PLR0913 - a register's entry has that many fields
    *,
    brand: Brand,
    right_kind: str,
    territories: Sequence[str],
    valid_from: date,
    document: File[bytes],
    by: Person,
    office: str = "",
    number: str = "",
    valid_until: date | None = None,
    designs: Sequence[Design] = (),
) -> Right:
    """Submits a right, which restricts nothing until it is verified. Without `designs` it covers all
    designs of the brand.

    Raises NotYoursToClaim, UnknownOffice, UnknownTerritory, UnusableRight, UnusableDocument,
    AlreadySubmitted.
    """
    right = Right(
        brand=brand,
        right_kind=right_kind,
        office=registrar(office, right_kind),
        number=number.strip(),
        territories=covered(territories, right_kind),
        valid_from=valid_from,
        valid_until=valid_until,
        submitted_by=claimant(by, brand.organisation),
    )
    refuse_unusable(right, designs)
    received = documents.receive(document)
    right.document, right.document_sha256 = received.file, received.sha256
    with transaction.atomic():
        # Serialises each brand, so that the same right cannot be submitted twice at once.
        Brand.objects.select_for_update().get(pk=brand.pk)
        refuse_repeated(right)
        right.save()
        right.designs.set(designs)
        AuditEvent.objects.record(
            "right.submitted",
            subject=right,
            by=by,
            brand=str(brand.pk),
            right=str(right),
            territories=right.territories,
            valid_from=str(valid_from),
            valid_until=str(valid_until or ""),
            designs=[str(design.pk) for design in designs],
            document_sha256=right.document_sha256,
        )
        enforcement_changed.send(Brand, brand=brand)
    return right


def verify_right(*, right: Right, by: Person) -> Right:
    """Verifies a right; repeating changes nothing. Raises NotYoursToVerify, RightIsOver."""
    with transaction.atomic():
        right = locked(right)
        refuse_own_verification(right, by)
        if right.state == Right.State.VERIFIED:
            return right
        left = right.days_left(timezone.localdate())
        if right.state != Right.State.SUBMITTED or (left is not None and left < 0):
            raise over(right)
        right.verify(cast("User", by), timezone.now())
        record("right.verified", right, by)
        mail_owners(right.brand.organisation, "right_verified", right=right)
    return right


def withdraw_right(*, right: Right, by: Person) -> Right:
    """Withdraws a right; repeating changes nothing. Raises NotYoursToClaim, RightIsOver."""
    with transaction.atomic():
        right = locked(right)
        person = claimant(by, right.brand.organisation)
        if right.state == Right.State.WITHDRAWN:
            return right
        if right.state == Right.State.EXPIRED:
            raise over(right)
        right.withdraw(person, timezone.now())
        record("right.withdrawn", right, by)
        mail_owners(
            right.brand.organisation, "right_withdrawn", right=right, by=person.get_username()
        )
    return right


def refuse_right(*, right: Right, by: Person, reason: str) -> Right:
    """Refuses to verify a right. Raises NotYoursToVerify, NoReason, RightIsOver."""
    with transaction.atomic():
        right = locked(right)
        refuse_own_verification(right, by)
        if right.state != Right.State.SUBMITTED:
            raise over(right)
        if not reason.strip():
            raise NoReason(
                "A refusal needs a reason, which the brand's owners receive by mail.",
                remedy="Write what is missing or wrong, and what to submit instead.",
                field="reason",
            )
        right.withdraw(cast("User", by), timezone.now(), reason.strip())
        record("right.refused", right, by)
        mail_owners(right.brand.organisation, "right_refused", right=right)
    return right


def locked(right: Right) -> Right:
    rights = Right.objects.select_for_update(of=("self",)).select_related("brand__organisation")
    return rights.get(pk=right.pk)


def record(action: str, right: Right, by: Person | None) -> None:
    AuditEvent.objects.record(
        action, subject=right, by=by, brand=str(right.brand_id), right=str(right)
    )
    enforcement_changed.send(Brand, brand=right.brand)


def over(right: Right) -> RightIsOver:
    return RightIsOver(
        f"The right is {right.get_state_display().lower()}"
        f"{f'; its last day is {right.valid_until}' if right.valid_until else ''}.",
        remedy="Submit it again with its present dates.",
    )


def registrar(office: str, right_kind: str) -> str:
    """Returns the office's name; copyright accepts any, as no list has those. Raises UnknownOffice."""
    return office.strip() if right_kind == Right.RightKind.COPYRIGHT else offices.known(office)


def covered(codes: Sequence[str], right_kind: str) -> list[str]:
    """Returns the checked codes. Raises UnknownTerritory, UnusableRight."""
    kept = territories.checked(codes)
    if not kept:
        raise UnusableRight(
            "A right without a territory covers nothing.",
            remedy="Name at least one country, such as DE, or EU for the European Union.",
            field="territories",
        )
    if territories.EVERYWHERE in kept and (len(kept) > 1 or right_kind != "copyright"):
        raise UnusableRight(
            "Only copyright can be in force everywhere (*), and * cannot be combined with other codes.",
            remedy="Name the countries instead, such as DE, or EU for the European Union.",
            field="territories",
        )
    return kept


def refuse_unusable(right: Right, designs: Sequence[Design]) -> None:
    """Raises UnusableRight."""
    for error in unusable(right, designs):
        raise error


def unusable(right: Right, designs: Sequence[Design]) -> Iterator[UnusableRight]:
    """Yields everything that is wrong with the right. Dates may be missing, as a form may be incomplete."""
    for field in ("office", "number"):
        if right.right_kind != Right.RightKind.COPYRIGHT and not getattr(right, field):
            yield UnusableRight(
                f"A {right.get_right_kind_display()} is a registered right, but its {field} is missing.",
                remedy=f"Send the {field} as in the register.",
                field=field,
            )
    if right.valid_until and right.valid_from and right.valid_until < right.valid_from:
        yield UnusableRight(
            "The right ends before it begins.",
            remedy="Send a last day on or after the first.",
            field="valid_until",
        )
    elif right.valid_until and right.valid_until < timezone.localdate():
        yield UnusableRight(
            "The right has expired.",
            remedy="Renew it, then send it with its new last day.",
            field="valid_until",
        )
    if any(design.brand_id != right.brand_id for design in designs):
        yield UnusableRight(
            "A right can be limited only to designs of its own brand.",
            remedy="Send designs of the brand, or none for all of them.",
            field="designs",
        )


def refuse_repeated(right: Right) -> None:
    same = Right.objects.in_play().filter(
        brand=right.brand, right_kind=right.right_kind, office=right.office, number=right.number
    )
    if right.number and same.exists():
        raise AlreadySubmitted(
            f"The brand already has the {right}.",
            remedy="Withdraw that one first if this one replaces it.",
            field="number",
        )


def refuse_own_verification(right: Right, by: Person) -> None:
    own = Membership.objects.of(by).filter(organisation=right.brand.organisation_id)
    if not is_staff(by) or own.exists() or right.submitted_by_id == by.pk:
        raise NotYoursToVerify(
            f"The {right} cannot be verified by the person who submitted it or by a member of "
            f"{right.brand.organisation}.",
            remedy="Ask another member of the operator's staff.",
        )
