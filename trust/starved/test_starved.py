"""On a starved machine nothing fails: scenarios that could not be checked say how long the machine stood still.

By contrast, a system that is slow by itself fails on a quiet machine and on a busy one.
"""

import os

import pytest

from trust.behave_run import run_behave
from trust.soak.__main__ import busy
from trust.system_copy import Edit, copy_of, function

pytestmark = [pytest.mark.quiet, pytest.mark.cloud]
PROCESSORS = os.cpu_count() or 1
# Busy programs per processor: the system gets a twelfth of the machine.
STARVED = 12
SECONDS = 1200
# The time-dependent scenarios of each system: service levels, a crowd, programs that must answer.
FEATURES = {
    "serverlesspresso": ("service_levels", "same_moment"),
    "durable_orders": ("orders",),
    "retail": ("offers", "enrichment"),
    "fulfilment": ("logging_in",),
}
SLEEP = "__import__('time').sleep({seconds})"
# Where a system sleeps for how long (s), and which scenario must notice it.
SLOW = {
    "serverlesspresso": (
        function("waiting_completion"),
        "def handler(event, _context):\n",
        3,
        ("service_levels", "A submitted drink reaches the baristas in time"),
    ),
    "durable_orders": (
        function("process_order"),
        "def validate_order(_step, order):\n",
        12,
        ("orders", "An order completes in time"),
    ),
    "retail": (
        "services/user_service.py",
        "    def answers(batch: Sequence[tuple[Message, Content]]) -> Answers:\n",
        4,
        ("enrichment", "A view of the home page is enriched in time"),
    ),
}


@pytest.mark.parametrize("system", FEATURES)
def test_nothing_fails_on_a_starved_machine(system, tmp_path):
    with busy(STARVED * PROCESSORS):
        ended = run_behave(copy_of(system, tmp_path), FEATURES[system], "-j2", seconds=SECONDS, about=system)
    failed = [(one.name, one.message) for one in ended.red if one.verdict != "broken"]
    assert failed == []
    assert ended.scenarios, ended.output


@pytest.mark.planted
@pytest.mark.parametrize("programs", [0, 1], ids=["quiet", "busy"])
@pytest.mark.parametrize("system", SLOW)
def test_slow_system_fails_on_a_busy_machine_too(system, programs, tmp_path):
    file, line, seconds, (feature, name) = SLOW[system]
    copy = copy_of(system, tmp_path)
    indent = " " * (4 + len(line) - len(line.lstrip()))
    Edit(file, line, f"{line}{indent}{SLEEP.format(seconds=seconds)}\n").apply(copy)
    with busy(programs * PROCESSORS):
        ended = run_behave(copy, (feature,), "--name", name, seconds=SECONDS, about=system)
    assert ended.scenarios, ended.output
    assert [one.verdict for one in ended.scenarios if one.verdict != "skipped"] == ["failed"], ended.output
