"""The demo's tenants, created anew each time: two brand owners with a verified right each, a marketplace and
two reviewers.
"""

import secrets
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from accounts.actions.admissions import admit
from accounts.actions.api_keys import make_key
from accounts.actions.verify import verify_organisation
from accounts.models import ApiKey, Marketplace, Membership, Organisation
from fingerprints.actions.brands import create_brand
from fingerprints.actions.rights import submit_right, verify_right
from fingerprints.models import Brand, Right

CERTIFICATE = b"%PDF-1.4\n% made by the demo: no office ever saw it\n%%EOF\n"


@dataclass(frozen=True)
class Tenants:
    """The password is random, the same for all logins, and known only to this installation. `other_brand`
    belongs to another owner. The two reviewers' keys belong to the operator.
    """

    brand: Brand
    design_key: str
    other_brand: Brand
    other_design_key: str
    listing_key: str
    reviewer_key: str
    second_reviewer_key: str
    password: str
    logins: tuple[tuple[str, str], ...]  # user name and purpose


def make_tenants() -> Tenants:
    password = secrets.token_urlsafe(9)
    staff = User.objects.create_superuser("admin", password=password)
    owner = User.objects.create_user("owner", password=password)
    reviewer = User.objects.create_user("reviewer", password=password)
    second = User.objects.create_user("second", password=password)
    User.objects.create_user("newcomer", email="newcomer@harbour.example", password=password)
    other = User.objects.create_user("other", password=password)
    seller = User.objects.create_user("marketplace", password=None)
    brands = organisation("Meridian Goods", owner, Membership.Role.OWNER)
    umbra = organisation("Umbra Works", other, Membership.Role.OWNER)
    bazaar = organisation("Bazaar", seller, Membership.Role.OWNER)
    operator = organisation("Operator", reviewer, Membership.Role.REVIEWER, reviews=True)
    Membership.objects.create(organisation=operator, user=second, role=Membership.Role.REVIEWER)
    for made in (brands, umbra, bazaar, operator):
        verify_organisation(organisation=made, by=staff, note="Made by the demo.")
    market = Marketplace.objects.create(organisation=bazaar, name="Bazaar")
    for claimant in (brands, umbra):
        admit(marketplace=market, organisation=claimant, by=staff)
    brand = create_brand(organisation=brands, name="Meridian", by=owner)
    other_brand = create_brand(organisation=umbra, name="Umbra", by=other)
    give_right(brand, owner, staff)
    give_right(other_brand, other, staff, "018000004")
    return Tenants(
        brand,
        new_key(brands, owner, ApiKey.Scope.DESIGNS),
        other_brand,
        new_key(umbra, other, ApiKey.Scope.DESIGNS),
        new_key(bazaar, seller, ApiKey.Scope.LISTINGS),
        new_key(operator, reviewer, ApiKey.Scope.ALERTS),
        new_key(operator, second, ApiKey.Scope.ALERTS),
        password,
        (
            ("reviewer", "decides alerts"),
            ("second", "decides alerts, and appeals against the first reviewer's decisions"),
            ("owner", "the brand's side"),
            ("other", "another brand's side"),
            ("newcomer", "a brand owner who has just signed up"),
            ("admin", "the operator's staff"),
        ),
    )


def give_right(brand: Brand, owner: User, staff: User, number: str = "018000001") -> None:
    """Gives the brand a verified right; without one nothing is held."""
    verify_right(right=submit(brand, owner, number), by=staff)


def submit(brand: Brand, by: User, number: str, valid_until: date | None = None) -> Right:
    return submit_right(
        brand=brand,
        right_kind=Right.RightKind.TRADE_MARK,
        office="EUIPO",
        number=number,
        territories=["EU"],
        valid_from=date(2020, 1, 1),
        valid_until=valid_until,
        document=ContentFile(CERTIFICATE, "certificate.pdf"),
        by=by,
    )


def organisation(name: str, person: User, role: str, *, reviews: bool = False) -> Organisation:
    made = Organisation.objects.create(name=name, reviews=reviews)
    Membership.objects.create(organisation=made, user=person, role=role)
    return made


def new_key(of: Organisation, user: User, scope: ApiKey.Scope) -> str:
    key = ApiKey(organisation=of, user=user, scope=scope, name="demo")
    return make_key(key=key, by=user)
