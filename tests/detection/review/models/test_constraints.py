"""Facts of alerts, decisions, appeals and reports that the database holds, whatever the code above
it does.
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from detection.intake.models import Listing
from detection.review.models import Alert, Appeal, Comment, Escalation, PastDecision, Report
from tests import factories
from tests.constraints import Broken, constraint_names, refusal
from tests.detection.rows import NOW, alert, decision, listing, place


def escalation(of: Alert, **fields: Any) -> None:
    Escalation.objects.create(
        **{"alert": of, "escalation_kind": "escalation", "by": factories.staff()} | fields
    )


def report(**fields: Any) -> None:
    Report.objects.create(
        **{
            "brand": factories.brand(factories.organisation(f"Owner {uuid4()}")),
            "marketplace": place(),
            "url": "https://shop.example/1",
            "by": factories.staff(),
        }
        | fields
    )


def referred_twice() -> None:
    one = alert()
    escalation(one)
    escalation(one)


def same_alert_twice() -> None:
    first = alert()
    Alert.objects.create(
        listing=first.listing, brand=first.brand, match=first.match, similarity=90,
        match_kind="copy",
    )  # fmt: skip


def alert_in_state(state: str) -> None:
    Alert.objects.filter(pk=alert().pk).update(state=state)


def past_decision(**fields: object) -> PastDecision:
    of = alert()
    rita = factories.user(f"reviewer {uuid4()}")
    return PastDecision.objects.create(
        **{
            "alert": of,
            "outcome": "infringing",
            "by": rita,
            "acting_for": factories.operator(),
            "claimant": of.brand.organisation,
            "decided_at": timezone.now(),
            "end": "reopened",
            "ended_at": timezone.now(),
            "ended_by": rita,
            "end_reason": "The receipt.",
        }
        | fields,
    )


def decision_by_the_claimant() -> None:
    owner = factories.organisation(f"Owner {uuid4()}", reviews=True)
    decision(acting_for=owner, claimant=owner)


def appeal(of: Listing | None = None, **fields: Any) -> Appeal:
    now = timezone.now()
    given = {"ground": "other", "submitted_at": now, "due_at": now} | fields
    given.setdefault("brand", factories.brand(factories.organisation(f"Owner {uuid4()}")))
    return Appeal.objects.create(listing=of or listing(), **given)


def two_appeals_at_once() -> None:
    first = appeal()
    appeal(first.listing, brand=first.brand)


def appeal_by_the_first_decider() -> None:
    rita = factories.user("rita")
    appeal(first_decider=rita, decided_by=rita, decided_at=timezone.now(), state="denied")


BROKEN: dict[str, list[Broken]] = {
    "decision_applied_after_the_time_to_undo": [
        lambda: decision(effective_at=NOW, applied_at=NOW - timedelta(seconds=1))
    ],
    "appeal_open_once": [two_appeals_at_once],
    "appeal_decided_when_and_by_whom": [
        lambda: appeal(decided_at=NOW),
        lambda: appeal(state="lapsed"),
        lambda: appeal(state="denied", decided_at=NOW),
    ],
    "appeal_never_by_the_first_decider": [appeal_by_the_first_decider],
    "alert_once_per_brand": [same_alert_twice],
    "alert_state_known": [lambda: alert_in_state("ignored")],
    "decision_never_by_the_claimant": [decision_by_the_claimant],
    "past_decision_why_it_ended": [
        lambda: past_decision(end_reason=""),
        lambda: past_decision(end="replaced"),
        lambda: past_decision(end="lost"),
    ],
    "decision_outcome_known": [lambda: decision(outcome="perhaps")],
    "comment_says_something": [
        lambda: Comment.objects.create(alert=alert(), by=factories.staff(), text="")
    ],
    "report_by_url_or_picture": [lambda: report(url="")],
    "report_answered_by_whom_and_when": [
        lambda: report(answer="Yes."),
        lambda: report(answered_at=timezone.now()),
    ],
    "escalation_once_a_reviewer": [referred_twice],
    "escalation_kind_known": [lambda: escalation(alert(), escalation_kind="lost")],
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
    assert set(BROKEN) >= constraint_names("detection.review")
