"""Breaks the durable function, one fault at a time, and sees that its scenario turns red and says why."""

import re

import pytest
from durable_faults import FAULTS
from house import run_behave

from mutants.system import ROOT, copy_of

pytestmark = [pytest.mark.cloud, pytest.mark.every_fault]
SYSTEM = ROOT / "systems" / "durable_orders"
# A wait that is long enough to be told from none.
OPTIONS = ("-D", "durable_wait=2", "-D", "patience=20")


def run(system, features, *arguments):
    return run_behave(system, features, *OPTIONS, *arguments, about="durable_orders")


@pytest.mark.quiet
def test_an_unbroken_copy_is_green(tmp_path):
    features = ("orders", "failing_payments", "tried_again", "submitting_twice", "no_id")
    ran = run(copy_of(SYSTEM, tmp_path), features)
    assert ran.status == 0, ran.output
    assert len(ran.passed) == len(ran.scenarios) == 18


# Where functions start slowly, a wait that is too short lasts as long as it should: unless it is far too short.
LONGER = ("-D", "durable_wait=5")


def _is_timed(fault):
    return "in time" in fault.scenario


def _marks(fault):
    return [pytest.mark.quiet] if _is_timed(fault) else []


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, id=fault.name.replace(" ", "-"), marks=_marks(fault)) for fault in FAULTS]
)
def test_a_fault_turns_its_scenario_red(fault, tmp_path):
    system = copy_of(SYSTEM, tmp_path)
    fault.edit.apply(system)
    longer = LONGER if _is_timed(fault) else ()
    ran = run(system, (fault.feature,), *longer, "--name", f"^{re.escape(fault.scenario)}")
    assert ran.status == 1, f"nobody has noticed that {fault.name}:\n{ran.output}"
    assert [scenario.verdict for scenario in ran.red][:1] == ["failed"], ran.output
    assert any(fault.words in scenario.message for scenario in ran.red), ran.output
