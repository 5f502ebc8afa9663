"""An organisation is verified by its papers, or refused with a reason; both are mailed and on record."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from accounts.actions.claimant import NotYoursToClaim
from accounts.actions.verify import (
    MAX_PAPERS,
    AlreadyVerified,
    NoEvidence,
    NoReason,
    NotYoursToVerify,
    TooManyPapers,
    refuse_organisation,
    send_papers,
    verify_organisation,
)
from accounts.documents import UnusableDocument
from accounts.models import AuditEvent, Mail, Organisation, Paper
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def young(db: None) -> Organisation:
    return factories.organisation("Young", verified=False)


@pytest.fixture
def yara(young: Organisation) -> User:
    person = factories.member(young, "yara", role="owner")
    User.objects.filter(pk=person.pk).update(email="yara@young.example")
    return person


def paper(number: int = 0) -> ContentFile[bytes]:
    return ContentFile(factories.PDF.replace(b"certificate", b"%d" % number), f"{number}.pdf")


def read_again(organisation: Organisation) -> Organisation:
    return Organisation.objects.get(pk=organisation.pk)


def test_without_papers_a_note_says_why(young: Organisation) -> None:
    with pytest.raises(NoEvidence):
        verify_organisation(organisation=young, by=factories.staff(), note=" ")
    verify_organisation(organisation=young, by=factories.staff(), note="The register, by phone.")
    found = read_again(young)
    assert (found.is_verified, found.papers_seen) == (True, 0)
    event = AuditEvent.objects.get(action="organisation.verified")
    assert event.data == {"papers": 0, "note": "The register, by phone."}


def test_papers_are_evidence_enough(young: Organisation, yara: User) -> None:
    for _ in range(2):
        send_papers(organisation=young, files=[paper(1), paper(2)], by=yara)
    verify_organisation(organisation=young, by=factories.staff())
    assert read_again(young).papers_seen == 2
    with pytest.raises(AlreadyVerified):
        send_papers(organisation=young, files=[paper(3)], by=yara)


def test_a_refusal_has_a_reason_is_mailed_and_ends_with_other_papers(
    young: Organisation, yara: User
) -> None:
    with pytest.raises(NoReason):
        refuse_organisation(organisation=young, by=factories.staff(), reason="")
    refuse_organisation(organisation=young, by=factories.staff(), reason="No excerpt.")
    assert not Organisation.objects.awaiting_verification().filter(pk=young.pk).exists()
    assert "No excerpt." in Mail.objects.get(to="yara@young.example").text
    assert AuditEvent.objects.get(action="organisation.refused").data == {"reason": "No excerpt."}
    send_papers(organisation=young, files=[paper()], by=yara)
    assert Organisation.objects.awaiting_verification().get(pk=young.pk).refusal_reason == ""


def test_what_cannot_be_taken_leaves_nothing_behind(young: Organisation, yara: User) -> None:
    with pytest.raises(UnusableDocument):
        send_papers(organisation=young, files=[paper(), ContentFile(b"MZ", "x.exe")], by=yara)
    with pytest.raises(TooManyPapers):
        send_papers(organisation=young, files=list(map(paper, range(MAX_PAPERS + 1))), by=yara)
    assert not Paper.objects.exists()


def test_owners_send_and_only_strangers_of_the_staff_judge(young: Organisation, yara: User) -> None:
    member = factories.member(young, "mia")
    with pytest.raises(NotYoursToClaim):
        send_papers(organisation=young, files=[paper()], by=member)
    insider = factories.staff()
    young.memberships.create(user=insider)
    for person in (yara, insider):
        with pytest.raises(NotYoursToVerify):
            verify_organisation(organisation=young, by=person, note="Mine.")
        with pytest.raises(NotYoursToVerify):
            refuse_organisation(organisation=young, by=person, reason="Mine.")
