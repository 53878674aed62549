"""What acceptance/behave_adapter.py relies on in behave without behave promising it. A part that changes fails by name.

Each check does with behave's own code what the adapter does with it. Nothing else of the suite may touch such parts.
"""

import ast
import inspect
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import behave
import pytest
from behave import __main__ as command
from behave import configuration, matchers, model, model_type, parser, runner, runner_util, step_registry
from behave.capture import Captured, ManyCaptured
from behave.configuration import Configuration
from behave.formatter import _registry, base, progress, steps
from behave.parser import State, parse_feature
from behave.reporter import junit, summary
from places import ROOT

from acceptance import behave_adapter

FEATURE = """\
Feature: F
  In words.

  Rule: R
    Scenario Outline: <who> comes
      Given <who> is there
        | a | b |
        | 1 | 2 |
      # a comment
      Then it works

      Examples:
        | who |
        | Ada |
        | Ben |
"""


@dataclass(frozen=True)
class Part:
    """A part of behave: where it is, what is relied on, what for, and a check that raises when that does not hold."""

    name: str
    relied_on: str
    used_for: str
    check: Callable[[], Any]

    def hold(self):
        """Raise an AssertionError that says all of it when behave has changed the part."""
        try:
            held = self.check()
        except Exception as error:  # noqa: BLE001 - whatever another version raises
            held, why = False, f" ({type(error).__name__}: {error})"
        else:
            why = ""
        assert held is not False, (
            f"behave {behave.__version__} has changed {self.name}{why}. Relied on: {self.relied_on}. "
            f"Used for: {self.used_for}, in acceptance/behave_adapter.py."
        )


def a_run():
    """A runner with its context, as behave makes them, of which nothing is run."""
    found = runner.Runner(Configuration([], load_config=False))
    found.context = runner.Context(found)
    return found


def a_scenario():
    return next(iter(parse_feature(FEATURE).walk_scenarios()))


def a_sentence(registry, text="it works"):
    registry.make_decorator("given")(text)(lambda context: None)
    return registry.steps["given"]


def parameters(called):
    return list(inspect.signature(called).parameters)


# --- one check for each part -----------------------------------------------------------------------


def decorators_add_to_the_runners_registry():
    held = inspect.getclosurevars(behave.given).nonlocals
    return held["self"] is runner.the_step_registry


def the_registry_may_become_one_of_a_subclass():
    registry = step_registry.StepRegistry()
    registry.__class__ = type("Sub", (step_registry.StepRegistry,), {})
    return a_sentence(registry) is registry.steps["given"]


def sentences_are_lists_by_their_kind():
    registry = step_registry.StepRegistry()
    (sentence,) = a_sentence(registry)
    sentence.system = "may be written"
    step = model.Step("f.feature", 1, "Given", "given", "it works")
    return (
        set(registry.steps) == {"given", "when", "then", "step"}
        and sentence.pattern == "it works"
        and registry.find_match(step).func is sentence.func
        and registry.find_step_definition(step) is sentence
        and bool(sentence.match("it works"))
        and not sentence.match("it fails")
    )


def a_sentence_is_added_at_the_end():
    registry = step_registry.StepRegistry()
    a_sentence(registry)
    return [one.pattern for one in a_sentence(registry, "it fails")] == ["it works", "it fails"]


def two_that_fit_are_ambiguous():
    registry = step_registry.StepRegistry()
    a_sentence(registry)
    with pytest.raises(step_registry.AmbiguousStep):
        registry.make_decorator("given")("it works")(two_that_fit_are_ambiguous)


def a_bad_sentence_goes_to_the_handler():
    registry, told = step_registry.StepRegistry(), []
    registry.error_handler.on_error = lambda sentence, error: told.append(sentence.pattern)
    registry.on_bad_step_definition(*a_sentence(registry), ValueError())
    del registry.error_handler.on_error
    return told == ["it works"] and callable(registry.error_handler.on_error)


def a_function_has_a_location():
    return Path(matchers.Match.make_location(a_function_has_a_location).filename).resolve() == Path(__file__).resolve()


def a_step_that_a_step_runs_has_no_file():
    (step,) = parse_feature(FEATURE).parser.parse_steps("Given it works")
    return step.filename == behave_adapter._NO_FILE


def formatters_of_steps_copy_the_registry():
    formatter = steps.StepsUsageFormatter(base.StreamOpener(), Configuration([], load_config=False))
    formatter.discover_step_definitions()
    return type(formatter.step_registry) is steps.StepRegistry and steps.registry is not None


