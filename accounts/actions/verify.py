"""The operator's staff verifies an organisation by its papers, so that its designs can restrict listings,
or refuses it with a reason.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts import documents
from accounts.actions.claimant import claimant, is_staff
from accounts.actions.mail import mail_owners
from accounts.models import AuditEvent, Membership, Organisation, Paper
from accounts.models.person import Person
from accounts.signals import claimant_changed
from brandguard.kernel.errors import Conflict, DomainError

MAX_PAPERS = 20


class NotYoursToVerify(DomainError):
    code = "not_yours_to_verify"


class NoEvidence(DomainError):
    code = "no_evidence"


class NoReason(DomainError):
    code = "no_reason"


class TooManyPapers(DomainError):
    code = "too_many_papers"


class AlreadyVerified(Conflict):
    code = "already_verified"


def send_papers(*, organisation: Organisation, files: Sequence[File[bytes]], by: Person) -> None:
    """Stores all files or none; a file sent before is stored once. A refused organisation waits for
    verification again. Raises NotYoursToClaim, UnusableDocument, TooManyPapers, AlreadyVerified.
    """
    person = claimant(by, organisation)
    received = [(file.name or "paper", documents.receive(file)) for file in files]
    with transaction.atomic():
        held = Organisation.objects.select_for_update().get(pk=organisation.pk)
        refuse_verified(held)
        for name, paper in received:
            held.papers.get_or_create(
                document_sha256=paper.sha256,
                defaults={"document": paper.file, "name": name[-255:], "sent_by": person},
            )
        if held.papers.count() > MAX_PAPERS:
            raise TooManyPapers(
                f"An organisation has at most {MAX_PAPERS} papers.",
                remedy="Send several pages as one PDF.",
                field="papers",
            )
        end_refusal(held)
        AuditEvent.objects.record(
            "organisation.papers_sent",
            subject=held,
            by=by,
            documents_sha256=[paper.sha256 for _, paper in received],
        )


def verify_organisation(*, organisation: Organisation, by: Person, note: str = "") -> None:
    """Verifies an organisation; repeating changes nothing. Without papers, the note must say what the
    verification is based on. Raises NotYoursToVerify, NoEvidence.
    """
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        judge = judge_of(organisation, by)
        if organisation.is_verified:
            return
        papers = Paper.objects.filter(organisation=organisation).count()
        if not papers and not note.strip():
            raise NoEvidence(
                f"{organisation} has sent no papers.",
                remedy="Write in the note what the verification is based on, or ask for papers.",
                field="note",
            )
        end_refusal(organisation)
        organisation.verified_at, organisation.verified_by = timezone.now(), judge
        organisation.verification_note, organisation.papers_seen = note.strip(), papers
        organisation.save()
        AuditEvent.objects.record(
            "organisation.verified", subject=organisation, by=by, papers=papers, note=note.strip()
        )
        mail_owners(organisation, "organisation_verified")
        claimant_changed.send(Organisation, organisation=organisation)


def refuse_organisation(*, organisation: Organisation, by: Person, reason: str) -> None:
    """Refuses an organisation, which may send other papers.

    Raises NotYoursToVerify, NoReason, AlreadyVerified.
    """
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        judge = judge_of(organisation, by)
        refuse_verified(organisation)
        if not reason.strip():
            raise NoReason(
                "A refusal needs a reason, which the organisation receives by mail.",
                remedy="Write what is missing or wrong, and what to send instead.",
                field="reason",
            )
        organisation.refused_at, organisation.refused_by = timezone.now(), judge
        organisation.refusal_reason = reason.strip()
        organisation.save()
        AuditEvent.objects.record(
            "organisation.refused", subject=organisation, by=by, reason=reason.strip()
        )
        mail_owners(organisation, "organisation_refused")


def judge_of(organisation: Organisation, by: Person) -> User:
    """Returns the person as a user. Raises NotYoursToVerify."""
    own = Membership.objects.of(by).filter(organisation=organisation)
    if not isinstance(by, User) or not is_staff(by) or own.exists():
        raise NotYoursToVerify(
            f"{organisation} cannot be verified by one of its own members.",
            remedy="Ask another member of the operator's staff.",
        )
    return by


def refuse_verified(organisation: Organisation) -> None:
    if organisation.is_verified:
        raise AlreadyVerified(
            f"{organisation} is already verified.", remedy="There is nothing more to do."
        )


def end_refusal(organisation: Organisation) -> None:
    organisation.refused_at = organisation.refused_by = None
    organisation.refusal_reason = ""
    organisation.save(update_fields=["refused_at", "refused_by", "refusal_reason"])
