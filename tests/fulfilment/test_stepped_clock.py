"""The machine's clock is set while programs are worked with: healthy ones answer, and all durations are real."""

import json
import time
from itertools import cycle

import psutil
import pytest
from jsonschema import Draft202012Validator
from odd import LOGIN, MENU, NEVER, PASSWORD, console, desk
from places import ROOT

from acceptance.terminal.console import NoAnswer, Success
from support.fulfilment.flows.results import Results, as_json
from support.fulfilment.order_flows import ManyFlows, Plan

pytestmark = [pytest.mark.slow, pytest.mark.trust("trouble")]

SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "flows.schema.json").read_text("utf-8")))
HOUR = 3600.0


@pytest.fixture(params=[(0, HOUR), (HOUR, 0), (0, -HOUR)], ids=["to and fro", "fro and to", "back and forth"])
def stepping(request, monkeypatch):
    """A wall clock that jumps by an hour each time it is read."""
    steps, real = cycle(request.param), time.time
    monkeypatch.setattr(time, "time", lambda: real() + next(steps))


def test_a_program_answers_whatever_the_clock_says(stepping, tmp_path):
    place = desk(tmp_path, LOGIN + MENU + "    time.sleep(0.2); print('Done 17')\n")
    one = console(place)
    try:
        one.start()
        assert isinstance(one.log_in("pia", PASSWORD), Success)
        assert one.act("order") == Success({"order": "17"})
        one.leave()
    finally:
        one.end()
        place.watcher.stop()
    assert all(0 <= span.seconds < HOUR / 2 for span in one.activities), one.activities
    assert 0 < one.startup_seconds < HOUR / 2
    moments = [entry.at for entry in one.transcript.entries]
    assert moments == sorted(moments)
    assert 0 <= moments[-1] < HOUR / 2


def test_a_program_that_is_silent_is_given_up_in_time(stepping, tmp_path):
    place = desk(tmp_path, NEVER, within=1)
    one = console(place)
    began = time.monotonic()
    try:
        with pytest.raises(NoAnswer):
            one.start()
    finally:
        one.end()
        place.watcher.stop()
    assert time.monotonic() - began < HOUR / 2


def test_the_durations_of_flows_are_saved_as_they_were(stepping, others):
    flows = ManyFlows(others, Plan("Lampe"), 1).run()
    assert [flow.went_through for flow in flows] == [True], [flow.words for flow in flows]
    saved = as_json(Results(flows, 1, 1_800_000_000.0, 1.0))
    SCHEMA.validate(saved)
    (flow,) = saved["flows"]
    durations = [flow["seconds"], *(step["seconds"] for step in flow["steps"])]
    assert all(0 <= seconds < HOUR / 2 for seconds in durations), durations
    assert flow["seconds"] >= sum(step["seconds"] for step in flow["steps"]) - 0.01


def test_the_watcher_knows_its_programs_after_the_clock_was_set(tmp_path, monkeypatch):
    """A system's boot time moves with its clock, and a process's beginning with that."""
    from acceptance.terminal import watcher

    program = psutil.Popen(["sleep", "600"], start_new_session=True)
    try:

        def lines():
            yield f"+{program.pid}\n"
            real = psutil.boot_time()
            monkeypatch.setattr(psutil._psplatform, "boot_time", lambda: real + HOUR)

        watcher.watch(lines())
        assert program.wait(timeout=10) == -9
    finally:
        if program.poll() is None:
            program.kill()
            program.wait(timeout=10)
