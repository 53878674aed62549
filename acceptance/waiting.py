"""The waiting verbs, `eventually` and `never` above all. The only place of the suite where time passes.

A wait polls, at strict intervals that grow to a cap, and always ends. Its message
says what was expected, what was received last, and after how long.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from hamcrest.core.matcher import Matcher
from hamcrest.core.string_description import StringDescription

from acceptance.aws.account import last_repetition
from acceptance.breach import Breach
from acceptance.matchers import cause_of, difference
from acceptance.rest import EMBEDDED_GRACE, Grace, Look, Rest
from acceptance.standstill.patience import Patience
from acceptance.trouble import Inconclusive, Trouble

# How long a wait has lasted before it checks whether anything can still come, and how often it checks, in s.
DEAD_END_SECONDS = 0.3
# The share of its timeout that a proof of absence spends on work under way.
SETTLING = 0.25
# How many vain waits a waiter remembers. A scenario rarely has more than one.
LATEST_UNMET = 20


@dataclass(frozen=True)
class Pace:
    """How often to poll: the first interval, its growth, and its cap. In seconds."""

    first: float = 0.004
    growth: float = 1.5
    cap: float = 0.007

    def intervals(self) -> Iterator[float]:
        """Yield the pauses between two polls."""
        interval = self.first
        while True:
            yield interval
            interval = min(interval * self.growth, self.cap)


EMBEDDED_PACE = Pace()
# Beside others on one machine: frequent polling takes time from processes that have work to do.
SHARED_PACE = Pace(first=0.01, growth=1.5, cap=0.05)
# For work that takes seconds by its nature: polling more often would only take time from others.
SLOW_PACE = Pace(first=0.05, growth=1.2, cap=0.2)
# Another owner's account: calls cost money there, and the event tap wakes a wait early anyway.
AWS_PACE = Pace(first=0.1, growth=1.5, cap=1.0)


@dataclass(frozen=True)
class Pauses:
    """The attempts at a throttled call: before the next one there is a pause, each drawn anew.

    It lasts up to `first` seconds, and up to twice as long each time. So callers throttled together do not collide
    again.
    """

    most: int = 6
    first: float = 0.5

    def __iter__(self) -> Iterator[int]:
        """Yield the number of each attempt, from 1, and pause between them."""
        for number in range(1, self.most + 1):
            yield number
            if number < self.most:
                time.sleep(random.uniform(0, self.first * 2 ** (number - 1)))  # noqa: TID251, S311


@dataclass(frozen=True)
class ScheduledCall:
    """The outcome of a scheduled act: its result, when it was due, and how much later it was begun (both ms)."""

    result: Any
    due: float
    late: float


@dataclass(frozen=True)
class Unmet:
    """What a wait expected and did not receive, in words, and when it ended (epoch ms, this machine's clock)."""

    expected: str
    given_up: int


class Waiter:
    """The waiting verbs with their timeout.

    `pause` waits for the given seconds, or less if there is news earlier; `prove_listening` returns
    once everything that the cloud sent before is known here, and is left out if nothing is listened to; `clock` is
    monotonic, in seconds. `rest` checks whether anything is under way, and `grace` is how long nothing must have been;
    without `rest` a wait for something that does not come lasts until its timeout. `lost` returns how much of the last
    so many seconds the machine stood still: the timeout grows by that (acceptance/standstill).
    """

    def __init__(
        self,
        patience: float,
        quiet: float,
        pace: Pace = EMBEDDED_PACE,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,  # noqa: TID251 - the one place that sleeps
        prove_listening: Callable[[], object] | None = None,
        rest: Rest | None = None,
        grace: Grace | None = None,
        lost: Callable[[float], float] | None = None,
    ) -> None:
        self._lost = lost
        self.patience = patience
        self.quiet = quiet
        self.unmet: deque[Unmet] = deque(maxlen=LATEST_UNMET)  # for pictures: they show what never came
        self._rest = rest
        self._grace = grace or Grace(*EMBEDDED_GRACE)
        self._prove_listening = prove_listening
        self._pace = pace
        self._clock = clock
        self._pause = pause

    def prove_listening(self) -> None:
        """Receive what is under way, if anything is listened to. Raises Trouble when the listener is lost."""
        if self._prove_listening:
            self._prove_listening()

    def eventually(self, ask: Callable[..., Any], *args: Any, more: float = 0.0, even_at_rest: bool = False) -> Any:
        """Poll until the matcher (the last argument) matches the answer, and return that answer.

        Stops early when the answer says by its method `dead_end()` why it can no longer change, and when nothing is
        under way any more; `even_at_rest` then continues, for effects of others. Raises AssertionError with the last
        answer when it stops or times out, and Inconclusive if the machine stood still for too much of it. Before that,
        everything under way is received (`prove_listening`): an event that a lost tap has missed is no broken promise.
        """
        *arguments, matcher = args
        wait = self._wait(self.patience + more, even_at_rest=even_at_rest)
        for interval in self._pace.intervals():
            seen = ask(*arguments)
            if matcher.matches(seen):
                wait.is_met()
                return seen
            if wait.is_over(seen):
                break
            self._pause(min(interval, wait.left))
        if not wait.ended_because:
            self.prove_listening()
        seen = ask(*arguments)
        if matcher.matches(seen):
            return seen
        self.unmet.append(Unmet(str(StringDescription().append_description_of(matcher)), round(time.time() * 1000)))
        wait.refuse_standstill(lambda: _missed(matcher, seen, wait))
        raise Breach(_missed(matcher, seen, wait), cause_of(matcher, seen))

    def settle(self, ask: Callable[..., Any], *args: Any, patience: float | None = None) -> Any:
        """Poll until the matcher (the last argument) matches, nothing is under way, or `patience` (seconds) ends.

        Return the last answer. Without `patience` the usual timeout applies. For waiting until there is something to
        check. It checks nothing, but others check what has not come: so it is proved that it would have been received,
        and Inconclusive is raised if the machine stood still for too much of it.
        """
        *arguments, matcher = args
        wait = self._wait(self.patience if patience is None else patience)
        for interval in self._pace.intervals():
            seen = ask(*arguments)
            if matcher.matches(seen):
                wait.is_met()
                return seen
            if wait.is_over():
                break
            self._pause(min(interval, wait.left))
        if not wait.ended_because:
            self.prove_listening()
        seen = ask(*arguments)
        if not matcher.matches(seen):
            wait.refuse_standstill(lambda: _missed(matcher, seen, wait))
        return seen

    def by_schedule(self, acts: Sequence[Callable[[], Any]], every: float) -> Sequence[ScheduledCall]:
        """Start each of the acts at its own time, `every` so many seconds, and return their results, in order.

        A long act does not delay the next one: each has a thread of its own. Raises what an act raises.
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

        First, work under way may end, as far as that is visible and for at most `SETTLING` of the timeout;
        then everything is received (`prove_listening`), and there must be no match during the settle time. Raises
        AssertionError as soon as the matcher matches, and Trouble if nothing listens.
        """
        *arguments, matcher = args
        started = self._clock()
        self._refuse(matcher, ask(*arguments), started)
        if not self._prove_listening:
            raise Trouble(
                "That something never happens cannot be proved here: nothing listens that would have heard it. "
                "Declare where the system's keys stand in its events, and give the waiter the tap's `listening`."
            )
        while self._is_under_way() and self._clock() - started < self.patience * SETTLING:
            self._pause(SLOW_PACE.first)
            self._refuse(matcher, ask(*arguments), started)
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

    def _is_under_way(self) -> bool:
        """Whether something ends by itself soon. A timer that ends after the settle time is not waited for."""
        look = self._rest.look(self.quiet) if self._rest else None
        return bool(look and look.under_way and not look.endless)

    def _wait(self, patience: float, *, even_at_rest: bool = False) -> _Wait:
        rest = None if even_at_rest else self._rest
        lasting = Patience(patience, self._clock, self._lost)
        lull = (
            _Lull(rest, self._grace, patience, self._clock, self.prove_listening, lasting.lost_lately) if rest else None
        )
        return _Wait(lasting, lull)

    def _refuse(self, matcher: Matcher[Any], seen: Any, started: float) -> None:
        if matcher.matches(seen):
            words = f"{difference(matcher, seen, never=True)} · seen {_after(self._clock() - started)}"
            raise Breach(words, cause_of(matcher, seen))


class _Wait:
    """One wait: how long it lasts, and why it ends."""

    def __init__(self, patience: Patience, lull: _Lull | None) -> None:
        self._patience = patience
        self._lull = lull
        self._next_look = DEAD_END_SECONDS
        self.ended_because = ""

    @property
    def left(self) -> float:
        """How much of its timeout is left, in s."""
        return self._patience.left

    def is_over(self, seen: Any = None) -> bool:
        """Return whether polling can stop, after an answer other than the expected one."""
        if self._patience.is_over():
            return True
        if self._patience.lasted >= self._next_look:
            self.ended_because = _dead_end(seen) or (self._lull.why_it_lasts() if self._lull else "")
            self._next_look = self._patience.lasted + DEAD_END_SECONDS
        return bool(self.ended_because)

    def refuse_standstill(self, words: Callable[[], str]) -> None:
        """Raise Inconclusive, with these words, if the timeout expired before the machine had provided its time."""
        if not self.ended_because and self._patience.is_inconclusive:
            raise Inconclusive(
                f"{words()} · It is not known whether it would have come: {self._patience.words}.",
                "Run again on a machine with more room, or with fewer workers (-j).",
            )

    def is_met(self) -> None:
        """Note that the expected answer has come."""
        if self._lull:
            self._lull.ends()

    @property
    def end(self) -> str:
        """How it has ended, in words."""
        lasted = self._patience.lasted
        if self.ended_because:
            return f"after {lasted:.1f} s {self.ended_because}"
        still = self._lull.under_way if self._lull else ""
        return f"still so after {lasted:.1f} s{still and f', with this under way: {still}'}"


class _Lull:
    """The time in a wait in which nothing happens. One that ends teaches how long one may last."""

    def __init__(
        self,
        rest: Rest,
        grace: Grace,
        patience: float,
        clock: Callable[[], float],
        prove: Callable[[], object],
        lost: Callable[[float], float],
    ) -> None:
        self._lost = lost
        self._rest = rest
        self._grace = grace
        self._patience = patience
        self._clock = clock
        self._prove = prove
        self._since = self._at_least_until = clock()
        self._last: Look | None = None

    @property
    def under_way(self) -> str:
        """The last known work under way, in words."""
        return self._last.under_way if self._last else ""

    def why_it_lasts(self) -> str:
        """Return why nothing can come any more, "" while something may."""
        look = self._look()
        if not self._is_long_enough(look):
            return ""
        self._prove()
        self._look()  # work that was still on its way, and is here by now, begins a new lull
        return look.words if self._is_long_enough(look) else ""

    def _is_long_enough(self, look: Look) -> bool:
        """Whether nothing has happened for the grace time, though the machine did not stand still."""
        lasted, grace = self._clock() - self._since, self._grace.after(look)
        return lasted >= grace and lasted - self._lost(lasted) >= grace

    def ends(self) -> None:
        """Begin another one, since something has happened."""
        self._grace.learn(self._at_least_until - self._since, self._last)
        self._since = self._at_least_until = self._clock()

    def _look(self) -> Look:
        began = self._clock()  # the check's own time is no silence
        look = self._rest.look(self._patience)
        if look.under_way or (self._last and self._last.sign != look.sign):
            self.ends()
        else:
            self._at_least_until = began
        self._last = look
        return look


def _dead_end(seen: Any) -> str:
    """Return why an answer can no longer change, "" while it can."""
    dead_end = getattr(seen, "dead_end", None)
    why = dead_end() if callable(dead_end) else None
    return f"it can no longer come: {why}" if why else ""


def _after(waited: float) -> str:
    """Write after how long (s) something was seen that must never be."""
    return f"after {waited:.1f} s" if waited >= 0.05 else "at once"


def _missed(matcher: Matcher[Any], seen: Any, wait: _Wait) -> str:
    last = getattr(seen, "last_news", "")
    return f"{difference(matcher, seen)} · {wait.end}{f' ({last})' if last else ''}"
