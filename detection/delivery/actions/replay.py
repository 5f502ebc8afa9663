"""Replays many events in the background, page by page. The next page follows when the endpoint has taken
most of the last one, so new events do not wait long behind old ones and a cancellation stops the rest.
"""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import AuditEvent
from accounts.models.person import Person
from brandguard.kernel.errors import Conflict
from brandguard.kernel.queueing import enqueue_on_commit
from brandguard.kernel.sweeps import MAX_A_SWEEP, each
from detection.delivery.models import Delivery, Event, Replay, WebhookEndpoint
from detection.delivery.models.replay import events_for

PAGE = 200  # events; the next page is added while fewer than this wait at the endpoint
RETIRED = gettext_noop("The endpoint was removed.")
BY_A_PERSON = gettext_noop("It was cancelled.")


class EndpointRetired(Conflict):
    code = "endpoint_retired"

    def __init__(self) -> None:
        super().__init__(
            "The endpoint was removed: it gets no more events.",
            remedy="Add an endpoint and replay the events to it.",
            field="endpoint",
        )


class ReplayRunning(Conflict):
    code = "replay_running"

    def __init__(self, running: Replay) -> None:
        super().__init__(
            f"A replay of the events after {running.after} is running for this endpoint: "
            f"{running.done} of {running.total} are sent.",
            remedy="Wait until it is done, or cancel it.",
            field="endpoint",
        )
        self.details = {"replay": str(running.pk)}


class ReplayEnded(Conflict):
    code = "replay_ended"


def start_replay(
    *, endpoint: WebhookEndpoint, after: int, until: int | None = None, by: Person
) -> Replay:
    """Starts a replay up to `until`; None means the latest event. Raises EndpointRetired, ReplayRunning."""
    with transaction.atomic():
        if WebhookEndpoint.objects.hold(endpoint.pk).retired_at:
            raise EndpointRetired
        if running := endpoint.replays.filter(state=Replay.State.RUNNING).first():
            raise ReplayRunning(running)
        latest = Event.objects.aggregate(most=Max("number"))["most"] or 0
        until = latest if until is None else min(until, latest)
        replay = Replay.objects.create(
            endpoint=endpoint,
            after=after,
            until=until,
            cursor=after,
            total=events_for(endpoint, after, until).count(),
            by=by if isinstance(by, User) else None,
        )
        span = {"after": after, "until": until, "count": replay.total}
        AuditEvent.objects.record("webhook.replayed", subject=endpoint, by=by, **span)
        enqueue_on_commit("detection.delivery.tasks.continue_replays")
    return replay


def cancel_replay(*, replay: Replay, by: Person) -> Replay:
    """Stops the replay; deliveries that already wait are still sent. Raises ReplayEnded."""
    with transaction.atomic():
        held = Replay.objects.select_for_update().get(pk=replay.pk)
        if held.state == Replay.State.DONE:
            raise ReplayEnded(
                "The replay is done.", remedy="There is nothing left to cancel.", field="state"
            )
        if held.state == Replay.State.RUNNING:
            end(held, Replay.State.CANCELLED, BY_A_PERSON)
            AuditEvent.objects.record("webhook.replay_cancelled", subject=held.endpoint, by=by)
    return held


def continue_replays() -> int:
    """Continues running replays and returns their number. The least recently continued go first, since a
    replay can wait for its endpoint forever.
    """
    running = Replay.objects.filter(state=Replay.State.RUNNING).order_by(
        F("looked_at").asc(nulls_first=True), "created_at"
    )
    return each(running.values_list("pk", flat=True)[:MAX_A_SWEEP], add_page)


def add_page(number: UUID) -> None:
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.filter(replays=number).values_list("pk", flat=True).get()
        WebhookEndpoint.objects.hold(endpoint)
        replay = (
            Replay.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=number)
        )
        if replay.state != Replay.State.RUNNING:
            return
        if replay.endpoint.retired_at:
            end(replay, Replay.State.CANCELLED, RETIRED)
            return
        replay.looked_at = timezone.now()
        replay.save(update_fields=["looked_at"])
        waiting = replay.endpoint.deliveries.filter(state=Delivery.State.PENDING)
        if waiting[:PAGE].count() >= PAGE:
            return
        page = list(replay.left()[:PAGE])
        send_again(replay.endpoint, page)
        replay.done += len(page)
        replay.cursor = page[-1].number if page else replay.until
        if not replay.left().exists():
            end(replay, Replay.State.DONE)
        replay.save()


def send_again(endpoint: WebhookEndpoint, events: list[Event]) -> None:
    """Makes the events due again with their original ids; the sweep queues them in shares."""
    now = timezone.now()
    known = Delivery.objects.filter(endpoint=endpoint, event__in=events)
    new = {event.pk for event in events} - set(known.values_list("event", flat=True))
    known.update(
        state=Delivery.State.PENDING, attempts_made=0, delivered_at=None, next_attempt_at=now
    )
    Delivery.objects.bulk_create(
        Delivery(event_id=number, endpoint=endpoint, next_attempt_at=now) for number in sorted(new)
    )


def end(replay: Replay, state: Replay.State, why: str = "") -> None:
    replay.state, replay.why, replay.ended_at = state, why, timezone.now()
    replay.save()
