"""Coverage is asked for, and asked for anew when the model changes."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from brandguard.faults import Conflict
from detection.models import Coverage
from fingerprints.models import AuditEvent, Design, DesignImage
from fingerprints.models.person import Person

MOST_RENEWED = 2  # a minute, when the model changed: listings go before
MOST_VIEWS = 6  # each takes some 20 seconds


class NothingToAttack(Conflict):
    code = "nothing_to_attack"


def ask_for_coverage(*, design: Design, by: Person | None) -> Coverage:
    """Begins anew when it was done; one that is under way goes on. Raises NothingToAttack."""
    from detection.tasks import attack_design

    if design.retired_at or not views_of(design).exists():
        raise NothingToAttack(
            f"{design} has no view in force.",
            remedy="Wait until its pictures are enrolled, or register others.",
            field="design",
        )
    with transaction.atomic():
        coverage, _ = Coverage.objects.select_for_update().get_or_create(
            design=design, defaults={"asked_at": timezone.now()}
        )
        if coverage.done_at:
            start_anew(coverage)
        AuditEvent.objects.record("coverage.asked", subject=design, by=by)
        transaction.on_commit(lambda: attack_design.delay(coverage_id=coverage.pk), robust=True)
    return coverage


def start_anew(coverage: Coverage) -> None:
    coverage.attacks, coverage.calibration, coverage.matching_version = {}, "", ""
    coverage.attempts = 0
    coverage.asked_at, coverage.done_at, coverage.leased_until = timezone.now(), None, None
    coverage.save()


def views_of(design: Design) -> QuerySet[DesignImage]:
    enrolled = design.images.filter(state=DesignImage.State.ENROLLED)
    return enrolled.order_by("position")


def renew_outdated(version: str) -> list[Coverage]:
    """What was done with another model, other channels or another search, asked for anew."""
    outdated = Coverage.objects.filter(done_at__isnull=False, design__retired_at=None)
    rows = list(outdated.exclude(matching_version=version)[:MOST_RENEWED])
    for coverage in rows:
        start_anew(coverage)
    return rows
