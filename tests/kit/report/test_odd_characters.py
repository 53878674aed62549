"""Lone surrogates, control characters and unwritable text end no run, lose no result and break no file."""

import json
import os
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from places import ROOT

from acceptance.report.cleaning import CleanStream
from acceptance.visible import cut, visible, visible_on_terminal

pytestmark = [pytest.mark.runs, pytest.mark.trust("results")]

HALF = "\ud83d"
STEPS = r"""
import json, logging, pathlib, sys

import allure
from behave import step

HALF = "a half emoji: \ud83d!"
ODD = "esc \x1b[31mred\x1b[0m \x1b]0;title\x07 nul \x00 bell \x07 back \x08 csi \x9b turn \u202e \u200f none \uffff"

@step("it works")
def works(context): pass

@step("the message is {kind}")
def message(context, kind):
    raise AssertionError({"half": HALF, "odd": ODD}[kind])

@step("the error is {kind}")
def error(context, kind):
    print(HALF, ODD); print(HALF, ODD, file=sys.stderr); logging.getLogger().warning(HALF + ODD)
    raise ValueError({"half": HALF, "odd": ODD}[kind])

@step("it is skipped")
def skipped(context): context.scenario.skip(HALF + ODD)

@step("{what} is attached")
def attach(context, what):
    deep = {}
    for _ in range(100_000): deep = {"a": deep}
    loop = []
    loop.append(loop)
    allure.attach({"a half": HALF, "odd": ODD, "a number": 7, "nothing": None, "an object": object(), "a loop": loop,
                   "bytes": b"\xff\xfe\x00\xd8", "a long text": "x" * 3_000_000}[what], HALF)

@step("a step of a step is {kind}")
def nested(context, kind):
    with allure.step({"half": HALF, "odd": ODD}[kind]): pass

@step("steps lie within steps")
def deep(context):
    def down(n):
        with allure.step(f"{n}"):
            if n: down(n - 1)
            else: assert False, "at the bottom"
    down(400)

@step("a parameter is odd")
def parameter(context):
    allure.dynamic.parameter("a half " + HALF, HALF)
    allure.dynamic.parameter("an object", object())
    allure.dynamic.description(HALF)
    allure.dynamic.link("https://x/" + HALF, name=HALF)

@step("the log is that of a loop")
def loops(context):
    raise AssertionError("x" * 1_000_000)
"""
VERDICTS = {
    "the message is half": "failed", "the message is odd": "failed", "the error is half": "broken",
    "the error is odd": "broken", "it is skipped": "skipped", "a half is attached": "passed",
    "odd is attached": "passed", "a number is attached": "passed", "nothing is attached": "passed",
    "an object is attached": "passed", "a loop is attached": "passed", "bytes is attached": "passed",
    "a long text is attached": "passed", "a step of a step is half": "passed", "a step of a step is odd": "passed",
    "steps lie within steps": "failed", "a parameter is odd": "passed", "the log is that of a loop": "failed",
}  # fmt: skip
FORBIDDEN = {"Cc", "Cs", "Cn"}


def strange(text, allowed="\n\t"):
    """List the characters that a terminal obeys, and those that are none."""
    turns = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return {sign for sign in text if sign not in allowed and (unicodedata.category(sign) in FORBIDDEN or sign in turns)}


@pytest.fixture(scope="module", params=[(), ("-j", "2")], ids=["alone", "side by side"])
def odd(request, tmp_path_factory):
    """What a run has left in which every scenario has something that cannot be written as it is."""
    from small_project import Project

    project = Project(tmp_path_factory.mktemp("odd"))
    project.write("steps/steps.py", STEPS)
    scenarios = "".join(f"  Scenario: {step}\n    Then {step}\n" for step in VERDICTS)
    turned = "  Scenario: a name \u202e that turns \x1b[31m\n    Given it works\n"
    project.feature(f"Feature: Odd\n{scenarios}{turned}")
    return project.run(
        "-f", "plain", "-o", "left/plain.txt", "-f", "json", "-o", "left/run.json", "-f", "progress_line",
        "--junit", "--junit-directory", "left", "-D", "trace=yes", *request.param,
    )  # fmt: skip


def test_each_scenario_has_its_verdict(odd):
    verdicts = odd.verdicts()
    assert {name: verdicts[name] for name in VERDICTS} == VERDICTS
    assert len(verdicts) == len(VERDICTS) + 1
    assert odd.differences == []
    assert 'Traceback (most recent call last):\n  File "<frozen' not in odd.output


