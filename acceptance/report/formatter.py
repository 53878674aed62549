"""The formatter that writes Allure's input: every selected scenario, once, as it ended.

In behave.ini: `allure_report = acceptance.report.formatter:AllureReport`, with the results folder as
its outfile. A dry run writes nothing.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import allure_commons
from allure_commons.logger import AllureFileLogger
from allure_commons.utils import uuid4
from behave.exception import ConfigError
from behave.formatter.base import Formatter

from acceptance.behave_adapter import complete_progress_letters
from acceptance.report.cause_labels import label_causes
from acceptance.report.listener import ScenarioListener
from acceptance.report.result_text import attachment, result_text
from acceptance.report.results_folder import InUse, ResultsFolder, take
from acceptance.report.run import Run, ScenarioOutcome
from acceptance.report.selection import Identity
from acceptance.report.verdicts import SKIPPED, Verdict
from acceptance.settings import given

DEFAULT_RESULTS = Path("reports/allure-results")

complete_progress_letters()


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
        by_default = Path(stream_opener.name or DEFAULT_RESULTS)
        folder = _folder(self._run, given(config.userdata, "results"), by_default)
        self._listener = ScenarioListener(config)
        self._plugins = [self._listener, ResultFiles(folder, self._run.unwritten)]
        for plugin in self._plugins:
            allure_commons.plugin_manager.register(plugin)
        self._run.folder, self._run.results = folder, folder.path
        self._run.listeners.append(self)

    def feature(self, feature: Any) -> None:
        """Wrap the scenarios of a feature that is about to run."""
        if self._plugins:
            self._run.watch(feature)

    def step(self, step: Any) -> None:
        """Note a step to come."""
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
        self._run.begin()
        self._listener.begin(scenario, identity)

    def scenario_ended(self, outcome: ScenarioOutcome) -> None:
        """Write the scenario's result; one that never ran is opened first."""
        if outcome.ran or outcome.verdict.word == SKIPPED:
            self._run.begin()
        else:
            self._run.call_off()
        if not self._listener.busy:
            self._listener.begin(outcome.scenario, outcome.identity)
        self._listener.end(outcome.scenario, outcome.verdict)

    def trouble_outside(self, where: str, verdict: Verdict, feature: Any | None) -> None:
        """Write a result for an error outside any scenario."""
        self._listener.outside(where, verdict, feature)

    def close(self) -> None:
        """Write any error at the very end, and release Allure's plug-ins."""
        if not self._plugins:
            return
        self._run.finish()
        self._run.call_off()  # unless it has begun
        self._listener.stop_session()
        if self._run.tells:
            label_causes(self._run)
        for plugin in self._plugins:
            allure_commons.plugin_manager.unregister(plugin)
        self._plugins = []

    @property
    def _under_way(self) -> bool:
        return bool(self._plugins) and self._listener.busy


class ResultFiles(AllureFileLogger):
    """Writes the results, also after their folder was removed: the final check reports lost ones.

    A full disk does not end the run either. Truncated files are removed, which makes room for results: they are small.
    """

    def __init__(self, folder: ResultsFolder, unwritten: list[tuple[Path, OSError]]) -> None:
        super().__init__(folder.path)
        self._folder = folder
        self._unwritten = unwritten

    def _report_item(self, item: Any) -> None:
        self._folder.put(item.file_pattern.format(prefix=uuid4()), result_text(item).encode("utf-8"))

    @allure_commons.hookimpl
    def report_attached_file(self, source: Any, file_name: str) -> None:
        """Copy an attached file."""
        try:
            body = Path(source).read_bytes()
        except OSError as error:
            self._unwritten.append((self._folder.path / file_name, error))
        else:
            self._folder.put(file_name, attachment(body, file_name))

    @allure_commons.hookimpl
    def report_attached_data(self, body: Any, file_name: str) -> None:
        """Write an attachment."""
        self._folder.put(file_name, attachment(body, file_name))


def _folder(run: Run, named: str | None, by_default: Path) -> ResultsFolder:
    """Take the results folder of a run, or the one that its lead has taken. Raises ConfigError with a sentence."""
    if not run.tells:
        folder = ResultsFolder(by_default, run.unwritten)
        folder.join()
        return folder
    wanted = Path(named or by_default)
    listed = any(str(path).startswith("@") for path in run.config.paths)
    try:
        return ResultsFolder(take(wanted, elsewhere=not named), run.unwritten, keep=listed)
    except InUse as used:
        raise ConfigError(
            f"Another run uses {used}: wait until it has ended, or choose another folder with -D results=…."
        ) from None
    except OSError as error:
        why = "it is a file" if wanted.is_file() else error.strerror or str(error)
        what = "Make room there" if error.errno == errno.ENOSPC else "Put that right"
        raise ConfigError(
            f"The results cannot be written to {wanted}: {why}. {what}, or choose another folder with -D results=…."
        ) from None
