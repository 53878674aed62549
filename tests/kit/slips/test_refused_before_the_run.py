"""What would silently not run, or cannot: refused in sentences with file and line before anything is started."""

import re

import pytest

pytestmark = pytest.mark.trust("slips")

GOOD = "  Scenario: Two\n    Given Ada has scanned the code\n    When Ada orders a Latte\n    Then Ada is not refused\n"
ONE = "features/serverlesspresso/one.feature"
WAYS = [("--dry-run",), (), ("-j2",), (f"{ONE}:6",)]


@pytest.fixture
def refused(suite):
    """Run what is to be refused, and return what was said; nothing has been started or touched by then."""

    def run(*arguments, **more):
        suite.write("results/earlier-result.json", '{"fullName": "earlier", "status": "passed"}')
        ran = suite.run(*arguments, **more)
        assert ran.status == 1, ran.output
        assert "Traceback" not in ran.output
        assert [result["fullName"] for result in ran.results] == ["earlier"], "the last report was touched"
        return ran.said

    return run


@pytest.mark.parametrize("way", WAYS, ids=["dry run", "alone", "side by side", "by line"])
def test_a_scenario_that_would_vanish_is_refused_however_it_is_run(suite, refused, way):
    suite.feature(f"Feature: F\n  Senario: One\n    When Ada orders a Latte\n{GOOD}")
    (said,) = refused(*way)
    assert said.startswith(f"{ONE}:2: “Senario: One” would be taken for a description, and not run: did you mean")


def test_a_list_of_what_failed_is_looked_at_as_well(suite, refused):
    suite.feature(f"Feature: F\n  Scenario A colon is missing\n    When Ada orders a Latte\n{GOOD}")
    suite.write("rerun.txt", f"{ONE}:5\n")
    (said,) = refused("@rerun.txt")
    assert said.startswith(f"{ONE}:2: ")
    suite.write("rerun.txt", "features/serverlesspresso/gone.feature:5\nfeatures/serverlesspresso/ones.feature\n")
    gone, near = refused("@rerun.txt")
    assert gone.startswith("There is no features/serverlesspresso/gone.feature.")
    assert near == f"There is no features/serverlesspresso/ones.feature. Did you mean {ONE}?"


def test_only_files_of_the_run_are_looked_at(suite):
    suite.feature(f"Feature: F\n{GOOD}")
    suite.feature(f"Feature: F\n  Senario: One\n{GOOD}", "serverlesspresso/other.feature")
    suite.feature("no feature at all", "retail/third.feature")
    assert suite.run("--dry-run", ONE).status == 0
    assert suite.run("--dry-run", "features/serverlesspresso").status == 1
    excluded = suite.run("--dry-run", "-e", "other|third")
    assert excluded.status == 0, excluded.output


def test_all_faults_of_all_files_are_told_at_once(suite, refused):
    suite.feature(f"Feature: F\n  Senario: One\n{GOOD}  Rule: R\n")
    suite.feature("", "retail/empty.feature")
    suite.feature(f"Feature: F\n{GOOD}".encode("utf-16"), "retail/wide.feature")
    assert [said.split(": ")[0] for said in refused("--dry-run")] == [
        "features/retail/empty.feature:1",
        "features/retail/wide.feature:1",
        f"{ONE}:2",
        f"{ONE}:7",
    ]


@pytest.mark.parametrize(
    ("scenario", "what"),
    [
        ("  Scenario: One\n    Given Ada has scanned the code\n    When Ada orders a Latte\n", "no Then of its own"),
        ("  Scenario: One\n    When Ada orders a Latte\n    And Ada is refused\n", "no Then of its own"),
        ("  Scenario: One\n", "no steps"),
        ("  Scenario: One\n    Then Ada is refused\n    When Ada orders a Latte\n", "no Then after its When"),
        (
            "  Scenario: One\n    Given Ada has scanned the code\n    Then Ada is refused\n"
            "    When Ada orders a Latte\n    And Ben orders a Latte\n",
            "no Then after its When",
        ),
        ("  Scenario Outline: One\n    When Ada orders a <a>\n    Examples:\n      | a |\n      | b |\n", "no Then"),
        (
            "  Background:\n    Then Ada is refused\n  Scenario: One\n    When Ada orders a Latte\n",
            "no Then of its own",
        ),
        ("  Rule: R\n    Scenario: One\n      * Ada orders a Latte\n", "no Then of its own"),
    ],
)
def test_a_scenario_that_checks_nothing_is_refused(suite, refused, scenario, what):
    suite.feature(f"Feature: F\n{scenario}")
    (said,) = refused("--dry-run")
    line = 1 + next(number for number, text in enumerate(scenario.splitlines(), start=1) if "One" in text)
    assert said.startswith(f"{ONE}:{line}: “")
    assert what in said


def test_a_draft_that_is_not_selected_may_have_no_then(suite):
    suite.feature(f"Feature: F\n  @draft\n  Scenario: One\n{GOOD}")
    assert suite.run("--dry-run", "--tags", "not @draft").status == 0
    assert suite.run("--dry-run").status == 1


@pytest.mark.parametrize("name", ["two.feature.txt", "two.Feature", "two.FEATURE", "two.features", "two.featur", "two"])
def test_a_feature_by_another_name_is_refused_in_a_folder_of_the_run(suite, refused, name):
    suite.feature(f"Feature: F\n{GOOD}")
    suite.feature(f"# language: en\n\nFeature: F\n{GOOD}", f"serverlesspresso/{name}")
    (said,) = refused("--dry-run")
    assert said == f"features/serverlesspresso/{name} would not be read: let its name end with “.feature”."
    assert suite.run("--dry-run", ONE).status == 0


