"""The lead's part in a run: where it takes place, who takes part, how it goes on, and what is reported at its end."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from socket import gethostname
from typing import Any

import gevent
import psutil
from gevent.event import Event

from acceptance.aws.permissions import now_about
from acceptance.standstill.record import RECORD, now
from acceptance.target import Target
from acceptance.trouble import Trouble
from load import options as asked
from load.ceiling import Ceiling
from load.course import Course
from load.member import ENTER_SECONDS
from load.options import Options
from load.place import LOG, invitation
from load.results import BEGUN, UNCHECKED, Results
from load.trade import Trade
from load.usage import Usage, growth, used_by
from load.verdicts import Facts, first_missed

BEAT_SECONDS = 0.5
START_SECONDS = 120.0
# A run in which so many could not be checked, and more than half of all, ends: the account refuses the rate.
REFUSED_MOST = 20


class Lead:
    """Who leads a run: Locust's master, or the only process. `tell` sends a message to a worker, or to all."""

    def __init__(self, trade: Trade, options: Options, users: int, tell: Callable[..., object]) -> None:
        self.options = options
        self._trade = trade
        self._tell = tell
        self._target = Target(options.settings, options.results / LOG)
        self._told: Mapping[str, str] = {}
        self._ready = Event()
        self._news = Event()
        self._unable: set[str] = set()
        self._pids: dict[str, int] = {}  # of those on this machine
        self.results, self._stage = Results(), Results()
        self._of_worker: dict[str, Results] = {}
        self._lost: dict[str, int] = {}
        self._memory: dict[str, list[tuple[int, int]]] = defaultdict(list)  # how many had come, and what it used
        self._troubles: dict[str, None] = {}
        self._began = time.time()
        self.runs: dict[str, str] = {}
        self.course = Course(
            options,
            users,
            _arrivals(asked.most(options, trade), trade),
            under_way=lambda: self.results.under_way,
            begun=lambda: self.results.counts[BEGUN] // trade.at_once,
            next_stage=self._next_stage,
            why_missed=lambda: first_missed(trade, self._stage, options.percent),
        )
        self._rates: list[tuple[int, int]] = []
        self._used_before = Usage()
        self._stood_still = 0.0

    def start(self) -> None:
        """Reach the account, and deploy the system or see that it is ready. Raises Trouble when that cannot be."""
        self.options.results.mkdir(parents=True, exist_ok=True)
        now_about(self._trade.system.policy)
        try:
            self._target.start()
            self._told = self._trade.prepare(self._target)
        except BaseException:
            self._target.stop()
            raise
        self._ready.set()
        gevent.spawn(self._watch)

    def invite(self, worker: str) -> None:
        """Tell a worker where the run takes place, as soon as that is known."""
        if self._ready.wait(START_SECONDS):
            self._tell("join", dict(invitation(self._target, self._told)), worker)

    def wait_for_workers(self, number: Callable[[], int]) -> None:
        """Wait until so many workers have entered, or cannot. `number` may fall meanwhile."""
        self._wait_for_workers(number)
        self._used_before = used_by(self._target.processes)

    def _wait_for_workers(self, number: Callable[[], int]) -> None:
        until = now() + ENTER_SECONDS
        while (missing := number() - len(self.runs.keys() | self._unable)) > 0:
            if now() > until:
                self._troubles[f"{missing} workers had not found the system within {ENTER_SECONDS:g} s."] = None
                return
            self._news.wait(BEAT_SECONDS)
            self._news.clear()

    def hear(self, kind: str, worker: str, data: Mapping[str, Any]) -> None:
        """Take what a worker says."""
        self.results.counts[UNCHECKED] -= self._lost.pop(worker, 0)  # it was only late
        if kind == "results":
            for results in (self.results, self._stage, self._of_worker.setdefault(worker, Results())):
                results.take(data)
            begun = self._of_worker[worker].counts[BEGUN]
            self._memory[worker].append((begun, data["memory"]))
            self._end_when_refused()
        elif kind == "entered":
            self.runs[worker] = data["run"]
            if data["host"] == gethostname():
                self._pids[worker] = data["pid"]
        else:
            self._unable.add(worker)
            self._troubles[data["why"]] = None
            self.course.end("a worker could not go on")
        self._news.set()

    def lose(self, worker: str) -> None:
        """Note that a worker is gone. What it had under way is not known to have ended."""
        if worker in self._lost:
            return
        gone = self._lost[worker] = max(0, self._of_worker.get(worker, Results()).under_way)
        self.results.counts[UNCHECKED] += gone

    def ended_here(self) -> Sequence[str]:
        """Return the workers of this machine whose process has ended."""
        return [worker for worker, pid in self._pids.items() if not _is_alive(pid)]

    @property
    def troubles(self) -> Sequence[str]:
        """Why the run cannot wholly be believed, in sentences."""
        died = (
            f"A worker died ({worker[-8:]}). By its last report {gone} of its {self._trade.counted} were under way; "
            "what it saw after that is not known."
            for worker, gone in self._lost.items()
        )
        return [*self._troubles, *died]

    def facts(self) -> Facts:
        """Return what a report says of the run."""
        return Facts(
            self._trade,
            self.options,
            self.results,
            self.troubles,
            self.course,
            len(self._of_worker),
            self._began,
            tuple(self._rates),
            self._target.facts(),
            used_by(self._target.processes).since(self._used_before),
            self._stood_still,
            growth(self._memory.values()),
        )

    def stop(self) -> None:
        """Take everything away."""
        self._target.stop()

    def _next_stage(self) -> None:
        self._stage = Results()

    def _end_when_refused(self) -> None:
        unchecked = self.results.counts[UNCHECKED]
        if unchecked >= REFUSED_MOST and 2 * unchecked > self.results.counts[BEGUN] - self.results.under_way:
            self.course.end(
                f"more than half of the {self._trade.counted} could not be checked: ask for fewer a second, "
                "or raise the account's limits (docs/scale.md)"
            )

    def _watch(self) -> None:
        """Tell the workers when the account stood still, see that it lives, and note the rate that is asked for."""
        ceiling = Ceiling(self._target.processes)
        while True:
            gevent.sleep(BEAT_SECONDS)
            began, ended, lost = ceiling.lost()
            lost = max(lost, RECORD.lost(began, ended))
            if lost:
                self._tell("stood", {"began": began, "ended": ended, "lost": lost})
            if self._target.processes and self.course.arriving and self.course.has_begun:
                self._stood_still += lost
            second = int(time.time())
            if self.course.has_begun and (not self._rates or self._rates[-1][0] != second):
                self._rates.append((second, self.course.arriving * self._trade.at_once))
            try:
                self._target.check_alive()
            except Trouble as trouble:
                self._troubles[str(trouble)] = None
                self.course.end("the account is lost")
                return


def _is_alive(pid: int) -> bool:
    with suppress(psutil.Error):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def _arrivals(most: int, trade: Trade) -> int:
    """Return with how many arrivals so many come at most; 0 for any number."""
    return max(1, most // trade.at_once) if most else 0
