"""What ends with its day."""

from fingerprints.actions.expire import announce_new_day, expire_rights
from fingerprints.models import Brand, Right
from fingerprints.tasks import expire_rights as sweep
from tests import factories
from tests.fingerprints.scenes import DAY, TODAY, actions


def test_the_sweep_marks_what_is_over_once(brand: Brand) -> None:
    over = factories.right(brand, valid_until=TODAY - DAY)
    waiting = factories.right(brand, verified=False, valid_until=TODAY - DAY)
    last_day = factories.right(brand, valid_until=TODAY)
    sweep()
    sweep(extra="of a newer release")
    states = dict(Right.objects.values_list("pk", "state"))
    assert states == {over.pk: "expired", waiting.pk: "expired", last_day.pk: "verified"}
    assert actions(over) == ["service: right.expired"]


def test_a_new_day_is_told_once_and_of_what_it_changes_alone(
    brand: Brand, told: list[Brand]
) -> None:
    factories.right(brand, valid_from=TODAY + DAY)
    factories.right(factories.brand(brand.organisation, "Pop"), valid_until=TODAY + 9 * DAY)
    for day in (TODAY, TODAY + 3 * DAY, TODAY + 3 * DAY, TODAY + 4 * DAY):
        expire_rights(today=day)
        announce_new_day(today=day)
    assert told == [brand]
