"""The one place that touches behave's private parts: what it does not document, and may change in any version.

All other modules call this one, or use what behave documents. `tests/kit/test_behave_adapter.py` names each
part used here and its purpose, and fails with that name when a version of behave has changed it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from xml.etree.ElementTree import SubElement

from behave import __main__ as command
from behave import configuration, model, runner, runner_util, step_registry
from behave.capture import Captured
from behave.configuration import Configuration
from behave.formatter import steps as steps_formatter
from behave.formatter._registry import make_formatters
from behave.formatter.progress import ScenarioProgressFormatter
from behave.matchers import Match
from behave.model_type import Status
from behave.parser import Parser, State
from behave.reporter import junit, summary
from behave.step_registry import StepRegistry

# behave's own word, which it keeps for what is expected to fail and never uses.
DEVIATING = Status.xfailed.name
# How behave begins its report of a hook's exception.
HOOK_ERROR = "HOOK-ERROR in "
# behave's name for the file of steps that a step runs.
_NO_FILE = "<string>"

_Described = TypeVar("_Described")


# --- the sentences of steps/ -----------------------------------------------------------------------


class Sentences(StepRegistry):
    """behave's registry of step definitions, in which two systems may use the same sentence differently.

    A sentence belongs to the system in whose folder its file lies, or to all. A step finds those of its feature's
    system, and those of all. A system's sentences are loaded on first use.
    """

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def clear(self) -> None:
        """Forget all sentences."""
        super().clear()
        self.forget()

    def forget(self) -> None:
        """Forget which sentence belongs to which system, and share every sentence."""
        self.system_of: Callable[[str], str] = lambda _filename: ""
        self._load: Callable[[str], None] = lambda _system: None
        self._folders: dict[Path, str] = {}
        self._loaded = {""}
        self._views: dict[str, StepRegistry] = {}
        self._here = ""

    def divide(self, system_of: Callable[[str], str], load: Callable[[str], None]) -> None:
        """Give each system sentences of its own from now on.

        `system_of` returns the system of a feature file, "" for none. `load` is called once for each requested system,
        and passes its files to `load_from`.
        """
        self.forget()
        self.system_of, self._load = cache(system_of), load

    def need(self, system: str) -> None:
        """Load a system's sentences, unless they are loaded."""
        if system not in self._loaded:
            self._loaded.add(system)
            self._load(system)

    def load_from(self, folder: Path, system: str) -> None:
        """Load a system's sentences from the files in a folder."""
        self._folders[folder.resolve()] = system
        load_steps(folder)

    def known_to(self, filename: str | None) -> StepRegistry:
        """Return the sentences that the steps of a feature file may use. Steps that a step runs have no file."""
        self._here = self._here if filename in (None, _NO_FILE) else str(filename)
        system = self.system_of(self._here)
        self.need(system)
        if system not in self._views:
            self._views[system] = self._view((system, ""))
        return self._views[system]

    def add_step_definition(self, keyword: str, step_text: str, func: Any) -> None:
        """Add a sentence. Raises AmbiguousStep if a step could match both it and another one."""
        system = self._owner(Match.make_location(func).filename)
        beside = self._view((system, "")) if system else self._view(None)
        others = len(beside.steps[keyword.lower()])
        beside.add_step_definition(keyword, step_text, func)
        for sentence in beside.steps[keyword.lower()][others:]:
            sentence.system = system
            self.steps[keyword.lower()].append(sentence)
        self._views.clear()

    def find_match(self, step: Any) -> Any:
        """Return the match of a step and a sentence that it may use, None if there is none."""
        return self.known_to(step.filename).find_match(step)

    def find_step_definition(self, step: Any) -> Any:
        """Return the sentence that a step matches, None if there is none."""
        return self.known_to(step.filename).find_step_definition(step)

    def _owner(self, filename: str) -> str:
        folders = Path(filename).resolve().parents
        return next((system for folder, system in self._folders.items() if folder in folders), "")

    def _view(self, systems: Sequence[str] | None) -> StepRegistry:
        """Return behave's own registry with the sentences of these systems, or of all."""
        view = StepRegistry()
        view.error_handler = self.error_handler
        for kind, sentences in self.steps.items():
            view.steps[kind] = [one for one in sentences if systems is None or getattr(one, "system", "") in systems]
        return view


def sentences() -> Sentences:
    """Return the registry of this process, to which @given, @when and @then add."""
    registry = runner.the_step_registry
    if not isinstance(registry, Sentences):
        registry.__class__ = Sentences  # the decorators, the runner and the formatters hold this very object
        registry.forget()
        step_registry.registry = registry  # for those that are imported later: behave has put another one there
    return registry  # type: ignore[no-any-return]


def show_usage_by_system() -> None:
    """Let the formatters of steps, which copy all sentences, find the same sentences as steps in a run."""
    steps_formatter.StepRegistry = _Copy


class _Copy(StepRegistry):
    """What a formatter fills with all sentences."""

    def find_step_definition(self, step: Any) -> Any:
        return sentences().find_step_definition(step)

    def find_match(self, step: Any) -> Any:
        return sentences().find_match(step)


