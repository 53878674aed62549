"""A heartbeat notes what it was late by, and who waited for a processor: on a clock that only waiting moves."""

import pytest

from acceptance.standstill import heartbeat as module
from acceptance.standstill.heartbeat import BEAT, LEAST, Heartbeat


class Machine:
    """A clock, what each beat is late by, and for how long each process has waited for a processor so far."""

    def __init__(self, monkeypatch):
        self.now, self.late = 100.0, 0.0
        self.waited, self.pressure = {}, 0.0
        machine = self

        class Delays:
            def __init__(self, with_children=True):
                self.known = {}

            def since_last_time(self, processes):
                pids = list(processes)
                more = sum(machine.waited.get(pid, 0) - self.known.get(pid, 0) for pid in pids)
                self.known = dict(machine.waited)
                return more

            def by_process(self, processes):
                """Process 20 has started 21 and 22."""
                more = {pid: machine.waited.get(pid, 0) - self.known.get(pid, 0) for pid in (*processes, 21, 22)}
                self.known = dict(machine.waited)
                return more

        class Pressure:
            def since_last_time(self):
                return machine.pressure

        monkeypatch.setattr(module, "Delays", Delays)
        monkeypatch.setattr(module, "Pressure", Pressure)

    def pass_(self, seconds):
        self.now += seconds + self.late


@pytest.fixture
def machine(monkeypatch):
    return Machine(monkeypatch)


@pytest.fixture
def beat(machine):
    """Let a beat pass, and return what was lost."""
    noted = []
    functions = {"Brew": [11, 12], "Bill": [13]}
    heart = Heartbeat(
        lambda began, ended, lost: noted.append((began, ended, lost)),
        lambda: functions,
        own=lambda: [1],
        programs=[20],
        clock=lambda: machine.now,
        wait=machine.pass_,
    )

    def beat():
        heart.beat()
        began, ended, lost = noted[-1]
        assert ended == machine.now
        assert began <= ended
        return lost

    return beat


def test_on_a_quiet_machine_nothing_is_lost(beat, machine):
    assert beat() == 0
    machine.late = LEAST / 2
    assert beat() == 0


def test_what_a_beat_is_late_by_is_lost(beat, machine):
    machine.late = 8.2
    assert beat() == pytest.approx(8.2)


def test_waiting_for_a_processor_is_lost_however_punctual_the_beat(beat, machine):
    machine.waited = {1: 0.05}
    assert beat() == pytest.approx(0.05)


def test_of_those_who_do_the_same_the_one_that_waited_longest_counts(beat, machine):
    machine.waited = {11: 0.02, 12: 0.06, 13: 0.01}
    assert beat() == pytest.approx(0.07)
    assert beat() == 0


def test_a_program_of_others_counts_and_of_what_it_has_started_the_one_that_waited_longest(beat, machine):
    machine.waited = {20: 0.01, 21: 0.02, 22: 0.05}
    assert beat() == pytest.approx(0.06)
    assert beat() == 0


def test_no_more_than_all_of_the_time_is_lost(beat, machine):
    machine.waited = {11: 7.0}
    assert beat() == pytest.approx(BEAT)


def test_memory_and_disks_and_the_host_count_too(beat, machine):
    machine.pressure = 0.07
    assert beat() == pytest.approx(0.07)