def a_context_knows_its_runner():
    found = a_run()
    return found.context._runner.config is found.config


def a_run_counts_failures_of_hooks_and_is_aborted():
    found = a_run()
    found.aborted = True
    return found.hook_failures == 0 and found.context.aborted is True


def a_root_attribute_is_set_below_all_layers():
    context = a_run().context
    context._push("scenario")
    context._set_root_attribute("active_outline", "row")
    context._pop()
    return context.active_outline == "row"


def what_a_cleanup_raises_passes_the_context():
    context, heard = a_run().context, []
    behave_adapter.hear_cleanup_errors(context, lambda layer, of, error: heard.append((layer, of, str(error))))

    def fail():
        raise ValueError("left over")

    context._push("scenario")
    context.scenario = "the scenario"
    context.add_cleanup(fail)
    with pytest.raises(Exception):  # noqa: B017, PT011 - behave's own choice
        context._pop()
    return heard == [("scenario", "the scenario", "left over")]


def a_stack_of_layers_with_their_names():
    context = a_run().context
    context._push("scenario")
    return context._stack[0]["@layer"] == "scenario"


def formatters_are_made_by_their_names():
    config = Configuration(["--format", "null"], load_config=False)
    return [formatter.name for formatter in _registry.make_formatters(config, config.outputs)] == ["null"]


def what_stands_in_place_of_run_is_called():
    found, told = a_run(), []
    (feature,) = [parse_feature(FEATURE)]
    for scenario in feature.walk_scenarios():
        behave_adapter.run_instead(scenario, lambda of, name=scenario.name: told.append((of is found, name)) or False)
    found.features, found.step_registry = [feature], step_registry.StepRegistry()
    found.hooks = {}
    found.run_model()
    whole = [ours for ours, _ in told] == [True, True]
    behave_adapter.run_instead(feature, lambda of: told.append(of) or False)
    found.run_model()
    return whole and told[2] is found


def an_examples_row_has_headings_and_cells():
    plain = next(iter(parse_feature("Feature: F\n  Scenario: S\n    Given it\n").walk_scenarios()))
    row = a_scenario()._row
    return (list(row.headings), list(row.cells), plain._row) == (["who"], ["Ada"], None)


def a_container_consists_of_its_run_items():
    feature, scenario = parse_feature(FEATURE), a_scenario()
    feature.run_items = [scenario]
    return list(feature.walk_scenarios()) == [scenario]


def captured_texts_are_kept_one_by_one():
    held = ManyCaptured()
    for name in ("one", "two"):
        part = Captured(stdout="out", stderr="err", log="log", name=name, failed=True)
        held.add_captured(part, use_merge=False)
    told = [(part.stdout, part.stderr, part.log, part.name, part.failed) for part in held.captures]
    held.reset()
    return told == [("out", "err", "log", "one", True), ("out", "err", "log", "two", True)] and not list(held.captures)


def a_scenario_collects_what_was_captured():
    return isinstance(a_scenario().captured, ManyCaptured)


def a_status_is_set_by_its_name():
    scenario = a_scenario()
    scenario.set_status(model_type.Status.from_name("failed"))
    return scenario.status.name == "failed"


def a_feature_is_parsed_line_by_line():
    reader = behave_adapter.FeatureReader(None, lambda line, text, of: (line, text, of.type))
    reader.parse(FEATURE.replace("| 1 | 2 |", "| 1 | 2"))
    return (reader.described, reader.cut_rows, reader.comments_above_steps) == (
        [(2, "In words.", "feature")],
        [8],
        [(9, "# a comment")],
    )


def an_open_text_is_seen():
    reader = behave_adapter.FeatureReader(None, lambda *_: None)
    reader.parse('Feature: F\n  Scenario: S\n    Given it\n      """\n      text\n')
    return reader.open_text == (4, '"""') and reader.state is State.MULTILINE_TEXT


def tags_that_nothing_follows_stay():
    reader = behave_adapter.FeatureReader(None, lambda *_: None)
    reader.parse("Feature: F\n  Scenario: S\n    Given it\n\n  @late\n")
    return [(str(tag), tag.line) for tag in reader.tags] == [("late", 5)]


def exceptions_are_put_into_words_by_a_function_of_the_module():
    return callable(model._text) and callable(junit._text) and callable(runner.ExceptionUtil.describe)


def a_scenario_can_be_expected_to_fail():
    scenario = a_scenario()
    scenario.set_status(model_type.Status.xfailed)
    told = scenario.status
    return (told.name, told.has_failed(), told.is_final()) == (behave_adapter.DEVIATING, False, True)