@contextmanager
def refusing_sentences(refuse: Callable[[Any, Exception], None]) -> Iterator[None]:
    """Call `refuse` with each unreadable sentence and the reason. behave prints it, and continues without it."""
    handler = sentences().error_handler
    handler.on_error = refuse
    try:
        yield
    finally:
        del handler.on_error


# --- a run and its context -------------------------------------------------------------------------


def runner_of(context: Any) -> Any:
    """Return the runner that a context belongs to."""
    return context._runner


def count_hook_failure(context: Any) -> None:
    """Make the run fail for a hook that has swallowed its exception."""
    context._runner.hook_failures += 1


def set_aborted(context: Any, aborted: bool) -> None:
    """Prevent further starts; or keep behave from reporting that the user has aborted the run."""
    context._runner.aborted = aborted


def enter_outline(context: Any, scenario: Any) -> None:
    """Let steps see the row of a scenario that runs without its outline."""
    context._set_root_attribute("active_outline", scenario._row)


def hear_cleanup_errors(context: Any, hear: Callable[[str, Any, Exception], None]) -> None:
    """Call `hear` with what a cleanup raises, its layer and that layer's model (None for the whole run).

    behave itself records only that something was raised.
    """
    original = context._do_cleanups

    def do_cleanups() -> None:
        level = context._stack[0] if context._stack else {}
        layer = str(level.get("@layer"))
        try:
            original()
        except Exception as error:
            hear(layer, level.get(layer), error)
            raise

    context._do_cleanups = do_cleanups


def formatters_of(config: Any) -> list[Any]:
    """Create the formatters that a configuration names."""
    return list(make_formatters(config, config.outputs))


def run_instead(thing: Any, run: Callable[[Any], bool]) -> None:
    """Make behave call this with its runner instead of a feature's or a scenario's own `run`."""
    thing.run = run


# --- the model -------------------------------------------------------------------------------------


def cells_of(scenario: Any) -> Sequence[tuple[str, str]] | None:
    """Return heading and value of each cell of the example that produced a scenario, None if there is none."""
    row = scenario._row
    return None if row is None else list(zip(row.headings, row.cells, strict=False))


def set_parts(container: Any, parts: Sequence[Any]) -> None:
    """Make a feature or a rule consist of these parts."""
    container.run_items = list(parts)


def rewrite_captured(thing: Any, rewrite: Callable[[str], str]) -> None:
    """Change the captured output of something that ran: stdout, stderr and the log."""
    parts = list(thing.captured.captures)
    thing.captured.reset()
    for part in parts:
        texts = {name: rewrite(getattr(part, name)) for name in ("stdout", "stderr", "log")}
        add_captured(thing, Captured(**texts, name=part.name, failed=part.failed), merge=False)


def add_captured(thing: Any, captured: Any, *, merge: bool = True) -> None:
    """Add output that was captured elsewhere."""
    thing.captured.add_captured(captured, use_merge=merge)


def let_deviate(scenario: Any, message: str) -> None:
    """Mark a failed scenario as neither passed nor failed for behave, with a message for its JUnit report."""
    scenario.set_status(Status.xfailed)
    scenario.error_message = message


def let_be_error(step: Any) -> None:
    """Mark a failed step as an error for behave: its scenario could not be checked."""
    step.set_status(Status.error)


def values_of(step: Any) -> Sequence[str]:
    """Return the values of a step's placeholders: the text that fills `{name}`."""
    match = sentences().find_match(step)
    return [str(one.original) for one in match.arguments or ()] if match else []


def definition_of(step: Any) -> Callable[..., Any] | None:
    """Return the function that a step calls, None if it is undefined."""
    match = sentences().find_match(step)
    return match.func if match else None


def set_status(thing: Any, status: str) -> None:
    """Set the final status of a scenario or a step that ran in another process, by the status's name."""
    thing.set_status(Status.from_name(status))


# --- reading a feature file ------------------------------------------------------------------------


def load_steps(folder: Path) -> None:
    """Load the sentences from the files in a folder."""
    runner_util.load_step_modules([str(folder)])


def features_at(locations: Sequence[Any], language: str | None) -> list[Any]:
    """Read feature files; scenarios that these locations leave out are marked as skipped."""
    return list(runner_util.parse_features(locations, language=language))


def features_in(filename: str, language: str | None) -> list[Any]:
    """Read a whole feature file."""
    return features_at([runner_util.FileLocation(filename)], language)


def features_of(config: Any) -> list[Any]:
    """Read the feature files that a configuration names. Raises behave's ConfigError if one does not exist."""
    found = runner_util.collect_feature_locations(config.paths)
    return features_at([location for location in found if not config.exclude(location)], config.lang)


