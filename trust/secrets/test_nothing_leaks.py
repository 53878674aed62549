"""Run features with secrets in every possible place, and search for them in every byte that is left."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
from test_masking import READABLE, STRUCTURES, TEXTS

KNOWN = "qW3-known_77zz"
FORMS = [value for value in (*STRUCTURES.values(), *TEXTS.values()) if not isinstance(value, bytes)]
FORMS.append(f"a value of the run {KNOWN}")
PLACES = (
    "assertion",
    "error",
    "stdout",
    "stderr",
    "log",
    "attachment",
    "bytes",
    "file",
    "skip",
    "before",
    "after",
    "cleanup",
)

STEPS = """\
KNOWN = "qW3-known_77zz"
import json, logging, pathlib, sys

import allure
from behave import step
from acceptance.masking import remember_secret

FORMS = json.loads(pathlib.Path("forms.json").read_text(encoding="utf-8"))

def text(number):
    form = FORMS[int(number)]
    return form if isinstance(form, str) else json.dumps(form)

def leak(place, number, context):
    remember_secret(KNOWN)
    form = text(number)
    if place == "assertion": raise AssertionError(f"Expected: an order\\n     but: {form}")
    if place == "error": raise ValueError(form)
    if place == "stdout": print("printed", form)
    if place == "stderr": print("printed", form, file=sys.stderr)
    if place == "log": logging.getLogger("cafe").debug("logged %s", form)
    if place == "attachment": allure.attach(form, "a text")
    if place == "bytes": allure.attach(form.encode(), form[:200], allure.attachment_type.TEXT)
    if place == "skip": context.scenario.skip(form)
    if place == "file":
        path = pathlib.Path(f"given-{number}.json")
        path.write_text(form, encoding="utf-8")
        allure.attach.file(path, "a file")
        path.unlink()

@step("form {number} leaks by {place}")
def by(context, number, place):
    leak(place, number, context)
    if place in ("stdout", "stderr", "log"): raise AssertionError("and then it fails")

@step("somebody says")
def says(context): assert context.text is None

@step("somebody lists")
def lists(context): assert not context.table
"""

ENVIRONMENT = """\
import pathlib, sys
from acceptance.report import integrity
from acceptance.report.run import Run, reported
sys.path.insert(0, "steps")

def asked(scenario, when, context):
    import leaks
    place, _, number = scenario.name.partition(" ")
    if place == when: leaks.leak("error", number.split()[0], context)

@reported
def before_all(context): context.config.setup_logging()

def before_scenario(context, scenario):
    asked(scenario, "before", context)
    context.add_cleanup(asked, scenario, "cleanup", context)

def after_scenario(context, scenario): asked(scenario, "after", context)

@reported
def after_all(context):
    if Run.of(context.config).tells:
        differences = integrity.check(context)
        pathlib.Path("differences.txt").write_text("\\n".join(differences), encoding="utf-8")
"""


def outline(place, rows):
    step = f"form <form> leaks by {place}" if place in PLACES[:9] else "form 0 leaks by nothing"
    rows = "".join(f"      | {number} |\n" for number in rows)
    return f"  Scenario Outline: {place} <form>\n    When {step}\n    Examples:\n      | form |\n{rows}"


def leaked(body):
    """Return the secrets that can be read in the run's files."""
    return [part for part in (*READABLE, KNOWN) if part.encode() in body]


# Each form of a secret appears in one place, and a few in every place; with workers fewer, because they take longer.
@pytest.fixture(scope="module", params=[(1,), (12, "-j", "2")], ids=["alone", "side by side"])
def left(request, tmp_path_factory):
    from small_project import Project

    each, *options = request.param
    rows = {place: range(0, len(FORMS), each if place == "error" else 12) for place in PLACES}
    project = Project(tmp_path_factory.mktemp("leaks"))
    project.write("environment.py", ENVIRONMENT)
    (project.folder / "steps" / "steps.py").unlink()
    project.write("steps/leaks.py", STEPS)
    project.write("forms.json", json.dumps(FORMS))
    secret = TEXTS["a variable"]
    for number, place in enumerate(PLACES):
        project.feature(f"Feature: By {place}\n{outline(place, rows[place])}", f"cafe/f{number}.feature")
    project.feature(
        f'Feature: In names\n  Scenario: The login {secret} is refused\n    Then somebody says\n      """\n'
        f'      {secret}\n      """\n  Scenario: A table\n    Then somebody lists\n'
        f"      | user | password |\n      | ada | {secret[-15:]} |\n"
        "  Scenario Outline: A parameter\n    Given form 0 leaks by <password>\n    Examples:\n      | password |\n"
        f"      | {secret[-15:]} |\n",
        "cafe/names.feature",
    )
    outputs = [("plain", "plain.txt"), ("json", "run.json"), ("progress3", "progress.txt"), ("pretty", "pretty.txt")]
    formats = [part for name, file in outputs for part in ("-f", name, "-o", f"left/{file}")]
    ran = project.run(
        *formats, "-f", "progress_line",
        "--junit", "--junit-directory", "left", "-D", "trace=yes", "--logging-level", "DEBUG", *options,
    )  # fmt: skip
    (project.folder / "forms.json").unlink()
    return project.folder, ran, sum(map(len, rows.values()))


def test_each_scenario_has_a_result_with_its_verdict(left):
    folder, ran, forms = left
    assert (folder / "differences.txt").read_text(encoding="utf-8") == ""
    assert len(ran.results) == forms + 3, ran.output[-2000:]
    verdicts = {result["name"]: result["status"] for result in ran.results}
    assert verdicts["assertion 0"] == verdicts["stdout 0"] == "failed"
    assert verdicts["error 0"] == verdicts["before 0"] == verdicts["after 0"] == verdicts["cleanup 0"] == "broken"


def test_no_secret_is_in_any_file(left):
    folder, _, forms = left
    files = [path for name in ("reports", "left") for path in (folder / name).rglob("*") if path.is_file()]
    assert len(files) > forms
    found = [f"{path.name}: {line[:300]}" for path in files for line in path.read_bytes().splitlines() if leaked(line)]
    assert found == []


def test_no_secret_is_on_the_console(left):
    _, ran, _ = left
    assert [line for line in ran.output.splitlines() if leaked(line.encode())] == []
    assert "•••" in ran.output


def test_what_other_programs_read_can_be_read(left):
    folder, *_ = left
    assert len(json.loads((folder / "left" / "run.json").read_text(encoding="utf-8"))) == len(PLACES) + 1
    reports = list((folder / "left").glob("TESTS-*.xml"))
    assert len(reports) == len(PLACES)  # except skipped ones, which behave leaves out
    assert all(ElementTree.parse(path).getroot().tag == "testsuite" for path in reports)  # noqa: S314 - our own
