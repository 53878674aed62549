"""Check that a planted fault is caught: its scenario is red with the right message, and no program is left running."""

import re
from pathlib import Path

import psutil

from acceptance.report.givens import WHERE
from trust.behave_run import run_behave
from trust.faults.fault import Fault
from trust.system_copy import copy_of

# A violation outside any scenario turns the end of the run red, besides the scenario or instead of it: what comes late
# may come when the scenario is over.
AT_THE_END = "after_all"


def see_caught(fault: Fault, folder: Path) -> None:
    """Plant a fault in a copy of its system and run its scenario. Fails if the fault goes unnoticed."""
    system = copy_of(fault.system, folder)
    fault.plant(system)
    named = ("--name", f"^{re.escape(fault.scenario)}")
    ran = run_behave(system, (fault.feature,), *named, *fault.options, about=fault.system)
    assert ran.status == 1, f"nobody has noticed that {fault.name}:\n{ran.output}"
    assert {scenario.verdict for scenario in ran.red} <= set(fault.verdicts), ran.output
    scenarios = [one for one in ran.red if one.name != AT_THE_END and not one.name.startswith(WHERE)]
    assert len(scenarios) == 1 or "--stop" not in fault.options, ran.output
    told = [scenario for scenario in ran.red if all(words in scenario.message for words in fault.words)]
    assert told, f"what is told is not {fault.words}:\n{ran.output}"
    assert any(scenario.name.startswith((fault.scenario, AT_THE_END)) for scenario in told)
    for words in fault.words:
        assert words in ran.output, "whoever watches the run is not told"
    assert still_running(system) == []


def still_running(system: Path) -> list[int]:
    """Return the process ids of a copy's programs that are still running."""
    return [one.pid for one in psutil.process_iter(["cwd"]) if one.info["cwd"] == str(system)]
