"""Rows for tests, named for their role in the story."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, Marketplace, Membership, Organisation
from detection.intake.models import Listing, ListingImage, Rendition
from detection.matching.models import Match
from detection.review.models import Alert
from fingerprints.models import Brand, Design, DesignImage, Licence, Right
from tests.pictures import drawn, encoded

numbers = count(1)


def user(name: str, **fields: Any) -> User:
    return User.objects.create_user(name, password="correct horse battery", **fields)


def staff() -> User:
    found = User.objects.filter(is_staff=True).first()
    return found or User.objects.create_superuser(
        "operator-staff", password="correct horse battery"
    )


def organisation(name: str, *, verified: bool = True, **fields: Any) -> Organisation:
    if verified:
        fields |= {
            "verified_at": timezone.now(),
            "verified_by": staff(),
            "verification_note": "Known.",
        }
    return Organisation.objects.create(name=name, **fields)


def operator() -> Organisation:
    found = Organisation.objects.filter(reviews=True).first()
    return found or organisation("The operator", reviews=True)


def member(of: Organisation, name: str, role: str = "member") -> User:
    person = user(name)
    Membership.objects.create(organisation=of, user=person, role=role)
    return person


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def api_key(of: Organisation, by: User, scope: str, **fields: Any) -> str:
    """Returns the whole key, as its owner keeps it."""
    key = ApiKey(
        organisation=of, user=by, scope=scope, name="test", last_used_at=timezone.now(), **fields
    )
    secret = key.set_secret()
    key.save()
    return secret


def marketplace(name: str = "Bazaar", *, admits: Iterable[Organisation] = ()) -> Marketplace:
    made = Marketplace.objects.create(organisation=organisation(name), name=name)
    made.admits.set(admits)
    return made


def brand(of: Organisation, name: str = "Fizz", **fields: Any) -> Brand:
    return Brand.objects.create(organisation=of, name=name, **fields)


def upload(data: bytes | None = None, name: str = "picture.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, encoded(drawn()) if data is None else data)


def design(of: Brand, name: str = "Bottle", **fields: Any) -> Design:
    return Design.objects.create(brand=of, name=name, **{"design_kind": "packaging"} | fields)


PDF = b"%PDF-1.7\n% a certificate\n%%EOF\n"


def right(
    of: Brand, *, verified: bool = True, designs: Iterable[Design] = (), **fields: Any
) -> Right:
    """Returns a trade mark in the European Union, without end unless given."""
    if verified:
        fields = {
            "state": "verified",
            "verified_at": timezone.now(),
            "verified_by": staff(),
        } | fields
    made = Right.objects.create(
        brand=of,
        **{
            "right_kind": Right.RightKind.TRADE_MARK,
            "office": "EUIPO",
            "number": f"{next(numbers):09}",
            "territories": ["EU"],
            "valid_from": date(2020, 1, 1),
            "document": ContentFile(PDF, "document.pdf"),
            "document_sha256": "4" * 64,
            "submitted_by": submitter(of),
        }
        | fields,
    )
    made.designs.set(designs)
    return made


def licence(of: Brand, on: Marketplace, **fields: Any) -> Licence:
    """Returns a licence for `seller-1`, the seller of listings here, for all designs and without end."""
    return Licence.objects.create(
        brand=of,
        marketplace=on.organisation,
        **{
            "seller_id": "seller-1",
            "valid_from": date(2020, 1, 1),
            "granted_by": submitter(of),
        }
        | fields,
    )


def submitter(of: Brand) -> User:
    """Returns an owner of the brand's organisation, created if there is none."""
    owner = User.objects.filter(
        memberships__organisation=of.organisation, memberships__role="owner"
    ).first()
    return owner or member(of.organisation, f"owner-{next(numbers)}", role="owner")


def view(of: Design, *, position: int = 0, **fields: Any) -> DesignImage:
    """Returns an enrolled view with a preview but without fingerprints."""
    data = encoded(drawn(position))
    return DesignImage.objects.create(
        design=of,
        position=position,
        **{
            "name": "front.png",
            "file": ContentFile(data, "front.png"),
            "preview": ContentFile(encoded(drawn(position), "JPEG"), "preview.jpg"),
            "sha256": "0" * 64,
            "pixel_sha256": "1" * 64,
            "width": 240,
            "height": 160,
            "state": DesignImage.State.ENROLLED,
        }
        | fields,
    )


def listing(on: Marketplace, **fields: Any) -> Listing:
    return Listing.objects.create(
        marketplace=on,
        **{
            "external_id": f"offer-{next(numbers)}",
            "seller_id": "seller-1",
            "title": "A bottle, nearly new",
            "content_sha256": "2" * 64,
            "queued_at": timezone.now(),
        }
        | fields,
    )


def listing_image(of: Listing, *, position: int = 0, **fields: Any) -> ListingImage:
    """Returns an embedded picture with a preview but without its embedding."""
    return ListingImage.objects.create(
        listing=of,
        position=position,
        **{
            "name": "photo.png",
            "file": ContentFile(encoded(drawn(7)), "photo.png"),
            "preview": ContentFile(encoded(drawn(7), "JPEG"), "preview.jpg"),
            "sha256": "3" * 64,
            "width": 240,
            "height": 160,
            "state": ListingImage.State.EMBEDDED,
        }
        | fields,
    )


def rendition(of: ListingImage, **fields: Any) -> Rendition:
    return Rendition.objects.create(
        image=of,
        **{
            "number": 1,
            "ground": "dark",
            "width": 240,
            "height": 160,
            "pixel_sha256": "5" * 64,
            "perceptual_hash": 0,
            "preview": ContentFile(encoded(drawn(8), "JPEG"), "preview.jpg"),
        }
        | fields,
    )


def match(image: ListingImage, of: DesignImage, **fields: Any) -> Match:
    square = [[0.1, 0.1], [0.6, 0.1], [0.6, 0.8], [0.1, 0.8]]
    return Match.objects.create(
        listing_image=image,
        view=of,
        **{
            "similarity": 93.5,
            "match_kind": "copy",
            "variant": "mirrored",
            "edit": {"mirrored": True, "rotated": -12.0, "cropped": 0.6},
            "channel": "copy",
            "evidence": {"copy": {"cosine": 0.81, "inliers": 64}},
            "region": [0.0, 0.0, 0.5, 0.5],
            "listing_polygon": square,
            "view_polygon": square,
            "reproduction": {},
        }
        | fields,
    )


def alert(of: Brand, on: Marketplace, **fields: Any) -> Alert:
    """Returns a held listing with one picture that matches the one view of a design of the brand."""
    now = timezone.now()
    matched = {"state": "matched", "verdict": "hold", "matched_at": now, "verdict_at": now}
    if not of.rights.exists():
        right(of)
    offer = listing(on, **matched)
    found = match(listing_image(offer), view(design(of)), **fields)
    return Alert.objects.create(
        listing=offer,
        brand=of,
        match=found,
        similarity=found.similarity,
        match_kind=found.match_kind,
    )


def claim_too(of: Alert, brand: Brand, **fields: Any) -> Alert:
    """Adds another brand's alert on the same picture, with its own right, on a marketplace that admits it."""
    of.listing.marketplace.admits.add(brand.organisation)
    if not brand.rights.exists():
        right(brand)
    found = match(of.match.listing_image, view(design(brand)), **fields)
    return Alert.objects.create(
        listing=of.listing,
        brand=brand,
        match=found,
        similarity=found.similarity,
        match_kind=found.match_kind,
    )
