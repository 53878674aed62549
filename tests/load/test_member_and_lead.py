"""What a worker tells of its customers, and what the lead makes of it: throttled calls, lost ones, dead workers."""

import os
import subprocess
import sys
from socket import gethostname
from types import SimpleNamespace

import gevent
import pytest
from botocore.exceptions import ClientError

from acceptance.service_levels.levels import Promise, is_lost
from acceptance.service_levels.timeline import Clock, Stamp
from acceptance.standstill.record import RECORD, now
from load.ceiling import Ceiling
from load.lead import REFUSED_MOST, Lead
from load.member import Member
from load.results import BEGUN, LOST, SERVED, TURNED_AWAY, UNCHECKED, Results
from load.trade import Trade

TICKET = Promise("ticket", "A ticket is shown", "", "", "", 100, lambda _: None, counted="tickets")
CLOCK = Clock("the office's", 1)


class Office:
    """A place where each call does what `answers` says, by turns: a latency in ms, None for a loss, or an error."""

    clock_offset = 0.0

    def __init__(self, *answers):
        self.answers = list(answers)

    def check(self):
        pass

    def serve(self, visits):
        [visit] = visits
        answer = self.answers.pop(0)
        visit.key = f"ticket {len(self.answers)}"
        start = Stamp(round(visit.due * 1000), CLOCK)
        visit.takes(TICKET, lambda: None)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            visit.end, visit.ends[TICKET.key] = SERVED, (start, Stamp(start.ms + answer, CLOCK))

    def doubled(self):
        return iter(())

    def heard_all(self):
        pass

    def slowest_hop(self, promise, visit):
        return None


class Full(Office):
    """A place that turns everybody away."""

    def serve(self, visits):
        visits[0].end = TURNED_AWAY


class Tickets(Trade):
    system = SimpleNamespace(policy="", name="tickets")
    promises = (TICKET,)
    counted = "tickets"
    usd_each = 0.01

    def prepare(self, target):
        raise NotImplementedError

    def enter(self, target):
        raise NotImplementedError


def throttled():
    answer = {"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}
    return ClientError(answer, "StartExecution")


def told_by_member(*answers, venue=Office):
    told, noted = [], []
    member = Member(Tickets(), lambda kind, data: told.append((kind, data)), lambda **request: noted.append(request))
    member._venue = venue(*answers)
    for _ in answers:
        member.let_in(now())
    gevent.wait(timeout=5)
    member._report(everything=True)
    whole = Results()
    for _, data in told:
        whole.take(data)
    return whole, noted


def test_each_customer_is_counted_as_what_became_of_them():
    whole, noted = told_by_member(5, None, throttled())
    assert {kind: whole.counts[kind] for kind in (BEGUN, SERVED, LOST, UNCHECKED)} == {
        BEGUN: 3,
        SERVED: 1,
        LOST: 1,
        UNCHECKED: 1,
    }
    assert "Rate exceeded" in whole.examples[UNCHECKED][0]
    level = whole.levels["ticket"]
    assert len(level) == 2  # what the account refused says nothing of the system
    assert is_lost(level.percentile(100))
    assert [bool(request["exception"]) for request in noted] == [False, True]


@pytest.mark.parametrize(("lost", "end"), [(0.0, TURNED_AWAY), (0.5, UNCHECKED)])
def test_who_is_turned_away_while_the_machine_stands_still_is_not_checked(lost, end, monkeypatch):
    monkeypatch.setattr(RECORD, "lost", lambda began, ended: lost * (ended - began))
    whole, _ = told_by_member(None, venue=Full)
    assert whole.counts[end] == 1


@pytest.fixture
def lead(tmp_path):
    settings = SimpleNamespace(patience_seconds=5.0)
    options = SimpleNamespace(
        settings=settings, results=tmp_path, percent=95, orders_most=0, usd_most=0, find=False, run_seconds=60
    )
    return Lead(Tickets(), options, 4, lambda *_: None)


def results(**counts):
    found = Results()
    found.counts.update({name.replace("_", " "): number for name, number in counts.items()})
    return found.packed(at=1)


def test_an_account_that_refuses_the_rate_ends_the_run(lead):
    lead.hear("results", "one", results(begun=REFUSED_MOST + 5, served=5, not_checked=REFUSED_MOST))
    assert "could not be checked: ask for fewer a second" in lead.course.why_over
    assert lead.course.rate(1.0) == 0


def test_what_a_dead_worker_had_under_way_is_not_checked(lead):
    lead.hear("results", "one", results(begun=10, served=7))
    lead.hear("results", "two", results(begun=10, served=10))
    lead.lose("one")
    lead.lose("one")
    assert (lead.results.counts[UNCHECKED], lead.results.under_way) == (3, 0)


def test_a_worker_that_was_only_late_is_not_lost(lead):
    lead.hear("results", "one", results(begun=10, served=7))
    lead.lose("one")
    lead.hear("results", "one", results(served=3))
    assert (lead.results.counts[UNCHECKED], lead.results.counts[SERVED], lead.results.under_way) == (0, 10, 0)
    assert not lead.troubles


def test_the_schedule_begins_when_all_workers_have_entered_or_cannot(lead):
    waiting = gevent.spawn(lead.wait_for_workers, lambda: 2)
    lead.hear("entered", "one", {"run": "abc", "host": "elsewhere", "pid": 1})
    gevent.sleep(0)
    assert not waiting.ready()
    lead.hear("unable", "two", {"why": "It was not let in."})
    waiting.join(timeout=5)
    assert waiting.ready()
    assert lead.troubles == ["It was not let in."]


def test_a_worker_that_is_gone_is_not_waited_for(lead):
    lead.hear("entered", "one", {"run": "abc", "host": "elsewhere", "pid": 1})
    there = iter([2, 1])
    waiting = gevent.spawn(lead.wait_for_workers, lambda: next(there, 1))
    waiting.join(timeout=5)
    assert waiting.ready()
    assert not lead.troubles


def test_no_processes_are_never_the_limit():
    clock = iter([0.0, 1.0])
    assert Ceiling([], lambda: next(clock)).lost() == (0.0, 1.0, 0.0)


def test_an_account_that_works_without_a_pause_is_the_limit(monkeypatch):
    clock, work = iter([0.0, 1.0, 2.0]), iter([0.0, 0.9, 1.4])
    monkeypatch.setattr(Ceiling, "_work", lambda _: next(work))
    ceiling = Ceiling([1], lambda: next(clock))
    assert [ceiling.lost(), ceiling.lost()] == [(0.0, 1.0, 1.0), (1.0, 2.0, 0.0)]


def test_a_worker_of_this_machine_whose_process_has_ended_is_known_to_be_gone(lead):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for worker, host, pid in (("here", gethostname(), os.getpid()), ("gone", gethostname(), ended.pid),
                              ("there", "elsewhere", ended.pid)):  # fmt: skip
        lead.hear("entered", worker, {"run": "abc", "host": host, "pid": pid})
    assert lead.ended_here() == ["gone"]


@pytest.mark.parametrize("on_aws", [True, False])
def test_what_a_worker_has_left_on_an_embedded_account_goes_with_that(on_aws):
    stopped = []
    member = Member(Tickets(), lambda *_: None, lambda **_: None)
    member._target = SimpleNamespace(settings=SimpleNamespace(on_aws=on_aws), stop=lambda: stopped.append("stopped"))
    member._venue = Office()
    member.leave(1.0)
    assert stopped == (["stopped"] if on_aws else [])