def a_summary_counts_by_the_names_of_statuses():
    made = summary.SummaryReporter(Configuration([], load_config=False))
    behave_adapter.show_deviations([made])
    made.scenario_summary["xfailed"] += 2
    return summary.format_summary_v1("scenario", made.scenario_summary).endswith(", 2 xfailed\n")


def junit_makes_a_case_of_each_scenario():
    feature = parse_feature(FEATURE)
    (scenario, _) = feature.walk_scenarios()
    assert callable(junit.JUnitReporter._process_scenario)  # before the adapter puts its own in its place
    behave_adapter.show_deviations([])
    behave_adapter.let_deviate(scenario, "known")
    report = junit.FeatureReportData(feature, "f")
    junit.JUnitReporter(Configuration([], load_config=False))._process_scenario(scenario, report)
    (case,) = report.testcases
    skipped = case.find("skipped")
    return (report.counts_skipped, report.counts_failed, skipped.get("message")) == (1, 0, "known")


def junit_writes_a_tree():
    tree = junit.ElementTree.Element("testsuite")
    tree.text, out = "text", io.BytesIO()
    junit.ElementTreeWithCDATA(tree).write(out)
    source = inspect.getsource(junit.JUnitReporter)
    return b"text" in out.getvalue() and "ElementTreeWithCDATA(" in source


def an_opener_wraps_its_stream():
    opener = base.StreamOpener(stream=io.StringIO())
    opener.ensure_stream_with_encoder = lambda stream, _encoding=None: "ours"
    return opener.open() == "ours" or "ensure_stream_with_encoder" in inspect.getsource(base.StreamOpener.open)


def progress_has_a_letter_for_each_status():
    return isinstance(progress.ScenarioProgressFormatter.dot_status, dict)


def a_cleanup_has_a_status_of_its_own():
    return model_type.Status.cleanup_error.name == "cleanup_error"


def a_hooks_error_begins_so():
    return f"{behave_adapter.HOOK_ERROR}{{}}" in inspect.getsource(runner.ModelRunner.run_hook)


def behave_has_a_runner_by_default():
    config = Configuration([], load_config=False)
    return config.runner == configuration.DEFAULT_RUNNER_CLASS_NAME


def a_configuration_is_read_from_a_named_file():
    return "SideBySide" in behave_adapter.configuration_by(ROOT / "behave.ini", []).runner


def behave_runs_by_a_configuration():
    return parameters(command.run_behave)[0] == "config"


def steps_are_loaded_from_folders():
    return parameters(runner_util.load_step_modules) == ["step_paths"]


def features_are_read_by_their_locations():
    path = next(path for path in sorted((ROOT / "features").rglob("*.feature")))
    (whole,) = behave_adapter.features_in(str(path), None)
    every = list(whole.walk_scenarios())
    (part,) = behave_adapter.features_at([runner_util.FileLocation(str(path), every[0].line)], None)
    left_out = [scenario for scenario in part.walk_scenarios() if scenario.should_skip]
    return len(left_out) == len(every) - 1 and all(scenario.skip_reason is None for scenario in left_out)


def a_runner_loads_hooks_and_steps_by_its_own_methods():
    asked = ("setup_paths", "load_hooks", "load_step_definitions", "feature_locations", "run_model", "run_with_paths")
    return all(callable(getattr(runner.Runner, name)) for name in asked)


