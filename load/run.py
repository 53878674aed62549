"""Ties a run to Locust's events: who leads, who works, and what they say to each other."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from typing import Any

import gevent
from gevent.event import Event
from locust import events, runners
from locust.runners import MasterRunner, WorkerRunner

from acceptance.trouble import Trouble
from load import options as asked
from load.course import Course
from load.lead import Lead
from load.member import Member
from load.report import write
from load.trade import Trade
from load.verdicts import exit_status

TO_LEAD, TO_MEMBER = ("results", "entered", "unable"), ("join", "stood")
# A worker that is silent for so many seconds is gone. Locust's own 3 are few on a busy machine, where a worker may wait
# longer than that for a processor. One on this machine that has died is noticed at once.
HEARTBEATS = 30
# Locust shares out a dead worker's users after a minute, which would be another rate than the one that is judged.
NEVER = -(10**9)


class Load:
    """One process of a run."""

    def __init__(self, trade: Trade) -> None:
        self.trade = trade
        self._lead: Lead | None = None
        self._member: Member | None = None
        self._runner: Any = None
        self._options: asked.Options | None = None
        self._told = False
        self._leads = Event()
        self._report: Any = None

    @property
    def course(self) -> Course:
        """The course of the run, as its lead has it."""
        assert self._lead is not None  # noqa: S101 - shapes are asked for in the lead only
        return self._lead.course

    def wait_until_entered(self) -> None:
        """Wait until this worker has found the system."""
        if self._member:
            self._member.wait_until_entered()

    def begin_course(self) -> None:
        """Wait until every worker has found the system, or cannot: the schedule of arrivals begins for all at once.

        How many are to come, and for how long, is said by the command line, or by Locust's page.
        """
        if self._lead:
            self._lead.wait_for_workers(lambda: getattr(self._runner, "worker_count", 1))
            said = self._runner.environment.parsed_options
            self._lead.course.begin(int(said.num_users or 1), float(said.run_time or self._lead.options.run_seconds))

    def let_in(self, due: float) -> None:
        """Let one customer in who was to come at a time (s of `now()`), unless the lead is silent: it may be dead."""
        if self._member and self._hears_its_lead:
            self._member.let_in(due)

    @property
    def _hears_its_lead(self) -> bool:
        heard = getattr(self._runner, "last_heartbeat_timestamp", None)
        return not heard or time.time() - heard < HEARTBEATS

    def begin(self, environment: Any, runner: Any, **_: Any) -> None:
        """Take this process's part."""
        self._runner = runner
        try:
            self._options = asked.read(environment.parsed_options, self.trade)
            self.trade.read(self._options.settings)
            self._begin(environment)
        except Trouble as trouble:
            sys.stderr.write(f"{trouble}\n")
            sys.exit(2)

    def _begin(self, environment: Any) -> None:
        runner, options = self._runner, self._options
        assert options is not None  # noqa: S101 - read just before
        if not isinstance(runner, WorkerRunner):
            users = int(environment.parsed_options.num_users or 1)
            environment.parsed_options.run_time = None  # the course sees to it: who has come is served to the end
            self._lead = Lead(self.trade, options, users, self._to_member)
        if not isinstance(runner, MasterRunner):
            self._member = Member(self.trade, self._to_lead, environment.events.request.fire)
        for kinds, kind_of_runner, take in (
            (TO_LEAD, MasterRunner, self._hear_member),
            (TO_MEMBER, WorkerRunner, self._hear_lead),
        ):
            for kind in kinds if isinstance(runner, kind_of_runner) else ():
                runner.register_message(kind, take, concurrent=True)
        if self._lead:
            runners.HEARTBEAT_LIVENESS, runners.HEARTBEAT_DEAD_INTERNAL = HEARTBEATS, NEVER
            self._leads.set()
            self._lead.start()
            if isinstance(runner, MasterRunner):
                gevent.spawn(self._watch_workers)
            else:
                gevent.spawn(self._lead.invite, "")
        elif environment.parsed_options.processes:
            gevent.spawn(self._end_with, os.getppid())

    def worker_comes(self, client_id: str, **_: Any) -> None:
        """Invite a worker that has connected; the account may still be starting."""
        gevent.spawn(self._invite, client_id)

    def _invite(self, worker: str) -> None:
        """Invite a worker as soon as this process leads: a worker that was started first may connect before that."""
        self._leads.wait()
        if self._lead:
            self._lead.invite(worker)

    def _end_with(self, lead: int) -> None:
        """End this worker with the process that has started it. By the silence alone Locust would after a minute."""
        while os.getppid() == lead:
            gevent.sleep(1)
        sys.stderr.write("The lead of this run has ended, so its workers end.\n")
        if self._member:
            self._member.abandon()
        os._exit(2)

    def _watch_workers(self) -> None:
        """Tell the lead of workers that are gone: silent ones, and those of this machine whose process has ended."""
        while self._lead:
            for worker in self._runner.clients.missing:
                self._lead.lose(worker.id)
            for worker in self._lead.ended_here():
                if client := self._runner.clients.get(worker):
                    client.heartbeat = min(client.heartbeat, 0)  # Locust takes it for missing within two seconds
            gevent.sleep(1)

    def stopping(self, **_: Any) -> None:
        """Wait for those who are there, and report, when somebody ends the run or it is over."""
        if self._member and self._options:
            self._member.leave(self._options.settings.patience_seconds)

    def stopped(self, environment: Any, **_: Any) -> None:
        """Write the report."""
        if self._lead and not self._told:
            self._told = True
            facts = self._lead.facts()
            status = exit_status(facts)
            environment.process_exit_code = status
            # By itself, since Locust ends the greenlet that has ended the run, when all workers are gone.
            self._report = gevent.spawn(write, facts)
            self._report.join()
            if not self._report.successful():
                environment.process_exit_code = 2

    def quitting(self, environment: Any, **_: Any) -> None:
        """Take everything away."""
        if self._report:
            self._report.join()
        if self._member and self._options:
            self._member.leave(0.0)
        if self._lead:
            self._lead.stop()

    def _to_member(self, kind: str, data: Mapping[str, Any], worker: str = "") -> None:
        if isinstance(self._runner, MasterRunner):
            self._runner.send_message(kind, dict(data), worker or None)
        else:
            self._take(kind, data)

    def _to_lead(self, kind: str, data: Mapping[str, Any]) -> None:
        if isinstance(self._runner, WorkerRunner):
            self._runner.send_message(kind, dict(data))
        elif self._lead:
            self._lead.hear(kind, "", data)

    def _hear_member(self, environment: Any, msg: Any, **_: Any) -> None:
        if self._lead:
            self._lead.hear(msg.type, msg.node_id, msg.data)

    def _hear_lead(self, environment: Any, msg: Any, **_: Any) -> None:
        self._take(msg.type, msg.data)

    def _take(self, kind: str, data: Mapping[str, Any]) -> None:
        if self._member is None or self._options is None:
            return
        if kind == "join":
            self._member.enter(self._options.settings, data)
        else:
            self._member.hear_standstill(data["began"], data["ended"], data["lost"])


def install(trade: Trade) -> Load:
    """Let Locust run a system's customers, and return this process's part in it."""
    load = Load(trade)
    events.init_command_line_parser.add_listener(asked.add_options)
    events.init.add_listener(load.begin)
    events.worker_connect.add_listener(load.worker_comes)
    events.test_stopping.add_listener(load.stopping)
    events.test_stop.add_listener(load.stopped)
    events.quitting.add_listener(load.quitting)
    return load
