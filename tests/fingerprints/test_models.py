"""Facts that the database holds, whatever the code above it does."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from accounts.files import new_file_name
from accounts.models import ApiKey, AuditEvent, Invitation, Membership, Organisation, Paper
from fingerprints.models import (
    Brand,
    DesignImage,
    Fingerprint,
    IndexChange,
    Licence,
    LimitedTo,
    Right,
)
from tests import factories
from tests.constraints import Broken, constraint_names, refusal

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def key(**fields: object) -> ApiKey:
    of = factories.organisation("Keys")
    made = ApiKey(organisation=of, user=factories.user("kim"), **{"scope": "designs"} | fields)
    made.set_secret()
    return made


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


def twice(model: type[Organisation | Membership | Brand | Paper], **fields: object) -> None:
    for _ in range(2):
        model.objects.create(**fields)


def fingerprint(image: DesignImage, **fields: object) -> Fingerprint:
    return Fingerprint.objects.create(
        image=image,
        **{"generation": "g", "variant": "original", "vector": b"", "perceptual_hash": 0} | fields,
    )


def same_print_twice() -> None:
    image = factories.view(factories.design(any_brand()))
    fingerprint(image)
    fingerprint(image)


def any_brand(**fields: Any) -> Brand:
    return factories.brand(factories.organisation(f"Owner {uuid4()}"), **fields)


def same_position_twice() -> None:
    design = factories.design(any_brand())
    factories.view(design)
    factories.view(design)


def any_view(**fields: Any) -> DesignImage:
    return factories.view(factories.design(any_brand()), **fields)


def any_right(**fields: Any) -> Right:
    return factories.right(any_brand(), **fields)


def same_right_twice() -> None:
    brand = any_brand()
    for verified in (True, False):
        factories.right(brand, number="018000001", verified=verified)


def limited_twice() -> None:
    brand = any_brand()
    design = factories.design(brand)
    right = factories.right(brand, designs=[design])
    LimitedTo.objects.create(right=right, design=design)


def any_licence(**fields: Any) -> Licence:
    return factories.licence(any_brand(), factories.marketplace(), **fields)


def same_licence_twice(*, for_design: bool = False) -> None:
    brand, bazaar = any_brand(), factories.marketplace()
    design = factories.design(brand) if for_design else None
    for _ in range(2):
        factories.licence(brand, bazaar, design=design)


BROKEN: dict[str, list[Broken]] = {
    "api_key_scope_known": [lambda: key(scope="everything").save()],
    "brand_name_once": [
        lambda: twice(Brand, organisation=factories.organisation("Twins"), name="Fizz")
    ],
    "brand_review_threshold_range": [
        lambda: any_brand(review_threshold=69),
        lambda: any_brand(review_threshold=101),
    ],
    "brand_block_threshold_range": [
        lambda: any_brand(block_threshold=89),
        lambda: any_brand(block_threshold=101),
    ],
    "brand_thresholds_in_order": [lambda: any_brand(review_threshold=96, block_threshold=95)],
    "design_kind_known": [lambda: factories.design(any_brand(), design_kind="song")],
    "design_image_position": [same_position_twice],
    "design_image_state_complete": [
        lambda: any_view(state="pending", error={"code": "x"}),
        lambda: any_view(state="enrolled", error={"code": "x"}),
        lambda: any_view(state="enrolled", width=None),
        lambda: any_view(state="enrolled", height=None),
        lambda: any_view(state="refused"),
        lambda: any_view(state="lost"),
    ],
    "fingerprint_once": [same_print_twice],
    "index_change_operation_known": [
        lambda: IndexChange.objects.create(operation="swap", generation="g")
    ],
    "licence_names_a_seller": [lambda: any_licence(seller_id="")],
    "licence_ends_after_it_begins": [lambda: any_licence(valid_until=date(2019, 12, 31))],
    "licence_revoked_when_and_by_whom": [
        lambda: any_licence(revoked_at=NOW),
        lambda: any_licence(revoked_by=factories.staff()),
    ],
    "licence_for_brand_once": [same_licence_twice],
    "licence_for_design_once": [lambda: same_licence_twice(for_design=True)],
    "right_kind_known": [lambda: any_right(right_kind="patent")],
    "right_registered_where_and_as_what": [
        lambda: any_right(office=""),
        lambda: any_right(number=""),
        lambda: any_right(right_kind="design_right", number=""),
    ],
    "right_covers_somewhere": [lambda: any_right(territories=[])],
    "right_everywhere_for_copyright_only": [lambda: any_right(territories=["*"])],
    "right_ends_after_it_begins": [lambda: any_right(valid_until=date(2019, 12, 31))],
    "right_has_its_document": [lambda: any_right(document="")],
    "right_verified_when_and_by_whom": [
        lambda: any_right(state="expired", expired_at=NOW, verified_at=None),
        lambda: any_right(verified_by=None),
    ],
    "right_verified_by_another": [lambda: any_right(submitted_by=factories.staff())],
    "right_withdrawn_when_and_by_whom": [
        lambda: any_right(state="withdrawn", withdrawn_at=NOW),
        lambda: any_right(withdrawn_by=factories.staff()),
    ],
    "right_state_complete": [
        lambda: any_right(state="submitted"),
        lambda: any_right(state="verified", verified_at=None, verified_by=None),
        lambda: any_right(state="verified", expired_at=NOW),
        lambda: any_right(withdrawn_at=NOW, withdrawn_by=factories.staff()),
        lambda: any_right(state="withdrawn"),
        lambda: any_right(state="expired"),
        lambda: any_right(state="doubtful"),
    ],
    "right_once_in_play": [same_right_twice],
    "right_limited_to_design_once": [limited_twice],
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
    "right_refused_before_it_was_verified": [lambda: any_right(refusal_reason="No.")],
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
    assert set(BROKEN) >= constraint_names("fingerprints")


@pytest.mark.django_db
@pytest.mark.parametrize("threshold", [70, 85, 100])
def test_a_review_threshold_may_be_from_70_to_100(threshold: int) -> None:
    made = any_brand(review_threshold=threshold, block_threshold=100)
    assert made.review_threshold == threshold


@pytest.mark.django_db
def test_two_organisations_may_have_brands_of_one_name() -> None:
    assert any_brand().name == any_brand().name


@pytest.mark.django_db
def test_an_organisation_s_name_is_its_own() -> None:
    factories.organisation("Acme")
    assert "name" in refusal(lambda: factories.organisation("Acme"))


@pytest.mark.django_db
def test_an_organisation_is_verified_from_the_moment_it_was() -> None:
    assert factories.organisation("Acme").is_verified
    assert not factories.organisation("New", verified=False).is_verified


def test_a_person_sees_the_organisations_they_belong_to(alice: User, charlie: User) -> None:
    assert [of.name for of in Organisation.objects.of(alice)] == ["Acme"]
    assert not Organisation.objects.of(AnonymousUser()).exists()


# --- API keys -------------------------------------------------------------------------------
def parts(whole: str) -> tuple[str, str]:
    _, prefix, secret = whole.split("_", 2)
    return prefix, secret


@pytest.mark.django_db
def test_only_the_hash_of_a_key_is_kept() -> None:
    made = key()
    whole = made.set_secret()
    made.save()
    prefix, secret = parts(whole)
    [row] = ApiKey.objects.values()
    assert not [value for value in row.values() if secret in str(value)]
    assert row["prefix"] == prefix
    assert row["secret_sha256"] == hashlib.sha256(secret.encode()).hexdigest()


@pytest.mark.django_db
def test_a_key_opens_with_its_own_secret_only() -> None:
    made = key()
    _, secret = parts(made.set_secret())
    _, another = parts(ApiKey().set_secret())
    assert made.opens_with(secret)
    assert not made.opens_with(another)
    assert not made.opens_with(secret[:-1])
    assert not made.opens_with("")


def test_every_secret_is_new() -> None:
    assert len({ApiKey().set_secret() for _ in range(50)}) == 50


@pytest.mark.django_db
def test_a_prefix_belongs_to_one_key() -> None:
    one = key()
    one.save()
    other = ApiKey(organisation=one.organisation, user=one.user, scope="designs", prefix=one.prefix)
    with pytest.raises(IntegrityError):
        other.save()


@pytest.mark.django_db
def test_a_revoked_key_is_no_longer_usable() -> None:
    made = key()
    made.save()
    assert list(ApiKey.objects.usable()) == [made]
    made.revoke(NOW)
    assert not ApiKey.objects.usable().exists()


@pytest.mark.django_db
def test_revoking_again_keeps_the_first_time() -> None:
    made = key()
    made.save()
    made.revoke(NOW)
    made.revoke(timezone.now())
    made.refresh_from_db()
    assert made.revoked_at == NOW


# --- audit ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_audit_event_says_who_did_what_to_what(brand: Brand, alice: User) -> None:
    event = AuditEvent.objects.record("brand.renamed", subject=brand, by=alice, before="Fuzz")
    assert (event.actor, event.actor_id) == ("alice", str(alice.pk))
    assert (event.subject_type, event.subject_id) == ("brand", str(brand.pk))
    assert event.data == {"before": "Fuzz"}


@pytest.mark.parametrize("by", [None, AnonymousUser()])
def test_what_the_service_does_by_itself_is_the_service_s(
    brand: Brand, by: AnonymousUser | None
) -> None:
    event = AuditEvent.objects.record("brand.swept", subject=brand, by=by)
    assert (event.actor, event.actor_id) == ("service", "")


def test_an_audit_event_is_never_altered(brand: Brand) -> None:
    event = AuditEvent.objects.record("brand.renamed", subject=brand, by=None)
    event.action = "nothing happened"
    with pytest.raises(TypeError):
        event.save()
    event.refresh_from_db()
    assert event.action == "brand.renamed"


def test_an_audit_event_is_never_deleted(brand: Brand) -> None:
    event = AuditEvent.objects.record("brand.renamed", subject=brand, by=None)
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.all().delete()
    with pytest.raises(TypeError):
        AuditEvent.objects.filter(pk=event.pk).update(actor="nobody")
    assert AuditEvent.objects.get() == event


def test_an_audit_event_outlives_its_subject_and_its_actor(brand: Brand) -> None:
    dora = factories.user("dora")
    AuditEvent.objects.record("brand.renamed", subject=brand, by=dora)
    brand.delete()
    dora.delete()
    assert AuditEvent.objects.get().actor == "dora"


# --- files ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "suffix"),
    [
        ("front.PNG", ".png"),
        ("front.jpeg", ".jpeg"),
        ("../../evil.webp", ".webp"),
        ("page.html", ""),
        ("logo.svg", ""),
        ("archive.png.zip", ""),
        ("", ""),
        (".png", ""),
        ("front.png/", ".png"),
    ],
)
def test_stored_files_have_names_of_our_own(given: str, suffix: str) -> None:
    name = new_file_name("designs", given)
    folder, group, last = name.split("/")
    stem = last.removesuffix(suffix)
    assert folder == "designs"
    assert len(stem) == 32
    assert int(stem, 16) >= 0
    assert group == stem[:2]


def test_a_key_is_made_for_a_member_alone(acme: Organisation, charlie: User) -> None:
    key = ApiKey(organisation=acme, user=charlie, scope="designs", name="no member")
    key.set_secret()
    with pytest.raises(ValidationError, match="member of the organisation"):
        key.full_clean()
