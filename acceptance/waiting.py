"""The waiting verbs, `eventually` and `never` above all. The only place of the suite where time passes.

A wait asks again and again, in strict intervals that grow to a cap, and always ends. Its message
tells what was expected, what was seen last, and after how long.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from hamcrest.core.matcher import Matcher
from hamcrest.core.string_description import StringDescription

from acceptance.aws.account import last_repetition
from acceptance.trouble import Trouble

DEAD_END_SECONDS = 0.3


@dataclass(frozen=True)
class Pace:
    """How often to ask: the first interval, its growth, and its cap; and how often an event tap asks. In seconds."""

    first: float = 0.004
    growth: float = 1.5
    cap: float = 0.007
    gap: float = 0.003

    def intervals(self) -> Iterator[float]:
        """Yield the pauses between two looks."""
        interval = self.first
        while True:
            yield interval
            interval = min(interval * self.growth, self.cap)


EMBEDDED_PACE = Pace()
# Beside others on one machine: whoever asks often takes the time from those who have something to do.
SHARED_PACE = Pace(first=0.01, growth=1.5, cap=0.05, gap=0.03)
# What takes seconds by its nature: asking more often would only take time from others.
SLOW_PACE = Pace(first=0.05, growth=1.2, cap=0.2)
# Somebody else's account: asking costs money there, and the event tap wakes a wait early anyway.
AWS_PACE = Pace(first=0.1, growth=1.5, cap=1.0)


@dataclass(frozen=True)
class ScheduledCall:
    """What came of a scheduled act: its result, when it was due, and how much later it was begun (both ms)."""

    result: Any
    due: float
    late: float


class Waiter:
    """The waiting verbs with their patience.

    `pause` waits for the given seconds or less, if there is news earlier; `prove_listening` returns
    once everything that the cloud sent before is known here, and is left out where nothing is listened to; `clock` is
    monotonic, in seconds.
    """

    def __init__(
        self,
        patience: float,
        quiet: float,
        pace: Pace = EMBEDDED_PACE,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,  # noqa: TID251 - the one place that sleeps
        prove_listening: Callable[[], object] | None = None,
    ) -> None:
        self.patience = patience
        self.quiet = quiet
        self._prove_listening = prove_listening
        self._pace = pace
        self._clock = clock
        self._pause = pause

    def prove_listening(self) -> None:
        """Let in what is under way, where anything is listened to. Raises Trouble when what listens is deaf."""
        if self._prove_listening:
            self._prove_listening()

    def eventually(self, ask: Callable[..., Any], *args: Any, more: float = 0.0) -> Any:
        """Ask until the matcher (the last argument) matches the answer, and return that answer.

        Stops early when the answer says by its method `dead_end()` why it can no longer change.
        Raises AssertionError with the last answer when patience ends. Before that, whatever is under way is let in
        (`prove_listening`): what a deaf tap has not heard is no broken promise.
        """
        *arguments, matcher = args
        patience = self.patience + more
        started = self._clock()
        next_dead_end_look = DEAD_END_SECONDS
        ended_because = None
        for interval in self._pace.intervals():
            seen = ask(*arguments)
            if matcher.matches(seen):
                return seen
            waited = self._clock() - started
            if ended_because or waited >= patience:
                break
            if waited >= next_dead_end_look:
                next_dead_end_look = waited + DEAD_END_SECONDS
                ended_because = _dead_end(seen)
            if not ended_because:
                self._pause(min(interval, patience - waited))
        if not ended_because:
            self.prove_listening()
            seen = ask(*arguments)
            if matcher.matches(seen):
                return seen
        raise AssertionError(_missed(matcher, seen, waited, ended_because))

    def settle(self, ask: Callable[..., Any], *args: Any, patience: float | None = None) -> Any:
        """Ask until the matcher (the last argument) matches or `patience` (seconds) ends; return the last answer.

        Without `patience` the usual one ends it. For waiting until there is something to judge. It judges nothing, but
        what has not come is judged by others: so it is proved that it would have been heard.
        """
        *arguments, matcher = args
        patience = self.patience if patience is None else patience
        started = self._clock()
        for interval in self._pace.intervals():
            seen = ask(*arguments)
            left = patience - (self._clock() - started)
            if matcher.matches(seen):
                return seen
            if left <= 0:
                break
            self._pause(min(interval, left))
        self.prove_listening()
        return ask(*arguments)

    def by_schedule(self, acts: Sequence[Callable[[], Any]], every: float) -> Sequence[ScheduledCall]:
        """Let each of the acts begin at its own time, `every` so many seconds, and return what they did, in order.

        An act that takes long does not hold up the next one: each has a thread of its own. Raises what an act raises.
        An act whose call was sent once more, because its answer was lost, was begun that much later.
        """
        started = self._clock()

        def do(act: Callable[[], Any], due: float, begun: threading.Event) -> ScheduledCall:
            late = self._clock() - started - due
            begun.set()
            sent_first = time.monotonic()
            result = act()
            again = max(0.0, last_repetition() - sent_first)
            return ScheduledCall(result, due * 1000, (max(0.0, late) + again) * 1000)

        with ThreadPoolExecutor(max_workers=max(1, len(acts))) as pool:
            under_way = []
            for number, act in enumerate(acts):
                while (left := started + number * every - self._clock()) > 0:
                    self._pause(left)
                begun = threading.Event()
                under_way.append(pool.submit(do, act, number * every, begun))
                begun.wait()
            return [one.result() for one in under_way]

    def never(self, ask: Callable[..., Any], *args: Any) -> Any:
        """Prove that the matcher (the last argument) does not match, now and for a while, and return the last answer.

        First everything that is under way is let in (`prove_listening`), then it must stay quiet
        for the quiet time. Raises AssertionError as soon as the matcher matches, and Trouble where nothing listens.
        """
        *arguments, matcher = args
        started = self._clock()
        self._refuse(matcher, ask(*arguments), started)
        if not self._prove_listening:
            raise Trouble(
                "That something never happens cannot be proved here: nothing listens that would have heard it. "
                "Declare where the system's keys stand in its events, and give the waiter the tap's `listening`."
            )
        self._prove_listening()
        quiet_until = self._clock() + self.quiet
        for interval in self._pace.intervals():
            seen = ask(*arguments)
            self._refuse(matcher, seen, started)
            left = quiet_until - self._clock()
            if left <= 0:
                return seen
            self._pause(min(interval, left))
        raise AssertionError("unreachable: the intervals do not end")

    def _refuse(self, matcher: Matcher[Any], seen: Any, started: float) -> None:
        if matcher.matches(seen):
            description = StringDescription()
            description.append_text("Expected: never ").append_description_of(matcher).append_text(" · but: ")
            matcher.describe_match(seen, description)
            description.append_text(f", {self._clock() - started:.1f} s after the wait began")
            raise AssertionError(str(description))


def _dead_end(seen: Any) -> str | None:
    dead_end = getattr(seen, "dead_end", None)
    return dead_end() if callable(dead_end) else None


def _missed(matcher: Matcher[Any], seen: Any, waited: float, ended_because: str | None) -> str:
    description = StringDescription()
    description.append_text("Expected: ").append_description_of(matcher).append_text(" · but: ")
    matcher.describe_mismatch(seen, description)
    end = (
        f"after {waited:.1f} s it can no longer come: {ended_because}"
        if ended_because
        else f"still so after {waited:.1f} s"
    )
    last = getattr(seen, "last_news", "")
    return f"{description} · {end}{f' ({last})' if last else ''}"
