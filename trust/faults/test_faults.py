"""Plant each fault, one at a time, and check that its scenario turns red with the right message."""

import re

import pytest

from trust.behave_run import run_behave
from trust.faults import FAULTS
from trust.faults.caught import see_caught, still_running
from trust.system_copy import CAFE, copy_of

pytestmark = pytest.mark.cloud
# Minimum of green scenarios on an unbroken copy: all features that catch faults. The café has too many, so only the
# scenarios that catch its faults run.
SCENARIOS = {CAFE: None, "durable_orders": 28, "retail": 68, "fulfilment": 77}


def as_parameter(fault):
    return pytest.param(fault, id=fault.id, marks=[pytest.mark.quiet] if fault.quiet else [])


@pytest.mark.planted
@pytest.mark.parametrize("fault", [as_parameter(fault) for fault in FAULTS])
def test_a_fault_turns_its_scenario_red(fault, tmp_path):
    see_caught(fault, tmp_path)


@pytest.mark.quiet
@pytest.mark.parametrize("system", SCENARIOS)
def test_an_unbroken_copy_is_green(system, tmp_path):
    faults = [fault for fault in FAULTS if fault.system == system]
    wanted = {fault.scenario for fault in faults}
    only = [argument for name in sorted(wanted) for argument in ("--name", f"^{re.escape(name)}")]
    features = tuple(sorted({fault.feature for fault in faults}))
    copy = copy_of(system, tmp_path)
    patience = {
        "durable_orders": ("-D", "durable_wait=2", "-D", "patience=20"),
        "fulfilment": ("-D", "fulfilment_answer=20"),
    }
    ran = run_behave(
        copy, features, *(() if SCENARIOS[system] else only), *patience.get(system, ()), seconds=600, about=system
    )
    assert ran.status == 0, ran.output
    assert not ran.red
    if SCENARIOS[system]:
        assert len(ran.passed) == len(ran.scenarios) == SCENARIOS[system]
    missing = [name for name in wanted if not any(scenario.name.startswith(name) for scenario in ran.passed)]
    assert not missing, "so nothing was shown of these"
    assert still_running(copy) == []