class FeatureReader(Parser):
    """behave's parser, which also notes descriptions, comments above steps, and the rows that it truncates.

    `describe` creates the note of a description: from the line's number, its text, and its owner.
    """

    def __init__(self, language: str | None, describe: Callable[[int, str, Any], Any]) -> None:
        super().__init__(language)
        self.described: list[Any] = []
        self.cut_rows: list[int] = []
        self.comments_above_steps: list[tuple[int, str]] = []
        self._describe = describe
        self._comment: tuple[int, str] | None = None

    @property
    def open_text(self) -> tuple[int, str] | None:
        """The line on which an unfinished text begins, and its end mark; None if there is none."""
        if self.state is not State.MULTILINE_TEXT:
            return None
        return self.multiline_start, str(self.multiline_terminator)

    def action(self, line: str) -> None:
        """Read a line."""
        before, steps = self._holders(), self._steps_read()
        super().action(line)
        if self._comment and steps and self._steps_read() > steps:
            self.comments_above_steps.append(self._comment)
        is_comment = line.strip().startswith("#") and self.state is not State.MULTILINE_TEXT
        self._comment = (self.line, line.strip()) if is_comment else None
        for holder, count in self._holders():
            if any(holder is one and count > n for one, n in before):
                self.described.append(self._describe(self.line, line.strip(), holder))
                break

    def action_table(self, line: str) -> Any:
        """Read a row."""
        row = line.strip()
        if row.startswith("|") and not is_whole_row(row):
            self.cut_rows.append(self.line)
            line = f"{row} |"  # behave's parser would log a line of its own
        return super().action_table(line)

    def _steps_read(self) -> int:
        """Return how many steps the scenario or background being read has."""
        return len(getattr(self.statement, "steps", ()))

    def _holders(self) -> Sequence[tuple[Any, int]]:
        return [(one, len(one.description)) for one in (self.statement, self.rule, self.feature) if one is not None]


def is_whole_row(row: str) -> bool:
    """Return whether a row of a table ends with a bar that is not part of a cell."""
    return row.startswith("|") and row.endswith("|") and len(row) > 1 and not row.endswith("\\|")


# --- what behave writes ----------------------------------------------------------------------------


def put_into_words(words_of: Callable[[Any], str], clean: Callable[[str], str]) -> None:
    """Let behave show exceptions by `words_of`, since one that cannot be shown would end the run; clean JUnit's report.

    `words_of` takes an exception or any other object, `clean` a text or an attribute of the report.
    """
    model._text = junit._text = words_of
    describe = _describe

    def described(error: BaseException, *arguments: Any, **options: Any) -> str:
        try:
            return str(describe(error, *arguments, **options))
        except Exception:  # noqa: BLE001 - a foreign object may raise anything when it is shown
            return f"{type(error).__name__}: {words_of(error)}\n"

    class CleanTree(_Tree):
        def write(self, *arguments: Any, **options: Any) -> None:
            for element in self.getroot().iter():
                element.text = element.text and clean(element.text)
                for name, value in element.attrib.items():
                    element.set(name, clean(value))
            super().write(*arguments, **options)

    runner.ExceptionUtil.describe = described
    junit.ElementTreeWithCDATA = CleanTree


_describe: Any = runner.ExceptionUtil.describe
_Tree: Any = junit.ElementTreeWithCDATA


def show_deviations(reporters: Sequence[Any]) -> None:
    """Make these reporters accept scenarios that are neither passed nor failed.

    A summary counts them separately, JUnit's report calls them skipped, with their messages.
    """
    summary.STATUS_ORDER = tuple(dict.fromkeys((*summary.STATUS_ORDER, Status.xfailed)))
    for reporter in reporters:
        if hasattr(reporter, "scenario_summary"):
            reporter.scenario_summary = Counter(reporter.scenario_summary)

    def process(reporter: Any, scenario: Any, report: Any) -> None:
        _process(reporter, scenario, report)
        if scenario.status is Status.xfailed:
            report.counts_skipped += 1
            SubElement(report.testcases[-1], "skipped", message=scenario.error_message)

    junit.JUnitReporter._process_scenario = process


_process: Any = junit.JUnitReporter._process_scenario


def replace_streams(config: Any, replace: Callable[[Any], Any]) -> None:
    """Make formatters that open a file write to the stream that `replace` returns for it."""
    for opener in getattr(config, "outputs", ()):
        opener.ensure_stream_with_encoder = lambda stream, _encoding=None: replace(stream)


def complete_progress_letters() -> None:
    """Give `behave -f progress` a letter for a failed cleanup: otherwise a KeyError would end the whole run."""
    ScenarioProgressFormatter.dot_status.setdefault(Status.cleanup_error, "C")


# --- configuration ---------------------------------------------------------------------------------


def names_no_runner(config: Any) -> bool:
    """Return whether a configuration leaves the runner to behave."""
    return bool(config.runner == configuration.DEFAULT_RUNNER_CLASS_NAME)


def configuration_by(file: Path, arguments: Sequence[str]) -> Any:
    """Read a command line on top of this file, ignoring the current folder."""
    return Configuration(list(arguments), load_config=False, **configuration.read_configuration(str(file)))


def run_by(config: Any) -> int:
    """Run behave with a configuration, and return its exit status."""
    return int(command.run_behave(config))
