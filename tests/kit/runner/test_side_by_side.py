"""Workers that play side by side: the report, the console and behave's other formatters tell the same as without."""

import json
import re

import pytest

pytestmark = pytest.mark.trust("workers")

MANY = "Feature: {name}\n" + "".join(f"  Scenario: {n}\n    Given it works\n" for n in "abcdef")
LAST = "Feature: F\n  Scenario: one\n    Given it works\n  @{tag}\n  Scenario: two\n    Given it works\n"


def order(output):
    """Return the order in which scenarios ended, from the console."""
    return re.findall(r"^\[ *\d+/\d+\] passed +(.*)  \(", output, re.MULTILINE)


def in_json(ran, project):
    """Return the output of behave's JSON formatter, without times."""
    features = json.loads((project.folder / "out.json").read_text(encoding="utf-8"))
    assert ran.status == 1
    told = []
    for feature in features:
        for element in feature["elements"]:
            steps = [(step["name"], step.get("result", {}).get("status")) for step in element.get("steps", [])]
            told.append((feature["name"], element["type"], element["name"], element.get("status"), steps))
    return told


@pytest.fixture(scope="module")
def both(shared_project, second_project, everything):
    """Everything that can go wrong, reported by one process and by three workers."""
    ran = []
    for project, jobs in ((shared_project, 1), (second_project, 3)):
        project.feature(everything)
        project.feature(MANY.format(name="Many"), "cafe/many.feature")
        arguments = ("-f", "json", "-o", "out.json", "-f", "progress_line", "--junit")
        ran.append((project, project.run("-j", str(jobs), *arguments)))
    return ran


def test_every_verdict_and_every_message_is_the_same(both):
    (_, one), (_, several) = both
    assert one.differences == several.differences == []
    assert one.verdicts() == several.verdicts()
    assert len(one.results) == len(several.results) > 25
    for name in one.verdicts():
        assert several.message(name) == one.message(name)
        assert [(s["name"], s["status"]) for s in several.result(name)["steps"]] == [
            (s["name"], s["status"]) for s in one.result(name)["steps"]
        ]


def test_the_exit_status_and_the_sums_are_the_same(both):
    (_, one), (_, several) = both
    assert one.status == several.status == 1
    sums = [re.search(r"^\d+ scenarios: .*(?=  \()", ran.output, re.MULTILINE).group(0) for ran in (one, several)]
    assert sums[0] == sums[1]


def test_behaves_own_formatters_and_reporters_tell_the_same(both):
    (project, one), (other, several) = both
    assert in_json(one, project) == in_json(several, other)
    reports = [sorted(path.name for path in (p.folder / "reports").glob("TESTS-*.xml")) for p in (project, other)]
    assert reports[0] == reports[1] != []


def test_the_console_explains_the_same(both):
    (_, one), (_, several) = both
    explained = [set(re.findall(r"^ {11}(?!as in )[^ ^].*$", ran.output, re.MULTILINE)) for ran in (one, several)]
    assert explained[0] == explained[1]
    assert len(explained[0]) > 10
    assert several.output.count("the house is not in order") < one.output.count("the house is not in order")


def test_scenarios_really_go_side_by_side(project):
    meet = (
        "import pathlib, time\nfrom behave import step\n\n"
        "@step('both are here')\ndef both(context):\n"
        "    pathlib.Path(context.scenario.name).touch()\n"
        "    end = time.monotonic() + 20\n"
        "    while not (pathlib.Path('one').exists() and pathlib.Path('two').exists()):\n"
        "        assert time.monotonic() < end, 'nobody came'\n        time.sleep(0.01)\n"
    )
    project.write("steps/meet.py", meet)
    for name in ("one", "two"):
        project.feature(f"Feature: F {name}\n  Scenario: {name}\n    Given both are here\n", f"{name}.feature")
    ran = project.run("-j", "2")
    assert ran.status == 0, ran.output


def test_one_seed_is_one_order_and_it_is_told(project):
    for name in ("F", "G"):
        project.feature(MANY.format(name=name), f"{name}.feature")
    told = project.run("-D", "shuffle=yes").output
    (seed,) = set(re.findall(r"Shuffled by the seed (\d+); the same order again: -D shuffle=\1$", told, re.MULTILINE))
    again = project.run("-D", f"shuffle={seed}").output
    as_written = project.run().output
    assert order(told) == order(again)
    assert sorted(order(told)) == sorted(order(as_written))
    assert len(order(told)) == 12
    assert order(project.run("-D", "shuffle=1").output) != order(project.run("-D", "shuffle=2").output)


def test_stopping_at_the_first_failure_starts_nothing_more(project):
    steps = "".join(f"  Scenario: {n}\n    Given it works\n" for n in "abcdefgh")
    project.feature(f"Feature: F\n  Scenario: one\n    Then a promise is broken\n{steps}")
    ran = project.run("-j", "2", "--stop")
    assert ran.status == 1
    assert ran.verdict("one") == "failed"
    assert set(ran.verdicts().values()) >= {"failed", "skipped"}
    assert ran.message("h") == "Not run: the run stops at the first failure (--stop)."
    assert ran.differences == []


