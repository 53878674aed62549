"""Writes a scenario's result file: allure-behave's listener, which `Run` starts and ends.

allure-behave provides attachments, nested steps and links; its own idea of when a scenario ends
and its verdicts on steps are not used.
"""

from __future__ import annotations

import os
from typing import Any

import allure_commons
from allure_behave.listener import AllureListener
from allure_commons.model2 import Label, Link, Parameter, StatusDetails, TestResult
from allure_commons.types import LabelType, LinkType
from allure_commons.utils import md5, now, uuid4

from acceptance.behave_adapter import cells_of
from acceptance.report.deviations import LABEL, told_known
from acceptance.report.labels import description_of, environment_labels, epic_of, labels_of, links_of
from acceptance.report.run import OUTSIDE
from acceptance.report.selection import Identity, rule_of, stable_path
from acceptance.report.source_links import source_url
from acceptance.report.verdicts import BROKEN, Verdict, judge_step


class ScenarioListener(AllureListener):
    """Keeps the result under way open from before the first hook until after the last cleanup."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self._step_open = False
        self._steps_so_far: int | None = None

    @property
    def busy(self) -> bool:
        """Return whether a scenario's result is open."""
        return self.current_scenario_uuid is not None

    def begin(self, scenario: Any, identity: Identity) -> None:
        """Open a scenario's result, so that its hooks' attachments are added there."""
        self.steps.clear()
        self._steps_so_far = None
        self.current_scenario_uuid = uuid4()
        self.group_context.enter()
        result = TestResult(uuid=self.current_scenario_uuid, start=now(), name=identity.name)
        result.fullName = identity.key
        result.testCaseId = result.historyId = md5(identity.key)
        rule = rule_of(scenario)
        folders = identity.path.split("/")[:-1]
        result.titlePath = [*folders, scenario.feature.name, *([rule.name] if rule else [])]
        result.description = description_of(scenario)
        cells = cells_of(scenario)
        if cells is not None:
            result.parameters = [Parameter(name=name, value=value) for name, value in cells]
        result.links.extend(links_of(scenario, self.issue_pattern, self.link_pattern))
        line = scenario.line
        if source := source_url(identity.path, line, os.environ):
            result.links.append(Link(type=LinkType.LINK, name=f"{identity.path}:{line}", url=source))
        result.labels.extend(labels_of(scenario, identity.path))
        self.logger.schedule_test(self.current_scenario_uuid, result)

    def end(self, scenario: Any, verdict: Verdict) -> None:
        """Close a scenario's result and write it."""
        uuid, result = self.current_scenario_uuid, self.logger.get_test(self.current_scenario_uuid)
        if self._step_open:  # An exception left behave in the middle of a step.
            self._close_step(Verdict(BROKEN, verdict.message))
        self._add_steps_not_run(scenario, result)
        result.stop = now()
        result.status, result.statusDetails = verdict.word, details(verdict)
        if verdict.deviations:
            result.labels.append(Label(name=LabelType.TAG, value=LABEL))
            # Allure shows no message of a result whose status it calls unknown.
            result.description = "\n\n".join(filter(None, (told_known(verdict.deviations), result.description)))
            issues = dict.fromkeys(one.issue for one in verdict.deviations if one.issue)
            result.links.extend(Link(type=LinkType.ISSUE, name=issue, url=issue) for issue in issues)
        self.logger.close_test(uuid)
        self.group_context.append_test(uuid)
        self.group_context.exit()
        self.current_scenario_uuid = None

    def outside(self, where: str, verdict: Verdict, feature: Any | None) -> None:
        """Write a separate result for an error that no scenario can report."""
        name = f"{OUTSIDE}{where}"
        result = TestResult(uuid=uuid4(), start=now(), stop=now(), name=where, fullName=name)
        result.testCaseId = result.historyId = md5(name, feature.filename if feature else "")
        result.status, result.statusDetails = verdict.word, details(verdict)
        result.labels.extend(environment_labels())
        if feature is not None:
            epic = epic_of(stable_path(str(feature.filename), self.behave_config))
            place = [(LabelType.EPIC, epic), (LabelType.FEATURE, feature.name)]
            result.labels.extend(Label(name=name, value=value) for name, value in place if value)
        self.logger.schedule_test(result.uuid, result)
        self.logger.close_test(result.uuid)

    def start_behave_step(self, step: Any) -> None:
        """Open a step; allure-behave attaches its table and text."""
        super().start_behave_step(step)
        self._step_open = True

    def stop_behave_step(self, result: Any) -> None:
        """Close a step with our verdict on it."""
        self._close_step(judge_step(result))
        self._steps_so_far = len(self.logger.get_test(self.current_scenario_uuid).steps)

    @allure_commons.hookimpl
    def attach_data(self, body: Any, name: Any, attachment_type: Any, extension: Any) -> None:
        """Attach to the open result; between scenarios, to the run as a whole."""
        attach = super().attach_data if self.busy else super().global_attach_data
        attach(body, name, attachment_type, extension)

    @allure_commons.hookimpl
    def attach_file(self, source: Any, name: Any, attachment_type: Any, extension: Any) -> None:
        """Attach a file to the open result; between scenarios, to the run as a whole."""
        attach = super().attach_file if self.busy else super().global_attach_file
        attach(source, name, attachment_type, extension)

    def _add_steps_not_run(self, scenario: Any, result: TestResult) -> None:
        """Show the steps that did not run, after those that did and before the after-hooks' output."""
        if self._steps_so_far is None and not self.steps:
            self.steps.extend(scenario.all_steps)
        here = len(result.steps) if self._steps_so_far is None else self._steps_so_far
        result.steps, later = result.steps[:here], result.steps[here:]
        self.flush_steps()
        result.steps.extend(later)

    def _close_step(self, verdict: Verdict) -> None:
        self._step_open = False
        self.logger.stop_step(self.current_step_uuid, stop=now(), status=verdict.word, statusDetails=details(verdict))


def details(verdict: Verdict) -> StatusDetails | None:
    """Return Allure's status details, or None if there are none."""
    if not verdict.message:
        return None
    return StatusDetails(message=verdict.message, trace=verdict.trace or None)
