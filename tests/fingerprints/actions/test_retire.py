"""A single view is removed: out of the index at once, and what it held is released."""

import pytest
from django.contrib.auth.models import User

from accounts.models import AuditEvent, Marketplace
from brandguard.celery import app
from detection.review.actions.reassess import reassess_brands
from fingerprints.actions.enrol import enrol_design, enrol_view
from fingerprints.actions.register import add_views
from fingerprints.actions.retire import LastView, remove_view, retire_design
from fingerprints.models import Brand, Design, DesignImage, Fingerprint, IndexChange
from tests import factories
from tests.fingerprints.scenes import VARIANTS, awaiting
from tests.matchers import channels
from tests.pictures import drawn, encoded
from vision.encoders.base import Encoder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)


@pytest.fixture
def design(brand: Brand, alice: User, fake_encoder: Encoder) -> Design:
    design = factories.design(brand)
    files = [factories.upload(encoded(drawn(number)), f"{number}.png") for number in (1, 2)]
    add_views(design=design, files=files, by=alice)
    enrol_design(design=design, encoder=fake_encoder, channels=channels())
    return design


def test_a_removed_view_leaves_the_index_and_the_record_stays(
    design: Design, alice: User, told: list[Brand]
) -> None:
    view = design.images.get(position=0)
    for _ in range(2):
        remove_view(view=view, by=alice)
    gone = set(view.fingerprints.values_list("pk", flat=True))
    removed = IndexChange.objects.filter(operation="remove")
    assert set(removed.values_list("fingerprint_id", flat=True)) == gone
    assert not Fingerprint.objects.searchable().filter(image=view).exists()
    assert Fingerprint.objects.searchable().filter(image__design=design).exists()
    assert AuditEvent.objects.get(action="view.removed").data["was"] == "enrolled"
    assert told == [design.brand]


def test_the_last_usable_view_stays(design: Design, alice: User) -> None:
    first, second = design.images.order_by("position")
    remove_view(view=first, by=alice)
    with pytest.raises(LastView):
        remove_view(view=second, by=alice)
    assert list(design.images.usable()) == [second]


def test_one_that_waits_is_no_view_yet(design: Design, alice: User) -> None:
    first, second = design.images.order_by("position")
    waiting = factories.view(design, position=2, state="pending")
    remove_view(view=first, by=alice)
    with pytest.raises(LastView):
        remove_view(view=second, by=alice)
    remove_view(view=waiting, by=alice)


def test_a_refused_picture_goes_and_makes_room(design: Design, alice: User) -> None:
    error = {"code": "x", "message": "It is damaged.", "remedy": "Send it again."}
    refused = factories.view(design, position=2, state="refused", error=error)
    remove_view(view=refused, by=alice)
    assert design.images.kept().count() == 2
    add_views(design=design, files=[factories.upload()], by=alice)
    assert DesignImage.objects.get(design=design, state="pending").position == 3


def test_what_is_held_for_a_removed_view_alone_is_released(
    brand: Brand, marketplace: Marketplace, alice: User
) -> None:
    alert = factories.alert(brand, marketplace)
    factories.view(alert.match.view.design, position=1)
    remove_view(view=alert.match.view, by=alice)
    reassess_brands()
    alert.listing.refresh_from_db()
    assert alert.listing.verdict == "allow"


def test_retiring_withdraws_every_fingerprint(
    brand: Brand, fake_encoder: Encoder, alice: User
) -> None:
    view = awaiting(brand)
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    retired = retire_design(design=view.design, by=alice)
    assert retired.retired_at
    removed = IndexChange.objects.filter(operation="remove").values_list("fingerprint_id")
    assert sorted(removed) == sorted(Fingerprint.objects.values_list("pk"))
    assert not Fingerprint.objects.searchable().exists()


def test_retiring_twice_is_the_same_as_once(
    brand: Brand, fake_encoder: Encoder, alice: User, bob: User
) -> None:
    view = awaiting(brand)
    enrol_view(image=view, encoder=fake_encoder, channels=channels())
    first = retire_design(design=view.design, by=alice)
    again = retire_design(design=view.design, by=bob)
    assert again.retired_at == first.retired_at
    assert IndexChange.objects.filter(operation="remove").count() == len(VARIANTS)
    assert AuditEvent.objects.get(action="design.retired").actor == "alice"
