"""How much waits is asked of the broker, and a broker that is away is not waited for."""

import pytest
from kombu.exceptions import OperationalError

from brandguard.celery import app
from brandguard.kernel.queueing import MATCH, NOTIFY, waiting_in


def test_all_queues_are_asked_over_one_connection() -> None:
    assert set(waiting_in([MATCH, NOTIFY])) == {MATCH, NOTIFY}


def test_a_broker_that_is_away_is_tried_once_more_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[object] = []
    away = app.connection_for_read("redis+socket:///nowhere/broker.sock")

    def connect() -> None:
        tried.append(None)
        raise ConnectionError

    monkeypatch.setattr(away, "_connection_factory", connect)
    monkeypatch.setattr(app, "connection_for_read", lambda: away)
    with pytest.raises(OperationalError):
        waiting_in([MATCH])
    assert len(tried) == 2
