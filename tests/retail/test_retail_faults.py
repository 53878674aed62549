"""Breaks the retail services, one fault at a time, and sees that its scenario turns red and says why."""

import re

import pytest
from house import run_behave
from retail_faults import FAULTS

from mutants.system import ROOT, copy_of

pytestmark = [pytest.mark.cloud, pytest.mark.every_fault]
SYSTEM = ROOT / "systems" / "retail"


@pytest.mark.quiet
def test_an_unbroken_copy_is_green(tmp_path):
    ran = run_behave(copy_of(SYSTEM, tmp_path), ("enrichment", "offers", "dead_letters", "rush"), about="retail")
    assert ran.status == 0, ran.output
    assert len(ran.passed) == len(ran.scenarios) == 30


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault.name.replace(" ", "-")) for fault in FAULTS])
def test_a_fault_turns_its_scenario_red(fault, tmp_path):
    system = copy_of(SYSTEM, tmp_path)
    for edit in fault.edits:
        edit.apply(system)
    ran = run_behave(
        system, (fault.feature,), "-D", "patience=5", "--name", f"^{re.escape(fault.scenario)}", about="retail"
    )
    assert ran.status == 1, f"nobody has noticed that {fault.name}:\n{ran.output}"
    assert ran.red[0].verdict in fault.verdict.split(" or "), ran.output
    assert any(fault.words in scenario.message for scenario in ran.red), ran.output
