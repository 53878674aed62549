"""A pytest plugin that runs the given cases and reports each to the campaign as it ends."""

import json
import os
from collections import defaultdict
from typing import Any, TextIO

import pytest

CASES, PIPE = "TRUST_CASES", "TRUST_PIPE"
MOST_LETTERS = 6000
WORKER_DIED = "???"  # pytest-xdist's phase for a worker that has died
CRASHED = "crashed"
NOT_REQUESTED = -1


def pytest_configure(config: pytest.Config) -> None:
    """Report from the controller, which receives all workers' reports."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(os.fdopen(int(os.environ[PIPE]), "w", encoding="utf-8")))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect cases that were not requested, and sort the others as they were requested."""
    with open(os.environ[CASES], encoding="utf-8") as file:  # noqa: PTH123 - a text of an environment variable
        places = {name: place for place, name in enumerate(json.load(file))}

    def place(item: pytest.Item) -> int:
        return places.get(item.nodeid, places.get(item.nodeid.rpartition("@")[0], NOT_REQUESTED))

    config.hook.pytest_deselected(items=[item for item in items if place(item) == NOT_REQUESTED])
    items[:] = sorted((item for item in items if place(item) != NOT_REQUESTED), key=place)


class Recorder:
    """Collects the phases of each test."""

    def __init__(self, pipe: TextIO) -> None:
        self._pipe = pipe
        self._phases: dict[str, list[pytest.TestReport]] = defaultdict(list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Report a test after its last phase. A worker that has died reports a phase without a name."""
        self._phases[report.nodeid].append(report)
        if report.when in ("teardown", WORKER_DIED):
            phases = self._phases.pop(report.nodeid)
            told = {"id": report.nodeid, "seconds": round(sum(one.duration for one in phases), 1), **_outcome(phases)}
            self._pipe.write(json.dumps(told) + "\n")
            self._pipe.flush()


def _outcome(phases: list[pytest.TestReport]) -> dict[str, Any]:
    """Send a result. `outcome` is passed, skipped, failed (by an assertion), crashed or error; `words` say why."""
    bad = next((one for one in phases if one.failed), None)
    if not bad:
        skipped = next((one for one in phases if one.skipped), None)
        return {"outcome": "skipped", "words": str(skipped.longrepr)} if skipped else {"outcome": "passed", "words": ""}
    crash = getattr(bad.longrepr, "reprcrash", None)
    words = crash.message if crash else str(bad.longrepr)
    if bad.when == WORKER_DIED:
        return {"outcome": CRASHED, "words": words}
    judged = bad.when == "call" and words.startswith(("AssertionError", "assert ", "Failed"))
    return {"outcome": "failed" if judged else "error", "words": words[:MOST_LETTERS]}
