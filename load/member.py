"""A worker's part in a run: customers who come, what becomes of them, and what is sent to the lead."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from socket import gethostname
from typing import Any

import gevent
import psutil
from botocore.exceptions import BotoCoreError, ClientError
from gevent.event import Event
from gevent.pool import Group

from acceptance.breach import Breach
from acceptance.service_levels.levels import (
    HIGHEST,
    Compliance,
    Latency,
    Promise,
    from_intended_start,
)
from acceptance.service_levels.timeline import Stamp
from acceptance.settings import Settings
from acceptance.standstill.record import RECORD, now, seconds
from acceptance.trouble import Trouble
from load.place import Joined
from load.results import BEGUN, DOUBLED, LOST, SERVED, TURNED_AWAY, UNCHECKED, Results
from load.trade import Trade, Venue, Visit

# What the embedded account says of a standstill arrives a little later than what happened meanwhile, in s.
HEARD_LATER = 1.5
REPORT_SECONDS = 1.0
ENTER_SECONDS = 60.0
ABANDON_SECONDS = 60.0
# One who was lost, or turned away, may not have been, where the machine stood still for such a part of the time.
EXCUSED = {LOST: 0.7, TURNED_AWAY: 0.1}
# Who stood still, as the lead tells.
THE_LEAD = "the lead's account"


class Member:
    """One worker. `tell` sends the lead a message; `note` takes each latency for Locust's page."""

    def __init__(
        self, trade: Trade, tell: Callable[[str, Mapping[str, Any]], object], note: Callable[..., object]
    ) -> None:
        self._trade = trade
        self._tell = tell
        self._note = note
        self._target: Joined | None = None
        self._venue: Venue | None = None
        self._entered = Event()
        self._under_way = Group()
        self._dues: dict[int, float] = {}  # of those who are there, the first one first
        self._ended: list[tuple[float, Visit]] = []
        self._results = Results()
        self._anchors: dict[str, tuple[Stamp, float]] = {}
        self._over = False
        self._gone = Event()
        self._reporter: Any = None
        self._worked = 0.0

    def enter(self, settings: Settings, invited: Mapping[str, Any]) -> None:
        """Join the lead's target, and begin to report. What keeps this worker from it is told to the lead."""
        try:
            self._target = Joined(settings, invited)
            self._target.start()
            self._venue = self._trade.enter(self._target)
        except Trouble as trouble:
            self._tell("unable", {"why": str(trouble)})
            return
        self._entered.set()
        self._worked = time.process_time()
        self._tell("entered", {"run": self._target.run_id, "host": gethostname(), "pid": os.getpid()})
        self._reporter = gevent.spawn(self._report_on)

    def wait_until_entered(self) -> None:
        """Wait for the system. Who waits in vain is told of by the lead."""
        self._entered.wait(ENTER_SECONDS)

    def hear_standstill(self, began: float, ended: float, lost: float) -> None:
        """Take down for how long the lead's account stood still (s of `now()`)."""
        RECORD.note(THE_LEAD, began, ended, lost)
        RECORD.forget(THE_LEAD)

    def let_in(self, due: float) -> None:
        """Let one customer in who was to come at a time (s of `now()`), and do not wait for them."""
        if self._venue and not self._over:
            visits = [Visit(due) for _ in range(self._trade.at_once)]
            self._results.counts[BEGUN] += len(visits)
            self._results.begun_at[int(time.time())] += len(visits)
            late = max(0.0, now() - due) * 1000
            self._results.late.add(Latency(late, late))
            self._dues[id(visits)] = due
            self._under_way.start(gevent.Greenlet(self._serve, self._venue, visits))

    def leave(self, patience: float) -> None:
        """Wait `patience` (s) at most for those who are there, report, and take away what this worker has left.

        What it has left on an embedded account goes with that, which may be sooner.
        """
        if self._over:
            return
        self._over = True
        try:
            self._under_way.join(timeout=patience)
            if self._reporter:
                self._reporter.kill()
            if self._target:
                self._say_what_came_late()
                self._report(everything=True)
        finally:
            if self._target and self._target.settings.on_aws:
                self._target.stop()
            self._gone.set()

    def abandon(self) -> None:
        """Let nobody in any more, and take away what this worker has left, where there still is an account."""
        leaves, self._over = self._over, True
        if not self._target or not self._target.settings.on_aws:
            return
        if leaves:  # a lead may end before its workers have taken everything away
            self._gone.wait(timeout=ABANDON_SECONDS)
            return
        with gevent.Timeout(ABANDON_SECONDS, False), suppress(ClientError, BotoCoreError, Trouble):
            self._target.stop()

    def _serve(self, venue: Venue, visits: Sequence[Visit]) -> None:
        try:
            venue.serve(visits)
        except (ClientError, BotoCoreError, Trouble) as error:
            for visit in visits:
                visit.end, visit.words = UNCHECKED, str(error)
        finally:
            at = now()
            if any(visit.end in EXCUSED for visit in visits):
                self._excuse(visits, at)
            del self._dues[id(visits)]
            self._ended += [(at, visit) for visit in visits]

    def _excuse(self, visits: Sequence[Visit], at: float) -> None:
        """Do not count those who were lost or turned away but may not have been, had the machine not stood still.

        A shop is full because of those who came before, since the first who is still there.
        """
        since = {LOST: visits[0].due, TURNED_AWAY: next(iter(self._dues.values()))}
        for visit in visits:
            began = since.get(visit.end, at)
            stood_still = RECORD.lost(began, at)
            if visit.end in EXCUSED and stood_still > EXCUSED[visit.end] * (at - began):
                visit.end, visit.words = UNCHECKED, f"{visit.words}; the machine stood still for {seconds(stood_still)}"

    def _report_on(self) -> None:
        while True:
            gevent.sleep(REPORT_SECONDS)
            self._report()

    def _report(self, *, everything: bool = False) -> None:
        """Judge those who ended a while ago, and send what was seen to the lead."""
        venue = self._venue
        assert venue is not None  # noqa: S101 - it has entered
        try:
            venue.check()
            until = math.inf if everything else now() - HEARD_LATER
            ended = [visit for at, visit in self._ended if at <= until]
            self._ended = [(at, visit) for at, visit in self._ended if at > until]
            self._count(ended)
            for promise in self._trade.promises:
                self._judge(venue, promise, [visit for visit in ended if visit.end in (SERVED, LOST)])
            for words, key in venue.doubled():
                self._results.counts[DOUBLED] += 1
                self._results.example(DOUBLED, f"{key}: {words}")
        except Trouble as trouble:
            self._tell("unable", {"why": str(trouble)})
        sent, self._results = self._results, Results()
        if sent.counts:
            before, self._worked = self._worked, time.process_time()
            sent.processor_ms = (self._worked - before) * 1000
            sent.memory = psutil.Process().memory_info().rss
            self._tell("results", sent.packed(int(time.time())))

    def _say_what_came_late(self) -> None:
        try:
            if self._venue:
                self._venue.heard_all()
        except Trouble as trouble:
            self._tell("unable", {"why": str(trouble)})

    def _count(self, ended: Sequence[Visit]) -> None:
        seen = self._results
        for visit in ended:
            seen.counts[visit.end] += 1
            if visit.words:
                seen.example(visit.end, f"{visit.key}: {visit.words}")
            if visit.number:
                seen.numbers.append(visit.number)
            for kind in dict.fromkeys(kind for kind, _ in visit.wrong):
                seen.counts[kind] += 1
            for kind, words in visit.wrong:
                seen.example(kind, f"{visit.key}: {words}")

    def _judge(self, venue: Venue, promise: Promise, visits: Sequence[Visit]) -> None:
        """Measure one service level of these, and tell Locust's page; who never got there waited longest of all."""
        there = [visit for visit in visits if promise.key in visit.ends]
        measured = list(zip(there, self._latencies(venue, promise, there), strict=True))
        lost = [visit for visit in visits if promise.key not in visit.ends and promise.key not in visit.without]
        level = self._results.level(promise.key)
        for _, latency in measured:
            level.add(latency)
            self._tell_page(promise, latency)
        for _ in lost:
            level.add(Latency(HIGHEST, HIGHEST))
            self._tell_page(promise, Latency(HIGHEST, HIGHEST))
        late = [one for one in measured if one[1].compliance(promise.budget) is not Compliance.MET]
        if late:
            slowest, _ = max(late, key=lambda one: one[1].latest)
            self._note_where(venue, promise, slowest)

    def _note_where(self, venue: Venue, promise: Promise, visit: Visit) -> None:
        try:
            hop = venue.slowest_hop(promise, visit)
        except (ClientError, BotoCoreError):  # an account that is too busy to be asked
            return
        if hop:
            self._results.late_in[promise.key, hop.where] += hop.ms

    def _latencies(self, venue: Venue, promise: Promise, visits: Sequence[Visit]) -> Sequence[Latency]:
        """Count each from its intended start. The schedule lies where the earliest so far has fixed it."""
        if not visits:
            return []
        starts = [visit.ends[promise.key][0] for visit in visits]
        dues = [visit.turns[promise.key].due for visit in visits]
        known = self._anchors.get(promise.key)
        first = min([*zip(starts, dues, strict=True), *([known] if known else [])], key=lambda one: one[0].ms - one[1])
        self._anchors[promise.key] = first
        found = from_intended_start(
            [first[0], *starts],
            [first[0], *(visit.ends[promise.key][1] for visit in visits)],
            [first[1], *dues],
            [0.0, *(visit.turns[promise.key].late for visit in visits)],
            venue.clock_offset,
            budget=promise.budget,
        )
        return found[1:]

    def _tell_page(self, promise: Promise, latency: Latency) -> None:
        missed = latency.compliance(promise.budget) is Compliance.MISSED
        error = Breach(f"{promise.title}: later than {promise.budget:g} ms", promise.key) if missed else None
        self._note(request_type="promise", name=promise.title, response_time=latency.latest, response_length=0,
                   exception=error, context={})  # fmt: skip
