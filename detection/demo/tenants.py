"""Who takes part in the demo: a brand owner, a marketplace and a reviewer, made anew each time."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import User

from detection.models import Marketplace
from fingerprints.actions.brands import create_brand
from fingerprints.actions.verify import verify_organisation
from fingerprints.models import ApiKey, Brand, Membership, Organisation


@dataclass(frozen=True)
class Tenants:
    """The password is random, the same for all three logins, and known to this install alone."""

    brand: Brand
    design_key: str
    listing_key: str
    password: str
    logins: tuple[tuple[str, str], ...]  # user name, what it is for


def make_tenants() -> Tenants:
    password = secrets.token_urlsafe(9)
    staff = User.objects.create_superuser("admin", password=password)
    owner = User.objects.create_user("owner", password=password)
    reviewer = User.objects.create_user("reviewer", password=password)
    seller = User.objects.create_user("marketplace", password=None)
    brands = organisation("Meridian Goods", owner, Membership.Role.OWNER)
    bazaar = organisation("Bazaar", seller, Membership.Role.OWNER)
    operator = organisation("Operator", reviewer, Membership.Role.REVIEWER, reviews=True)
    for made in (brands, bazaar, operator):
        verify_organisation(organisation=made, by=staff)
    Marketplace.objects.create(organisation=bazaar, name="Bazaar").admits.add(brands)
    return Tenants(
        create_brand(organisation=brands, name="Meridian", by=owner),
        new_key(brands, owner, ApiKey.Scope.DESIGNS),
        new_key(bazaar, seller, ApiKey.Scope.LISTINGS),
        password,
        (
            ("reviewer", "decides alerts"),
            ("owner", "the brand's side"),
            ("admin", "the operator's desk, /admin/"),
        ),
    )


def organisation(name: str, person: User, role: str, *, reviews: bool = False) -> Organisation:
    made = Organisation.objects.create(name=name, reviews=reviews)
    Membership.objects.create(organisation=made, user=person, role=role)
    return made


def new_key(of: Organisation, user: User, scope: ApiKey.Scope) -> str:
    key = ApiKey(organisation=of, user=user, scope=scope, name="demo")
    whole = key.set_secret()
    key.save()
    return whole
