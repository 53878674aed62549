"""Copies of the shipped systems, changes of a copy, and the environment for behave."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SYSTEMS = ROOT / "systems"
CAFE = "serverlesspresso"
TEMPLATE = "template.yaml"
PROCESSOR = "statemachines/order_processor.asl.json"
MANAGER = "statemachines/order_manager.asl.json"


def copy_of(system: str, folder: Path) -> Path:
    """Copy a system into a folder, and return the copy."""
    return Path(shutil.copytree(SYSTEMS / system, folder / system, ignore=shutil.ignore_patterns("__pycache__")))


def function(name: str) -> str:
    """Return the file of a function's code."""
    return f"functions/{name}/app.py"


@dataclass(frozen=True)
class Edit:
    """One change of one file: `old`, which must occur exactly once, becomes `new`.

    `state` limits the search to one state of a workflow. Workflows are edited as text, because unquoted placeholders
    such as `${Capacity}` make them invalid JSON until they are deployed.
    """

    file: str
    old: str
    new: str
    state: str = ""

    def apply(self, system: Path) -> None:
        """Change the file in the folder of a system. Fails unless `old` occurs exactly once."""
        path = system / self.file
        before = path.read_text(encoding="utf-8")
        start, end = _extent(before, self.state)
        found = before.count(self.old, start, end)
        assert found == 1, f"{self.file}: {self.old!r} stands {found} times in {self.state or 'it'}, not once"
        assert self.old != self.new, "an edit that changes nothing breaks nothing"
        path.write_text(before[:start] + before[start:end].replace(self.old, self.new) + before[end:], encoding="utf-8")


def _extent(text: str, state: str) -> tuple[int, int]:
    """Return where a state of a workflow begins and ends; the extent of the whole text if `state` is empty."""
    if not state:
        return 0, len(text)
    begun = re.search(rf"^    {re.escape(json.dumps(state))}: {{", text, re.MULTILINE)
    assert begun, f"there is no state {state}"
    after = re.compile(r"^    \"[^\"]+\": {|^  }", re.MULTILINE).search(text, begun.end())
    assert after, f"the state {state} does not end"
    return begun.start(), after.start()


def environment_in(folder: Path) -> dict[str, str]:
    """Prepare a folder to run behave in, and return its environment variables.

    behave adds formatters from its command line to those of behave.ini and cannot replace them. So the folder gets a
    copy of that file, whose relative paths then point into the folder. The variables are the caller's, without the
    suite's settings.
    """
    shutil.copy(ROOT / "behave.ini", folder)
    others = ("ACCEPTANCE_", "CAFE_", "GITHUB_STEP_SUMMARY")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return {**inherited, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
