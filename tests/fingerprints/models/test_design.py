"""Which designs await enrolment."""

from datetime import timedelta

from django.utils import timezone

from fingerprints.models import Brand, Design
from tests import factories
from tests.fingerprints.scenes import awaiting


def test_only_active_designs_with_waiting_views_await_enrolment(brand: Brand) -> None:
    waiting = awaiting(brand).design
    factories.view(factories.design(brand, "Done"))
    gone = awaiting(brand).design
    gone.retire(timezone.now() - timedelta(days=1))
    assert list(Design.objects.awaiting_enrolment()) == [waiting]
