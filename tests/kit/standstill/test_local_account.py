"""An account on the same machine is watched: whose address is one of this machine, and who listens there."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from acceptance.standstill import watch as module
from acceptance.standstill.record import Record, now
from acceptance.standstill.watch import watch_local_account

WORK = """
import os, socket, sys, time
os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})
listens = socket.create_server(("127.0.0.1", 0))
print(listens.getsockname()[1], flush=True)
while True: pass
"""


@pytest.fixture
def record(monkeypatch):
    """What is noted of the account."""
    record = Record()
    monkeypatch.setattr(module, "RECORD", record)
    return record


@pytest.fixture
def port():
    """The port at which a program listens that must share a processor with two others."""
    started = [subprocess.Popen([sys.executable, "-c", WORK], stdout=subprocess.PIPE) for _ in range(3)]
    ports = [int(one.stdout.readline()) for one in started]
    yield ports[0]
    for one in started:
        one.kill()
        one.communicate()


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="only Linux counts it")
def test_an_account_that_waits_for_a_processor_is_seen_from_outside(record, port):
    began = now()
    watch_local_account(f"http://localhost:{port}")
    while record.lost(began, now()) < 0.3 and now() - began < 20:
        time.sleep(0.05)  # noqa: TID251 - beside what is measured
    assert record.watches_system
    assert 0.3 <= record.lost(began, now()) < now() - began


@pytest.mark.parametrize("address", ["http://192.0.2.7:4566", "http://[2001:db8::1]:1", "http://no-such.invalid:1"])
def test_an_account_elsewhere_is_not_watched(record, address):
    watch_local_account(address)
    assert not record.watches_system


def test_an_account_whose_process_cannot_be_found_is_watched_by_the_machines_pressure(record, monkeypatch):
    beats = []
    monkeypatch.setattr(module, "_listening", lambda _: [])
    monkeypatch.setattr(module.Heartbeat, "start", lambda heart: beats.append(heart))
    watch_local_account("http://127.0.0.1:4566")
    [heart] = beats
    assert not heart._pressure._counts_delays


def test_of_two_accounts_only_the_last_one_is_watched(record, wait_until):
    before = set(threading.enumerate())
    for port in (4566, 4567):
        watch_local_account(f"http://127.0.0.1:{port}")

    def hearts():
        return [one for one in threading.enumerate() if one not in before and one.name == "heartbeat"]

    assert hearts()
    wait_until(lambda: len(hearts()) == 1, "the first heart has stopped")
