"""The one retry policy: how often, how long, and when it gives up."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from tenacity import Retrying

from assistant.retry_policy import RetryPolicy, retry_after


class Busy(Exception):
    """A server that asks for a pause of `seconds`."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__()
        self.seconds = seconds


def attempts(policy: RetryPolicy, error: Exception, deadline: float | None = None) -> tuple[int, list[float]]:
    """How often the request was sent, and the pauses between; nobody waits for them."""
    sent, pauses = 0, []

    def request() -> None:
        nonlocal sent
        sent += 1
        raise error

    options = policy.options(
        lambda e: isinstance(e, Busy), lambda e: e.seconds if isinstance(e, Busy) else None, deadline
    )
    with pytest.raises(type(error)):
        Retrying(**options, sleep=pauses.append)(request)
    return sent, pauses


def test_pauses_grow_up_to_the_longest() -> None:
    sent, pauses = attempts(RetryPolicy(8, longest_pause=4.0), Busy())
    assert sent == 8
    assert len(pauses) == 7
    assert all(0.25 <= pause <= min(4.0, 0.5 * 2**i) for i, pause in enumerate(pauses))


def test_a_server_may_ask_for_a_pause() -> None:
    assert attempts(RetryPolicy(3, longest_pause=20.0), Busy(7.0)) == (3, [7.0, 7.0])
    assert attempts(RetryPolicy(3, longest_pause=20.0), Busy(3600.0)) == (3, [20.0, 20.0])
    assert attempts(RetryPolicy(3, longest_pause=20.0, abandon_longer=True), Busy(3600.0)) == (1, [])


def test_no_pause_outlasts_the_deadline() -> None:
    assert attempts(RetryPolicy(3, longest_pause=20.0), Busy(7.0), time.monotonic() + 5) == (1, [])
    assert attempts(RetryPolicy(3, longest_pause=20.0), Busy(7.0), time.monotonic() + 60) == (3, [7.0, 7.0])


def test_other_errors_are_raised_at_once() -> None:
    assert attempts(RetryPolicy(3), ValueError()) == (1, [])


def test_the_header_holds_seconds_or_a_date() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(minutes=1), usegmt=True)
    assert retry_after({"retry-after": "2.5"}) == 2.5
    assert 55 < (retry_after({"retry-after": in_a_minute}) or 0) <= 60
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None