def test_console_shows_no_control_characters(odd):
    assert strange(odd.output) == set()
    assert "red" in odd.output
    assert "\ufffd" in odd.output


def test_files_hold_only_characters(odd):
    files = [
        path for path in odd.folder.rglob("*") if path.is_file() and path.parent.name in ("allure-results", "left")
    ]
    assert {path.suffix for path in files} >= {".json", ".xml", ".txt"}
    for path in files:
        if "attachment" in path.name and path.read_bytes().startswith(b"\xff\xfe"):
            continue
        assert strange(path.read_text(encoding="utf-8")) == set(), path


def test_reports_of_others_are_well_formed(odd):
    [report] = (odd.folder / "left").glob("TESTS-*.xml")
    cases = ElementTree.parse(report).getroot().findall("testcase")  # noqa: S314 - our own
    assert len(cases) == len(VERDICTS)  # one was skipped
    assert json.loads((odd.folder / "left" / "run.json").read_text(encoding="utf-8"))


def test_half_a_character_is_replaced_and_the_rest_stays(odd):
    assert odd.message("the message is half") == "a half emoji: \ufffd!"


def test_long_text_is_cut_and_says_so(odd):
    sizes = [path.stat().st_size for path in (odd.folder / "reports" / "allure-results").iterdir()]
    assert max(sizes) < 600_000
    assert "more characters left out)" in odd.message("the log is that of a loop")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
@pytest.mark.parametrize("formatter", ["progress_line", "plain", "pretty", "progress3"])
def test_console_of_any_encoding_ends_no_run(project, encoding, formatter):
    project.write("steps/steps.py", STEPS)
    project.feature("Feature: Caf\u00e9 \u203a \U0001f600\n  Scenario: \u4f60\u597d\n    Given the error is half\n")
    ran = project.run("-f", formatter, PYTHONIOENCODING=encoding)
    assert ran.verdicts() == {"\u4f60\u597d": "broken"}
    assert ran.differences == []


def test_name_of_a_file_that_is_no_text_ends_no_run(project):
    project.write("steps/steps.py", STEPS)
    project.feature("Feature: F\n  Scenario: one\n    Then the message is half\n")
    (project.folder / "features" / "cafe").rename(project.folder / "features" / os.fsdecode(b"caf\xe9"))
    ran = project.run("--junit", "--junit-directory", "left")
    assert ran.verdicts() == {"one": "failed"}
    assert ran.differences == []


HOSTILE_STEPS = """
from behave import step

def no_words(self): raise RuntimeError("no words \\ud83d")

@step("it works")
def works(context): pass

@step("{base} {words} is raised")
def raised(context, base, words):
    base = {"AssertionError": AssertionError, "ValueError": ValueError}[base]
    hostile = type("Hostile", (base,), {"__module__": "x", "__str__": no_words})
    raise hostile("words") if words == "with-words" else hostile()

@step("a cleanup goes wrong")
def cleanup(context): context.add_cleanup(raised, context, "ValueError", "with-words")
"""


@pytest.mark.parametrize("options", [(), ("-j", "2")], ids=["alone", "side by side"])
def test_exception_that_cannot_be_shown_ends_no_run(project, options):
    project.write("steps/steps.py", HOSTILE_STEPS)
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    hostile = 'raise type("Hostile", (ValueError,), {"__module__": "x", "__str__": lambda self: 1 / 0})(1)'
    project.write("environment.py", environment.replace('raise ValueError("no such house")', hostile))
    project.feature("""\
        Feature: F
          Scenario: a promise
            Then AssertionError with-words is raised
          Scenario: a promise without words
            Then AssertionError without is raised
          Scenario: an error
            Given ValueError with-words is raised
          Scenario: a cleanup
            Given a cleanup goes wrong
          @before.raise
          Scenario: before
            Given it works
          @after.raise
          Scenario: after
            Given it works
          @bad_tag
          Scenario: a tag
            Given it works
          Scenario: the last one
            Given it works
        """)
    ran = project.run("-f", "progress_line", "--junit", "--junit-directory", "left", *options)
    verdicts = {
        **dict.fromkeys(("an error", "a cleanup", "before", "after", "a tag"), "broken"),
        "the last one": "passed",
    }
    assert ran.verdicts() == {**verdicts, "a promise": "failed", "a promise without words": "failed"}
    assert ran.differences == []
    assert "Hostile that cannot be shown" in ran.message("before")
    [report] = (ran.folder / "left").glob("TESTS-*.xml")
    assert len(ElementTree.parse(report).getroot().findall("testcase")) == 8  # noqa: S314 - our own