PARTS = [
    Part(*told)
    for told in (
        (
            "behave.runner.the_step_registry",
            "it is the registry of @given, @when, @then",
            "sentences by system",
            decorators_add_to_the_runners_registry,
        ),
        (
            "behave.step_registry.registry",
            "it may be another one than the decorators'",
            "formatters that are imported late",
            lambda: step_registry.registry,
        ),
        (
            "behave.step_registry.StepRegistry.__class__",
            "an instance may become one of a subclass",
            "sentences by system",
            the_registry_may_become_one_of_a_subclass,
        ),
        (
            "behave.step_registry.StepRegistry.steps",
            "lists of sentences by their kind, and how they are found",
            "sentences by system, suggestions",
            sentences_are_lists_by_their_kind,
        ),
        (
            "behave.step_registry.StepRegistry.add_step_definition",
            "a new sentence comes last",
            "whose sentence it is",
            a_sentence_is_added_at_the_end,
        ),
        (
            "behave.step_registry.AmbiguousStep",
            "a second sentence that fits raises it",
            "one sentence for a step",
            two_that_fit_are_ambiguous,
        ),
        (
            "behave.step_registry.StepRegistry.error_handler",
            "on_error hears of sentences that cannot be read",
            "refusing a run",
            a_bad_sentence_goes_to_the_handler,
        ),
        (
            "behave.matchers.Match.make_location",
            "the file of a function",
            "whose sentence it is",
            a_function_has_a_location,
        ),
        (
            "behave.parser.Parser.parse_steps",
            "the file of such steps is “<string>”",
            "steps that a step runs",
            a_step_that_a_step_runs_has_no_file,
        ),
        (
            "behave.formatter.steps.StepRegistry",
            "formatters make one, and fill it",
            "steps.usage by system",
            formatters_of_steps_copy_the_registry,
        ),
        (
            "behave.runner_util.load_step_modules",
            "loads the files in these folders",
            "steps/<system>/",
            steps_are_loaded_from_folders,
        ),
        (
            "behave.runner_util.parse_features",
            "reads files by locations, and marks what file:line leaves out as skipped without a reason",
            "which scenarios are selected",
            features_are_read_by_their_locations,
        ),
        (
            "behave.runner.Runner",
            "the order of a run is that of its methods",
            "acceptance/runner",
            a_runner_loads_hooks_and_steps_by_its_own_methods,
        ),
        (
            "behave.runner.Context._runner",
            "a context knows its runner",
            "features, hooks, endings",
            a_context_knows_its_runner,
        ),
        (
            "behave.runner.ModelRunner.hook_failures",
            "counts failures of hooks; `aborted` reaches the context",
            "telling trouble once",
            a_run_counts_failures_of_hooks_and_is_aborted,
        ),
        (
            "behave.runner.Context._set_root_attribute",
            "sets an attribute below all layers",
            "the row of an example at a worker",
            a_root_attribute_is_set_below_all_layers,
        ),
        (
            "behave.runner.Context._do_cleanups",
            "is called for each layer, and raises what a cleanup raises",
            "reporting cleanups",
            what_a_cleanup_raises_passes_the_context,
        ),
        (
            "behave.runner.Context._stack",
            "the innermost layer comes first, with its name",
            "reporting cleanups",
            a_stack_of_layers_with_their_names,
        ),
        (
            "behave.formatter._registry.make_formatters",
            "makes formatters of a configuration",
            "refusing a run before its formatters",
            formatters_are_made_by_their_names,
        ),
        (
            "behave.model.Scenario.run",
            "what is put in its place, or a feature's, is called with the runner",
            "the report, workers",
            what_stands_in_place_of_run_is_called,
        ),
        (
            "behave.model.Scenario._row",
            "headings and cells of an example; None for none",
            "names of examples",
            an_examples_row_has_headings_and_cells,
        ),
        (
            "behave.model.Feature.run_items",
            "what a feature or a rule consists of",
            "one scenario at a worker",
            a_container_consists_of_its_run_items,
        ),
        (
            "behave.capture.ManyCaptured",
            "captures, reset() and add_captured()",
            "masking what was captured",
            captured_texts_are_kept_one_by_one,
        ),
        (
            "behave.model.Scenario.captured",
            "collects what was captured",
            "masking what was captured",
            a_scenario_collects_what_was_captured,
        ),
        (
            "behave.model_type.Status.from_name",
            "a status of that name; set_status() takes it",
            "results of workers",
            a_status_is_set_by_its_name,
        ),
        (
            "behave.parser.Parser.action",
            "reads each line; action_table each row; statement, rule, feature and state say where",
            "what would silently not run",
            a_feature_is_parsed_line_by_line,
        ),
        (
            "behave.parser.State.MULTILINE_TEXT",
            "is the state in a text, with its beginning and its end's mark",
            "texts that never end",
            an_open_text_is_seen,
        ),
        (
            "behave.parser.Parser.tags",
            "tags that nothing follows stay",
            "tags at the end of a file",
            tags_that_nothing_follows_stay,
        ),
        (
            "behave.model._text",
            "puts exceptions into words, as those of junit and ExceptionUtil.describe do",
            "exceptions that cannot be shown",
            exceptions_are_put_into_words_by_a_function_of_the_module,
        ),
        (
            "behave.model_type.Status.xfailed",
            "is final, and no failure",
            "known deviations",
            a_scenario_can_be_expected_to_fail,
        ),
        (
            "behave.reporter.summary.STATUS_ORDER",
            "names what a summary shows, of counts by the statuses' names",
            "known deviations in behave's summary",
            a_summary_counts_by_the_names_of_statuses,
        ),
        (
            "behave.reporter.junit.JUnitReporter._process_scenario",
            "adds a case to a report for each scenario",
            "known deviations in JUnit's report",
            junit_makes_a_case_of_each_scenario,
        ),
        (
            "behave.reporter.junit.ElementTreeWithCDATA",
            "JUnit's report is written by it",
            "masking JUnit's report",
            junit_writes_a_tree,
        ),
        (
            "behave.formatter.base.StreamOpener.ensure_stream_with_encoder",
            "open() passes its stream through it",
            "masking what formatters write",
            an_opener_wraps_its_stream,
        ),
        (
            "behave.formatter.progress.ScenarioProgressFormatter.dot_status",
            "a letter by status",
            "`-f progress`",
            progress_has_a_letter_for_each_status,
        ),
        (
            "behave.model_type.Status.cleanup_error",
            "is the status after a cleanup that fails",
            "`-f progress`",
            a_cleanup_has_a_status_of_its_own,
        ),
        (
            "behave.runner.ModelRunner.run_hook",
            "its message begins with “HOOK-ERROR in ”",
            "what a hook has raised",
            a_hooks_error_begins_so,
        ),
        (
            "behave.configuration.DEFAULT_RUNNER_CLASS_NAME",
            "is the runner of a configuration that names none",
            "runs from any folder",
            behave_has_a_runner_by_default,
        ),
        (
            "behave.configuration.read_configuration",
            "reads a file by its path",
            "runs from any folder",
            a_configuration_is_read_from_a_named_file,
        ),
        ("behave.__main__.run_behave", "takes a configuration", "runs from any folder", behave_runs_by_a_configuration),
    )
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_behave_still_has(part):
    part.hold()


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (runner, "the_step_registry"),
        (runner.Context, "_set_root_attribute"),
        (runner.Context, "_do_cleanups"),
        (runner_util, "load_step_modules"),
        (step_registry.StepRegistry, "add_step_definition"),
        (matchers.Match, "make_location"),
        (_registry, "make_formatters"),
        (parser.Parser, "parse_steps"),
        (parser.Parser, "action"),
        (model, "_text"),
        (junit, "ElementTreeWithCDATA"),
        (junit.JUnitReporter, "_process_scenario"),
        (summary, "STATUS_ORDER"),
        (configuration, "DEFAULT_RUNNER_CLASS_NAME"),
        (configuration, "read_configuration"),
        (command, "run_behave"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_a_part_that_is_gone_is_missed_by_its_name(owner, name, monkeypatch):
    (part,) = [one for one in PARTS if one.name == f"{place_of(owner)}.{name}"]
    monkeypatch.delattr(owner, name)
    with pytest.raises(AssertionError) as failure:
        part.hold()
    for told in (f"behave {behave.__version__}", part.name, part.relied_on, part.used_for, "behave_adapter.py"):
        assert told in str(failure.value)


def place_of(owner):
    return owner.__name__ if inspect.ismodule(owner) else f"{owner.__module__}.{owner.__name__}"


# --- and nobody else touches them ------------------------------------------------------------------

MAY_IMPORT = (
    "acceptance/behave_adapter.py",
    "acceptance/runner/",
    "acceptance/report/",
    "acceptance/hooks.py",
    "steps/",
)
PRIVATE_MODULES = ("behave.formatter._registry", "behave.capture", "behave.__main__", "behave.runner_util")
PRIVATE_NAMES = {
    "_row", "_runner", "_stack", "_set_root_attribute", "_do_cleanups", "the_step_registry", "error_handler",
    "dot_status", "multiline_start", "ensure_stream_with_encoder",
}  # fmt: skip
FOLDERS = [ROOT / name for name in ("acceptance", "support", "steps")]
FILES = [ROOT / "environment.py", *(path for folder in FOLDERS for path in sorted(folder.rglob("*.py")))]
SOURCES = [str(path.relative_to(ROOT)) for path in FILES]


@pytest.mark.parametrize("source", SOURCES)
def test_only_the_adapter_touches_what_is_private(source):
    nodes = list(ast.walk(ast.parse((ROOT / source).read_text("utf-8"))))
    modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    modules += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    of_behave = [name for name in modules if name.split(".")[0] == "behave"]
    if not source.startswith(MAY_IMPORT):
        assert of_behave == []
    elif source != "acceptance/behave_adapter.py":
        assert [name for name in of_behave if name in PRIVATE_MODULES] == []
        names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        names |= {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert names & PRIVATE_NAMES == set()
