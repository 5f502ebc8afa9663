"""Facts of organisations and keys that the database holds, whatever the code above it does."""

import pytest

from accounts.models import Invitation, Marketplace, Membership, Organisation, Paper
from tests import factories
from tests.constraints import Broken, constraint_names, refusal
from tests.fingerprints.rows import NOW, key, twice


def invitation(token: str = "", **fields: object) -> Invitation:
    club = Organisation.objects.filter(name="Club").first() or factories.organisation("Club")
    return Invitation.objects.create(
        **{
            "organisation": club,
            "email": "dora@club.example",
            "role": "member",
            "token_sha256": token,
            "invited_by": factories.staff(),
            "expires_at": NOW,
        }
        | fields
    )


BROKEN: dict[str, list[Broken]] = {
    "marketplace_incomplete_listings_known": [
        lambda: Marketplace.objects.filter(pk=factories.marketplace().pk).update(
            incomplete_listings="often"
        )
    ],
    "api_key_scope_known": [lambda: key(scope="everything").save()],
    "organisation_verified_when_and_by_whom": [
        lambda: Organisation.objects.create(
            name="When", verified_at=NOW, verification_note="Known."
        ),
        lambda: Organisation.objects.create(name="By whom", verified_by=factories.staff()),
    ],
    "organisation_verified_by_papers_or_note": [
        lambda: factories.organisation(
            "No word",
            verification_note="",
            verified=False,
            verified_at=NOW,
            verified_by=factories.staff(),
        ),
    ],
    "organisation_refused_by_whom_and_why": [
        lambda: Organisation.objects.create(
            name="Why", refused_at=NOW, refused_by=factories.staff()
        ),
        lambda: Organisation.objects.create(name="Who", refused_at=NOW, refusal_reason="No."),
        lambda: factories.organisation(
            "Both", refused_at=NOW, refused_by=factories.staff(), refusal_reason="No."
        ),
    ],
    "paper_once_per_organisation": [
        lambda: twice(
            Paper,
            organisation=factories.organisation("Club"),
            document="a.pdf",
            document_sha256="0" * 64,
            sent_by=factories.user("dora"),
        )
    ],
    "membership_once_per_organisation": [
        lambda: twice(
            Membership, organisation=factories.organisation("Club"), user=factories.user("dora")
        )
    ],
    "membership_role_known": [
        lambda: factories.member(factories.organisation("Club"), "dora", role="boss")
    ],
    "invitation_once_in_play": [lambda: [invitation(token) for token in "ab"]],
    "invitation_role_known": [lambda: invitation(role="boss")],
}
CASES = [
    pytest.param(name, broken, id=f"{name}-{number}")
    for name, several in BROKEN.items()
    for number, broken in enumerate(several, 1)
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "broken"), CASES)
def test_the_database_refuses(name: str, broken: Broken) -> None:
    said = refusal(broken)
    assert name in said or said.lower().startswith("unique constraint failed")


def test_every_constraint_has_a_row_that_breaks_it() -> None:
    assert set(BROKEN) >= constraint_names("accounts")
