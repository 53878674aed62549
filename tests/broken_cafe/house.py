"""A copy of the café to break, and a run of the real behave against it, in a process of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mutants.system import ROOT, TEMPLATE, surroundings

PROCESSOR = "statemachines/order_processor.asl.json"
MANAGER = "statemachines/order_manager.asl.json"
RUN_SECONDS = 60
# The setting that names the template of a system.
TEMPLATE_SETTING = {
    "serverlesspresso": "template",
    "durable_orders": "durable_template",
    "retail": "retail_template",
    "fulfilment": "fulfilment_template",
}


@dataclass(frozen=True)
class Edit:
    """One change of one file: `old` becomes `new`, where `old` stands exactly once.

    `state` narrows the look to one state of a workflow. The workflows are edited as text, since
    `${Capacity}` and its like stand in them without quotes: they are no JSON before they are deployed.
    """

    file: str
    old: str
    new: str
    state: str = ""

    def apply(self, system: Path) -> None:
        """Change the file in the folder of a system. Fails when that would not change exactly one place."""
        path = system / self.file
        before = path.read_text(encoding="utf-8")
        start, end = _extent(before, self.state)
        found = before.count(self.old, start, end)
        assert found == 1, f"{self.file}: {self.old!r} stands {found} times in {self.state or 'it'}, not once"
        assert self.old != self.new, "an edit that changes nothing breaks nothing"
        path.write_text(before[:start] + before[start:end].replace(self.old, self.new) + before[end:], encoding="utf-8")


def _extent(text: str, state: str) -> tuple[int, int]:
    """Where a state of a workflow begins and ends; the whole text if none is named."""
    if not state:
        return 0, len(text)
    begun = re.search(rf"^    {re.escape(json.dumps(state))}: {{", text, re.MULTILINE)
    assert begun, f"there is no state {state}"
    after = re.compile(r"^    \"[^\"]+\": {|^  }", re.MULTILINE).search(text, begun.end())
    assert after, f"the state {state} does not end"
    return begun.start(), after.start()


def function(name: str) -> str:
    """The file of a function's code."""
    return f"functions/{name}/app.py"


@dataclass(frozen=True)
class Scenario:
    """What the report says of one scenario."""

    name: str
    verdict: str
    message: str


@dataclass(frozen=True)
class Ran:
    """What a run of behave left behind."""

    status: int
    output: str
    scenarios: tuple[Scenario, ...]

    @property
    def red(self) -> list[Scenario]:
        """The scenarios that neither passed nor were left out."""
        return [scenario for scenario in self.scenarios if scenario.verdict not in ("passed", "skipped")]

    @property
    def passed(self) -> list[Scenario]:
        """The scenarios that passed."""
        return [scenario for scenario in self.scenarios if scenario.verdict == "passed"]


def run_behave(
    system: Path,
    features: tuple[str, ...],
    *arguments: str,
    seconds: float = RUN_SECONDS,
    variables: Mapping[str, str] | None = None,
    about: str = "serverlesspresso",
) -> Ran:
    """Run these features, about this system, against a copy of it. All that the run writes stays beside its folder."""
    folder = system.parent
    paths = [ROOT / "features" / about / f"{name}.feature" for name in features]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "behave", *map(str, paths)),
            *("-D", f"{TEMPLATE_SETTING[about]}={system / TEMPLATE}", "-D", "report=no", *arguments),
        ],
        cwd=folder,
        env={**surroundings(folder, Path(__file__).parent), **(variables or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    return Ran(done.returncode, done.stdout, _scenarios(folder / "reports" / "allure-results"))


def _scenarios(results: Path) -> tuple[Scenario, ...]:
    reported = [json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*-result.json")]
    return tuple(
        Scenario(result["name"], result["status"], result.get("statusDetails", {}).get("message", ""))
        for result in reported
    )
