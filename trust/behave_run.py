"""A run of the real behave against a copy of a system, in its own process, and its results."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trust.system_copy import CAFE, ROOT, TEMPLATE, environment_in

# Long enough for a busy machine; a run that hangs is ended.
RUN_SECONDS = 180
# The setting that names the template of a system.
TEMPLATE_SETTING = {
    "serverlesspresso": "template",
    "durable_orders": "durable_template",
    "retail": "retail_template",
    "fulfilment": "fulfilment_template",
}


@dataclass(frozen=True)
class ReportedScenario:
    """The result of one scenario."""

    name: str
    verdict: str
    message: str


@dataclass(frozen=True)
class EndedRun:
    """The outcome of a run of behave: exit status, console output, and its scenarios in order."""

    status: int
    output: str
    scenarios: tuple[ReportedScenario, ...]

    @property
    def red(self) -> list[ReportedScenario]:
        """The scenarios that neither passed nor were left out."""
        return [scenario for scenario in self.scenarios if scenario.verdict not in ("passed", "skipped")]

    @property
    def passed(self) -> list[ReportedScenario]:
        """The scenarios that passed."""
        return [scenario for scenario in self.scenarios if scenario.verdict == "passed"]


def run_behave(
    system: Path,
    features: tuple[str, ...],
    *arguments: str,
    seconds: float = RUN_SECONDS,
    variables: Mapping[str, str] | None = None,
    about: str = CAFE,
) -> EndedRun:
    """Run these features of a system against a copy of it. The run writes only beside that copy.

    Raises subprocess.TimeoutExpired after this many `seconds`.
    """
    folder = system.parent
    paths = [ROOT / "features" / about / f"{name}.feature" for name in features]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "behave", *map(str, paths)),
            *leading_to(system, about),
            *("-D", "report=no", *arguments),
        ],
        cwd=folder,
        env={**environment_in(folder), **(variables or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
    return EndedRun(done.returncode, done.stdout, _scenarios(folder / "reports" / "allure-results"))


def leading_to(system: Path, about: str) -> tuple[str, ...]:
    """Return the options that point behave to a copy of a system."""
    return "-D", f"{TEMPLATE_SETTING[about]}={system / TEMPLATE}", *_programs(about, system)


def _programs(about: str, system: Path) -> tuple[str, ...]:
    """Write a copy of fulfilment's dialogue that starts the copied programs."""
    if about != "fulfilment" or not system.exists():
        return ()
    shipped = (ROOT / "features" / about / "dialogue.yaml").read_text(encoding="utf-8")
    dialogue = system.parent / "dialogue.yaml"
    dialogue.write_text(shipped.replace("folder: ../../systems/fulfilment", f"folder: {system}"), encoding="utf-8")
    return "-D", f"fulfilment_dialogue={dialogue}"


def _scenarios(results: Path) -> tuple[ReportedScenario, ...]:
    reported = [json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*-result.json")]
    return tuple(
        ReportedScenario(result["name"], result["status"], result.get("statusDetails", {}).get("message", ""))
        for result in sorted(reported, key=lambda result: result.get("start", 0))
    )
