"""The suite with features of a test's own, run as people run it: in a process of its own."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from places import ROOT

SHARED = ("environment.py", "behave.ini", "steps", "acceptance", "support", "systems", "reports")
NO_NOISE = re.compile(r"^(USING RUNNER: .*)?$")


@dataclass
class Ran:
    """What a run said and left behind."""

    status: int
    output: str
    results_folder: Path

    @property
    def said(self):
        """Its lines, without behave's greeting."""
        return [line for line in self.output.splitlines() if not NO_NOISE.match(line)]

    @property
    def results(self):
        return [json.loads(path.read_text("utf-8")) for path in self.results_folder.glob("*-result.json")]

    @property
    def reasons(self):
        """Verdict and message of each scenario, by its name."""
        told = ((result, result.get("statusDetails", {}).get("message", "")) for result in self.results)
        return {result["name"]: (result["status"], message) for result, message in told}


class Suite:
    """A folder with the suite's own parts and other features. Write into it, then run it."""

    def __init__(self, folder):
        self.folder, self.root = folder, ROOT
        for name in SHARED:
            (folder / name).symlink_to(ROOT / name)
        for data in ("serverlesspresso/not_exercised.yaml", "fulfilment/dialogue.yaml"):
            self.feature((ROOT / "features" / data).read_text(encoding="utf-8"), data)

    def write(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def feature(self, text, path="serverlesspresso/one.feature"):
        self.write(f"features/{path}", text)

    def own(self, name):
        """Let a folder or a file of the suite be this one's own, empty at first; return its path."""
        (self.folder / name).unlink()
        return self.folder / name

    def own_steps(self):
        """Let steps/ be this one's own, as the suite's at first."""
        self.own("steps")
        for path in (self.root / "steps").rglob("*.py"):
            self.write(str(path.relative_to(self.root)), path.read_text(encoding="utf-8"))

    def run(self, *arguments, cwd=None, seconds=240, **variables):
        results = self.folder / "results"
        done = subprocess.run(
            [sys.executable, "-m", "behave", "-D", "report=no", "-D", f"results={results}", *arguments],
            cwd=cwd or self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONIOENCODING": "utf-8", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
        return Ran(done.returncode, done.stdout, results)


@pytest.fixture
def suite(tmp_path):
    return Suite(tmp_path)
