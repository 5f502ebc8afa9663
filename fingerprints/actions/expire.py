"""Changes with the calendar: expires rights and announces the first and last days of claims."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.mail import mail_owners
from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from fingerprints.actions.rights import locked, record
from fingerprints.models import Brand, Licence, Right
from fingerprints.models.validity import turned_since
from fingerprints.signals import enforcement_changed


def expire_rights(*, today: date) -> int:
    """Marks rights past their last day as expired and returns their number. Repeating changes nothing."""

    def expire(right: Right) -> None:
        with transaction.atomic():
            held = locked(right)
            if Right.objects.over(today).filter(pk=held.pk).exists():
                held.expire(timezone.now())
                record("right.expired", held, None)
                mail_owners(held.brand.organisation, "right_expired", right=held)

    return each(Right.objects.over(today)[:MAX_A_SWEEP], expire)


def announce_new_day(*, today: date) -> int:
    """Sends enforcement_changed once a day for each brand whose rights or licences have begun or ended
    since the last time, however long ago; returns the number of brands.
    """
    due = Brand.objects.filter(enforced_as_of__lt=today)
    turned = turned_since("brand__enforced_as_of", today)
    rights = Right.objects.filter(turned, state=Right.State.VERIFIED)
    licences = Licence.objects.filter(turned, revoked_at=None)
    changed = Q(pk__in=rights.values("brand")) | Q(pk__in=licences.values("brand"))

    def announce(brand: Brand) -> None:
        with transaction.atomic():
            if due.filter(pk=brand.pk).update(enforced_as_of=today):
                enforcement_changed.send(Brand, brand=brand)

    count = each(due.filter(changed)[:MAX_A_SWEEP], announce)
    due.exclude(changed).update(enforced_as_of=today)
    return count
