"""The formatter that writes what Allure renders: every selected scenario, once, as it ended.

In behave.ini: `allure_report = support.report.formatter:AllureReport`, with the results folder as
its outfile. A dry run writes nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allure_commons
from allure_commons.logger import AllureFileLogger
from allure_commons.utils import uuid4
from behave.exception import ConfigError
from behave.formatter.base import Formatter
from behave.formatter.progress import ScenarioProgressFormatter
from behave.model_type import Status

from support.cloud.settings import given
from support.report.listener import ScenarioListener
from support.report.result_text import attachment, result_text
from support.report.run import Outcome, Run
from support.report.selection import Identity
from support.report.verdicts import Verdict

DEFAULT_RESULTS = Path("reports/allure-results")

# Only what Allure writes: the folder may be somebody's own.
_EARLIER = (
    "*-result.json",
    "*-container.json",
    "*-globals.json",
    "*-attachment*",
    "*-perf.json",
    "environment.properties",
    "executor.json",
)

# `behave -f progress` has no letter for a cleanup that fails, and would end the whole run with a KeyError.
ScenarioProgressFormatter.dot_status.setdefault(Status.cleanup_error, "C")


class AllureReport(Formatter):
    """Reports to Allure; see the module's head."""

    name = "allure_report"
    description = "Allure results, one for every selected scenario"
    writes = True

    def __init__(self, stream_opener: Any, config: Any) -> None:
        super().__init__(stream_opener, config)
        self._run = Run.of(config)
        self._plugins: list[Any] = []
        if config.dry_run:
            return
        results = Path(given(config.userdata, "results") or stream_opener.name or DEFAULT_RESULTS)
        if self._run.tells:  # what is there belongs to the same run otherwise
            _clear_for_a_run(results)
        self._listener = ScenarioListener(config)
        self._plugins = [self._listener, ResultFiles(results, self._run)]
        for plugin in self._plugins:
            allure_commons.plugin_manager.register(plugin)
        self._run.results = results
        self._run.listeners.append(self)

    def feature(self, feature: Any) -> None:
        """Stand around the scenarios of a feature that is about to run."""
        if self._plugins:
            self._run.watch(feature)

    def step(self, step: Any) -> None:
        """Note a step that is to come."""
        if self._under_way:
            self._listener.schedule_step(step)

    def match(self, match: Any) -> None:
        """Open the step that begins."""
        if self._under_way:
            self._listener.match_step(match)

    def result(self, step: Any) -> None:
        """Close the step that has ended."""
        if self._under_way:
            self._listener.stop_behave_step(step)

    def scenario_started(self, scenario: Any, identity: Identity) -> None:
        """Open the scenario's result."""
        self._listener.begin(scenario, identity)

    def scenario_ended(self, outcome: Outcome) -> None:
        """Write the scenario's result; one that never ran is opened first."""
        if not self._listener.busy:
            self._listener.begin(outcome.scenario, outcome.identity)
        self._listener.end(outcome.scenario, outcome.verdict)

    def trouble_outside(self, where: str, verdict: Verdict, feature: Any | None) -> None:
        """Write a result for trouble outside any scenario."""
        self._listener.outside(where, verdict, feature)

    def close(self) -> None:
        """Write what went wrong at the very end, and let go of Allure's plug-ins."""
        if not self._plugins:
            return
        self._run.finish()
        self._listener.stop_session()
        for plugin in self._plugins:
            allure_commons.plugin_manager.unregister(plugin)
        self._plugins = []

    @property
    def _under_way(self) -> bool:
        return bool(self._plugins) and self._listener.busy


class ResultFiles(AllureFileLogger):
    """Writes the results, also after somebody has removed their folder: what is lost, the check at the end tells.

    Nor does a full disk end the run. What was cut off is removed, which makes room for results: they are small.
    """

    def __init__(self, results: Path, run: Run) -> None:
        super().__init__(results)
        self._run = run

    def _report_item(self, item: Any) -> None:
        name = item.file_pattern.format(prefix=uuid4())
        with self._written(name):
            self._put(name, result_text(item).encode("utf-8"))

    @allure_commons.hookimpl
    def report_attached_file(self, source: Any, file_name: str) -> None:
        """Copy a file that was attached."""
        with self._written(file_name):
            self._put(file_name, attachment(Path(source).read_bytes(), file_name))

    @allure_commons.hookimpl
    def report_attached_data(self, body: Any, file_name: str) -> None:
        """Write what was attached."""
        with self._written(file_name):
            self._put(file_name, attachment(body, file_name))

    def _put(self, name: str, body: bytes) -> None:
        """Write a file at one go: whoever looks at the folder finds it whole or not at all."""
        cut_off = self._report_dir / f"{name}.tmp"
        cut_off.write_bytes(body)
        cut_off.replace(self._report_dir / name)

    @contextlib.contextmanager
    def _written(self, name: str) -> Iterator[None]:
        try:
            self._report_dir.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            self._run.unwritten.append((self._report_dir / name, error))
            for cut_off in self._report_dir.glob("*.tmp"):
                cut_off.unlink()


def _clear_for_a_run(results: Path) -> None:
    try:
        clear(results)
    except OSError as error:
        why = f"The results cannot be written to {results}: {error.strerror or error}."
        raise ConfigError(f"{why} Make room there, or choose another folder with -D results=….") from error


def clear(results: Path) -> None:
    """Make the results folder, or empty it of an earlier run's results and of nothing else."""
    results.mkdir(parents=True, exist_ok=True)
    for pattern in _EARLIER:
        for path in results.glob(pattern):
            path.unlink()
