"""The one policy for repeating requests: to language models, to embedding endpoints and to Chroma servers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import inf
from typing import Any

from tenacity import RetryCallState, retry_if_exception, stop_after_attempt, stop_before_delay, wait_random_exponential


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The number of attempts at a request, and the pauses between them."""

    attempts: int
    """Requests in total, the first one included."""
    longest_pause: float = 0.0
    """Seconds that any pause may last."""
    first_pause: float = 0.5
    """Upper bound of the first pause in seconds; it doubles after each attempt, and each pause is drawn below it."""
    abandon_longer: bool = False
    """Whether to give up, rather than wait for `longest_pause`, when the server asks for more than that."""

    def options(
        self,
        transient: Callable[[BaseException], bool],
        requested: Callable[[BaseException], float | None] = lambda _: None,
        deadline: float | None = None,
    ) -> dict[str, Any]:
        """The arguments of tenacity's `Retrying` and `AsyncRetrying`; the last error is raised in the end.

        `transient` says which errors are worth another attempt, `requested` how many seconds the server asked to wait.
        No pause begins that would end after `deadline` (by `time.monotonic`).
        """
        own_pause = wait_random_exponential(self.first_pause, max=self.longest_pause, min=self.first_pause / 2)
        left = inf if deadline is None else deadline - time.monotonic()
        too_long = self.longest_pause if self.abandon_longer else inf

        def pause(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = requested(error) if error else None
            if asked is None:
                return own_pause(state)
            return asked if self.abandon_longer else min(asked, self.longest_pause)

        def stop(state: RetryCallState) -> bool:
            return (
                state.upcoming_sleep > too_long
                or stop_after_attempt(self.attempts)(state)
                or stop_before_delay(left)(state)
            )

        return {"retry": retry_if_exception(transient), "stop": stop, "wait": pause, "reraise": True}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the `Retry-After` header asks to wait: a number, or a date (RFC 9110, section 10.2.3)."""
    value = headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