def test_result_that_cannot_be_written_keeps_its_verdict_and_says_so():
    from allure_commons.model2 import StatusDetails, TestResult

    from acceptance.report.result_text import result_text

    class Hostile:
        def __str__(self):
            raise RuntimeError("no words")

    result = TestResult(uuid="1", name="one", fullName="f: one", status="failed", start=1, stop=2)
    result.statusDetails = StatusDetails(message=f"there is none {HALF}")
    for value in (Hostile(), float("nan"), 10**5000, {Hostile(): 1}):
        result.description = value
        told = json.loads(result_text(result))
        assert (told["status"], told["fullName"]) == ("failed", "f: one")
        assert "there is none \ufffd" in told["statusDetails"]["message"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\r\nb\n\tc", "a\nb\n\tc"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("a\x00b\x7f", "a␀b␡"),
        ("a\rb", "a␍b"),
        ("\x9b31m", "<U+009B>31m"),
        ("user\u202egpj.exe", "user<U+202E>gpj.exe"),
        (HALF, "\ufffd"),
        ("\U0001f600 é 你", "\U0001f600 é 你"),
        ("\ufffe", "\ufffd"),
    ],
)
def test_what_terminals_obey_is_shown(text, shown):
    assert visible(text) == shown


def test_what_formatters_write_on_purpose_stays():
    assert (
        visible_on_terminal("\r\x1b[2K\x1b[32mok\x1b[0m\x1b[3A\x1b]0;t\x07")
        == "\r\x1b[2K\x1b[32mok\x1b[0m\x1b[3A␛]0;t␇"
    )


def test_cut_text_says_how_much_is_left_out():
    assert cut("abcdef", 4) == "abcd\n… (2 more characters left out)"
    assert cut("abcd", 4) == "abcd"


class TestStream:
    @pytest.fixture
    def stream(self):
        class Kept:
            def __init__(self):
                self.text = ""

            def write(self, text):
                self.text += text

            def flush(self):
                pass

        return CleanStream(Kept(), lambda _name, _error: None)

    def test_line_is_looked_at_as_a_whole_in_whatever_pieces_it_comes(self, stream):
        for piece in ("pass", "word", ":", " ", "hun", "ter2", "\n", "x\n"):
            stream.write(piece)
        assert stream.text == "password: •••\nx\n"

    def test_question_is_shown_before_its_answer(self, stream):
        stream.write("password: ")
        stream.flush()
        assert stream.text == "password: "
        stream.write("hunter2\n")
        assert stream.text == "password: •••\n"

    def test_table_is_looked_at_with_its_headings(self, stream):
        for line in ("| user | password |", "| ada | hunter2 |", "| ben | hunter3 |", "bye"):
            stream.write(f"{line}\n")
        assert stream.text == "| user | password |\n| ada | ••• |\n| ben | ••• |\nbye\n"

    def test_error_of_writing_is_told_once_and_ends_nothing(self):
        class Full:
            name = "left.txt"

            def write(self, _text):
                raise OSError(28, "No space left on device")

            flush = close = lambda self: None

        told = []
        stream = CleanStream(Full(), lambda name, error: told.append((name, error.strerror)))
        stream.write("a\n")
        stream.write("b\n")
        stream.close()
        assert told == [("left.txt", "No space left on device")]


def test_output_of_a_formatter_that_cannot_be_written_is_told_and_ends_no_run(project):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("only Linux has a disk that is always full")
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")
    ran = project.run("-f", "plain", "-o", str(full), "-f", "progress_line")
    assert ran.status == 1
    assert ran.verdict("one") == "passed"
    assert "No space left on device" in "\n".join(ran.differences)


def test_uncaught_error_is_clean_as_well(project):
    code = (
        "from types import SimpleNamespace as N\nfrom acceptance.report.cleaning import clean_outputs\n"
        "clean_outputs(N(outputs=[], reporters=[]), print)\nraise ValueError('password=hunter2 \\ud83d')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project.folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "ValueError: password=•••" in done.stderr
    assert "hunter2 " not in done.stderr.replace("raise ValueError('password=hunter2", "")