def test_only_what_is_selected_is_played(project):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n  @no\n  Scenario: two\n    Given it works\n")
    assert project.run("-j", "2", "--tags=not @no").verdicts() == {"one": "passed"}
    assert project.run("-j", "2", "--name=two").verdicts() == {"two": "passed"}
    assert project.run("-j", "2", "features/cafe/ordering.feature:2").verdicts() == {"one": "passed"}


def test_a_dry_run_needs_no_workers(project):
    project.feature(MANY.format(name="F"))
    ran = project.run("-j", "2", "--dry-run")
    assert ran.status == 0
    assert ran.results == []
    assert "[6/6] untested F › f" in ran.output


def test_trouble_before_all_breaks_every_scenario_and_is_told_once(project):
    project.feature(MANY.format(name="F"))
    ran = project.run("-j", "2", "-D", "before_all=raise")
    assert ran.status == 1
    assert set(ran.verdicts().values()) == {"broken"}
    assert {ran.message(name) for name in "abcdef"} == {"Not run: before_all: ValueError: no such house"}
    assert "6 scenarios: Not run: before_all: ValueError: no such house" in ran.output
    assert ran.differences == []


def test_trouble_after_all_of_a_worker_fails_the_run_and_is_in_the_report(project):
    project.feature(MANY.format(name="F"))
    ran = project.run("-j", "2", "-D", "after_all_of_a_worker=assert")
    assert ran.status == 1
    assert ran.verdicts()["after_all"] == "failed"
    assert "the house is not in order" in ran.output


@pytest.mark.parametrize("tag", ["before.interrupt", "before_step.interrupt", "after.interrupt"])
def test_an_interrupt_at_one_worker_ends_the_run(project, tag):
    project.feature(LAST.format(tag=tag))
    ran = project.run("-j", "1", "-D", "shuffle=1")
    assert ran.status == 1
    assert ran.verdict("two") == "broken"
    assert "Traceback" not in ran.output


def test_what_kills_behave_in_a_worker_is_told_and_the_others_go_on(project):
    text = "Feature: F\n  Scenario: leaving\n    When the process wants to leave\n"
    project.feature(text + "".join(f"  Scenario: {n}\n    Given it works\n" for n in "abcd"))
    ran = project.run("-j", "2")
    assert ran.status == 1
    assert ran.verdicts() == {"leaving": "broken", **dict.fromkeys("abcd", "passed")}
    assert ran.differences == []


def test_a_worker_that_dies_breaks_its_scenario_only(project):
    project.write(
        "steps/dying.py",
        "import os, signal\nfrom behave import step\n\n"
        "@step('the worker is killed')\ndef killed(context): os.kill(os.getpid(), signal.SIGKILL)\n",
    )
    text = "Feature: F\n  Scenario: dying\n    When the worker is killed\n"
    project.feature(text + "".join(f"  Scenario: {n}\n    Given it works\n" for n in "abcd"))
    ran = project.run("-j", "2")
    assert ran.status == 1
    assert ran.verdicts() == {"dying": "broken", **dict.fromkeys("abcd", "passed")}
    assert re.fullmatch(
        r"Worker \d has died \(SIGKILL\). It was running this scenario, which could not be checked. Run again.",
        ran.message("dying"),
    )
    assert "has died (SIGKILL)" in ran.output
    assert ran.differences == []


def test_when_every_worker_has_died_the_rest_is_broken(project):
    project.write(
        "steps/dying.py",
        "import os, signal\nfrom behave import step\n\n"
        "@step('the worker is killed')\ndef killed(context): os.kill(os.getpid(), signal.SIGKILL)\n",
    )
    project.feature("Feature: F\n" + "".join(f"  Scenario: {n}\n    When the worker is killed\n" for n in "abcd"))
    ran = project.run("-j", "2")
    assert ran.status == 1
    assert ran.verdicts() == dict.fromkeys("abcd", "broken")
    assert ran.differences == []


def test_a_scenario_that_vanishes_at_a_worker_fails_the_run(project):
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    gone = (
        "def before_feature(context, feature):\n"
        "    feature.run_items[:] = [s for s in feature.run_items if s.name != 'b']\n"
    )
    project.write("environment.py", environment.replace("def before_feature(context, feature):\n", gone))
    project.feature(MANY.format(name="F"))
    ran = project.run("-j", "2")
    assert ran.status == 1
    assert ran.verdict("b") == "broken"


def test_an_environment_that_does_not_hand_over_still_plays_everything(project):
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    project.write("environment.py", environment.replace("@reported\n", ""))
    project.feature(MANY.format(name="F"))
    ran = project.run("-j", "2")
    assert ran.status == 0, ran.output
    assert ran.verdicts() == dict.fromkeys("abcdef", "passed")