@pytest.mark.parametrize("name", ["two.feature.bak", "two.feature~", ".two.feature.txt", "notes.md", "two.yaml"])
def test_other_files_are_let_alone(suite, name):
    suite.feature(f"Feature: F\n{GOOD}")
    text = f"Feature: F\n{GOOD}" if "feature" in name else f"# Notes\n\nA feature begins with\n\n    Feature: F\n{GOOD}"
    suite.feature(text, f"serverlesspresso/{name}")
    assert suite.run("--dry-run").status == 0


def test_a_scenario_that_is_named_twice_is_refused(suite, refused):
    suite.feature(f"Feature: F\n{GOOD}")
    suite.feature(f"Feature: G\n{GOOD}", "serverlesspresso/two.feature")
    (said,) = refused("--dry-run", ONE, "features/serverlesspresso/two.feature", f"{ONE}:3")
    assert said == f"{ONE}: Two: It was named 2 times: name it once."


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("featurs", "There is no featurs. Did you mean features?"),
        ("features/serverlespresso", "There is no features/serverlespresso. Did you mean features/serverlesspresso?"),
        ("features/serverlesspresso/on.feature:2", f"There is no {ONE.replace('one', 'on')}. Did you mean {ONE}?"),
        ("features/one.feature", f"There is no features/one.feature. Did you mean {ONE}?"),
        ("features/serverlesspresso/not_exercised.yaml", "is no feature file"),
        ("/nowhere/at/all.feature", "There is no /nowhere/at/all.feature."),
        ("@nolist.txt", "There is no nolist.txt."),
        (f"{ONE}:99", f"{ONE}:99: There is no such line: the file has 6."),
    ],
)
def test_a_misspelt_path_is_told_with_the_nearest_one(suite, refused, path, said):
    suite.feature(f"Feature: F\n{GOOD}")
    (sentence,) = refused("--dry-run", path)
    assert said in sentence


def test_a_file_that_cannot_be_read_is_told(suite, refused):
    suite.feature(f"Feature: F\n{GOOD}")
    (suite.folder / "features" / "serverlesspresso" / "lost.feature").symlink_to("nowhere")
    (said,) = refused("--dry-run")
    assert said == "features/serverlesspresso/lost.feature cannot be read: No such file or directory."


FOLDER = "steps/serverlesspresso/"
CODE = {
    "syntax": (
        "def broken(:\n    pass\n",
        r"steps/serverlesspresso/mine\.py:1: This keeps the steps from being loaded: SyntaxError",
    ),
    "import": (
        "\nfrom support.serverlesspresso.matchers import no_such\n",
        r"steps/serverlesspresso/mine\.py:2: .*ImportError: cannot import name",
    ),
    "package": (
        "import hamcrst\n",
        r"steps/serverlesspresso/mine\.py:1: .*ModuleNotFoundError: No module named 'hamcrst'",
    ),
    "name": ("x = 1\ny = z\n", r"steps/serverlesspresso/mine\.py:2: .*NameError: name 'z' is not defined"),
    "type": (
        "from behave import then\n\n@then('it takes {x:Tme}')\ndef step(context, x): pass\n",
        r"steps/serverlesspresso/mine\.py:[34]: .*“?it takes \{x:Tme\}|steps/serverlesspresso/mine\.py:[34]: .*Tme",
    ),
    "ambiguous": (
        "from behave import when\n\n@when('{customer:Name} orders a {drink:Name}')\ndef step(*_): pass\n",
        rf"{FOLDER}mine\.py:3: There is such a sentence already: .*{FOLDER}customers\.py:\d+",
    ),
}


@pytest.mark.parametrize("way", [("--dry-run",), ("-j2",)], ids=["dry run", "side by side"])
@pytest.mark.parametrize("slip", CODE)
def test_steps_that_cannot_be_loaded_are_told_in_a_sentence(suite, refused, slip, way):
    code, said = CODE[slip]
    suite.own_steps()
    suite.write(f"{FOLDER}mine.py", code)
    suite.feature(f"Feature: F\n{GOOD}")
    (sentence,) = refused(*way)
    assert re.match(said, sentence), sentence


def test_an_environment_that_cannot_be_loaded_is_told_in_a_sentence(suite, refused):
    text = suite.own("environment.py").name
    suite.write(text, (suite.root / text).read_text(encoding="utf-8") + "\nimport no_such_package\n")
    suite.feature(f"Feature: F\n{GOOD}")
    (sentence,) = refused("--dry-run")
    assert re.match(r"environment\.py:\d+: This keeps environment.py from being loaded: ModuleNotFound", sentence)


def test_a_step_that_fits_two_sentences_is_refused(suite, refused):
    suite.own_steps()
    suite.write(f"{FOLDER}mine.py", "from behave import when\n\n@when('Ada orders {x}')\ndef step(context, x): pass\n")
    suite.feature(f"Feature: F\n{GOOD}")
    (sentence,) = refused("--dry-run")
    assert re.match(
        rf"{ONE}:4: “When Ada orders a Latte” fits several sentences, .*\(steps/serverlesspresso/customers\.py:\d+\)"
        r" and .*\(steps/serverlesspresso/mine\.py:[34]\): change one of them\.",
        sentence,
    )
