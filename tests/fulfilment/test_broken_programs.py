"""Breaks the fulfilment programs, one fault at a time, and sees that its scenario turns red and says why."""

import re

import psutil
import pytest
from fulfilment_faults import FAULTS
from house import run_behave

from mutants.system import ROOT, copy_of

pytestmark = [pytest.mark.cloud, pytest.mark.every_fault]
SYSTEM = ROOT / "systems" / "fulfilment"
DIALOGUE = ROOT / "features" / "fulfilment" / "dialogue.yaml"
FEATURES = ("delivering", "journeys", "ordering", "packing_and_planning", "setting_aside")


def run(system, features, *arguments, seconds=120, answer=20):
    """Run features against a copy of the system, whose programs a copy of the dialogue leads to.

    `answer` (s) is how long a program may take: long, unless that is what is tried.
    """
    dialogue = system.parent / "dialogue.yaml"
    text = DIALOGUE.read_text("utf-8").replace("folder: ../../systems/fulfilment", f"folder: {system}")
    dialogue.write_text(text, encoding="utf-8")
    options = ("-D", f"fulfilment_dialogue={dialogue}", "-D", f"fulfilment_answer={answer}")
    return run_behave(system, features, *options, *arguments, seconds=seconds, about="fulfilment")


def left(system):
    """The programs of a copy that still run."""
    return [one.pid for one in psutil.process_iter(["cwd"]) if one.info["cwd"] == str(system)]


@pytest.mark.rare
def test_an_unbroken_copy_is_green(tmp_path):
    system = copy_of(SYSTEM, tmp_path)
    ran = run(system, FEATURES)
    assert ran.status == 0, ran.output
    assert len(ran.passed) == len(ran.scenarios) == 36
    assert left(system) == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=fault.name.replace(" ", "-"), marks=[] if fault.often else [pytest.mark.rare])
        for fault in FAULTS
    ],
)
def test_a_fault_turns_its_scenario_red(fault, tmp_path):
    system = copy_of(SYSTEM, tmp_path)
    for edit in (fault.edit, *fault.also):
        edit.apply(system)
    answer = 4 if "no answer within" in fault.words else 20
    ran = run(system, (fault.feature,), "--name", f"^{re.escape(fault.scenario)}", answer=answer)
    assert ran.status == 1, f"nobody has noticed that {fault.name}:\n{ran.output}"
    assert {scenario.verdict for scenario in ran.red} == {"failed"}, ran.output
    assert any(fault.words in scenario.message for scenario in ran.red), ran.output
    assert left(system) == []
