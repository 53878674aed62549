"""An error in a hook is reported once, by the suite's own formatters, and behave's exit status is 1."""

import re
import subprocess
import sys

import pytest
from places import ROOT

pytestmark = pytest.mark.runs

ENVIRONMENT = """
from acceptance.trouble import Trouble
import os, signal
from acceptance.report.at_the_end import end_when_asked, told_once
from acceptance.report.run import reported

def asked(context, hook):
    wanted, _, kind = context.config.userdata.get("trouble", "").partition(":")
    if hook in wanted.split(","):
        raise {"trouble": Trouble, "error": ValueError, "assertion": AssertionError}[kind]("The cups are gone.")

class CtrlC:
    # Pressed between two features, where behave is not prepared for it.
    def feature(self, feature):
        if feature.name == "F":
            os.kill(os.getpid(), signal.SIGINT)
    def end(self): pass

@told_once
@reported
def before_all(context):
    end_when_asked(context)
    if "ctrl_c" in context.config.userdata:
        context.config.reporters.append(CtrlC())
    asked(context, "before_all")

@told_once
def before_scenario(context, scenario): asked(context, "before_scenario")

@told_once
def after_scenario(context, scenario): asked(context, "after_scenario")

@told_once
@reported
def after_all(context): asked(context, "after_all")
"""
FEATURE = "Feature: F\n  Scenario: one\n    Given it works\n  Scenario: two\n    Given it works\n"
STEPS = """
from behave import step
from acceptance.trouble import Trouble

@step('it works')
def works(context):
    if "step" in context.config.userdata.get("trouble", ""):
        raise Trouble("The cups are gone.")
"""
SUMMARY = re.compile(r"\n\n(?=[^\n]+\n  (?:failed|broken) |\d+ scenarios?: \d+ (?:passed|failed|broken))")
FORMATTER = "--format=acceptance.report.progress:ProgressLine"


@pytest.fixture
def told(tmp_path):
    """Run two scenarios with trouble in a hook; return the exit status and what was said up to the summary."""
    (tmp_path / "steps").mkdir()
    (tmp_path / "steps" / "steps.py").write_text(STEPS)
    (tmp_path / "environment.py").write_text(ENVIRONMENT)
    (tmp_path / "f.feature").write_text(FEATURE)

    def run(trouble, *arguments):
        done = subprocess.run(
            [
                *(sys.executable, "-m", "behave", FORMATTER, "-D", f"trouble={trouble}", *arguments, str(tmp_path)),
                *("-D", f"results={tmp_path / 'results'}"),
            ],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            timeout=30,
            check=False,
        )
        said = SUMMARY.split(done.stdout)[0].splitlines()[1:]
        said = [re.sub(r"\(\d+\.\d s\)$", "", line.strip()).strip() for line in said]
        return done.returncode, [re.sub(r"\(\S+\.feature:\d+\)$", "(…)", line) for line in said], done.stderr

    return run


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("before_all:trouble", ["The cups are gone.", "2 scenarios could not be checked."]),
        (
            "before_all:error",
            [
                "2 scenarios: Not run: before_all: ValueError: The cups are gone.",
                "-D trace=yes shows where that comes from.",
            ],
        ),
        (
            "before_scenario:trouble",
            ["[1/2] broken   F › one", "The cups are gone.", "1 scenario could not be checked."],
        ),
        (
            "after_scenario:trouble",
            ["[1/2] broken   F › one", "The cups are gone.", "1 scenario could not be checked."],
        ),
        (
            "step,after_scenario:trouble",
            [
                "[1/2] broken   F › one",
                "Given it works  (…)",
                "The cups are gone.",
                "1 scenario could not be checked.",
            ],
        ),
        (
            "after_scenario:error",
            [
                "[1/2] broken   F › one",
                "after_scenario: ValueError: The cups are gone.",
                "[2/2] broken   F › two",
                "as in [1/2]",
            ],
        ),
        (
            "before_scenario:assertion",
            [
                "[1/2] failed   F › one",
                "before_scenario: The cups are gone.",
                "[2/2] failed   F › two",
                "as in [1/2]",
            ],
        ),
    ],
)
def test_told_once(told, trouble, said):
    assert told(trouble) == (1, said, "")


@pytest.mark.parametrize("kind", ["trouble", "error", "assertion"])
def test_after_the_last_scenario(told, kind):
    status, said, _ = told(f"after_all:{kind}")
    assert status == 1
    assert [line for line in said if "The cups are gone." in line or "HOOK" in line or "ABORTED" in line] == [
        "ValueError: The cups are gone." if kind == "error" else said[3]
    ]


def test_untroubled_run_is_green(told):
    assert told("")[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_interrupt_between_two_features(told, tmp_path):
    (tmp_path / "g.feature").write_text(FEATURE.replace("F\n", "G\n"))
    status, said, errors = told("", "-D", "ctrl_c=yes")
    assert status == 1
    assert said[:2] == ["[1/4] passed   F › one", "[2/4] passed   F › two"]
    assert "2 scenarios: Not run: the run was interrupted." in said
    assert "Traceback" not in errors


class TestCtrlCWhereNothingCanBeRaised:
    """Python prints errors of finalizers and continues, but the interrupt must still end the run."""

    SCRIPT = """
import os, signal, sys
from types import SimpleNamespace
from acceptance.report.at_the_end import end_when_asked

runner = SimpleNamespace(aborted=False)
end_when_asked(SimpleNamespace(_runner=runner, config=SimpleNamespace(reporters=[]), feature="under way"))

class Cup:
    def __init__(self, error): self.error = error
    def __del__(self):
        if self.error: raise self.error
        os.kill(os.getpid(), signal.SIGINT)

cup = Cup({error})
del cup
print("aborted" if runner.aborted else "goes on")
"""

    def run(self, error):
        command = [sys.executable, "-c", self.SCRIPT.replace("{error}", error)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True)

    def test_is_remembered_without_a_stack_trace(self):
        done = self.run("None")
        assert (done.stdout, done.stderr) == ("aborted\n", "")

    def test_hides_no_other_trouble(self):
        done = self.run("ValueError('the cup is broken')")
        assert done.stdout == "goes on\n"
        assert "the cup is broken" in done.stderr
