"""The suite is the same from whichever folder behave is started: its runner, its checks and its report."""

import pytest

pytestmark = pytest.mark.trust("slips")

FEATURE = "Feature: F\n  Scenario: One\n    When Mo looks at the menu\n    Then these drinks are on it\n"


@pytest.fixture
def elsewhere(tmp_path_factory):
    return tmp_path_factory.mktemp("elsewhere")


@pytest.mark.parametrize("way", [(), ("--dry-run",), ("-j2",)], ids=["alone", "dry run", "side by side"])
def test_what_would_vanish_is_refused_from_another_folder(suite, elsewhere, way):
    suite.feature(f"{FEATURE}  Rule: R\n")
    path = str(suite.folder / "features" / "serverlesspresso" / "one.feature")
    ran = suite.run(path, *way, cwd=elsewhere)
    assert ran.status == 1
    assert ran.said == [f"{path}:5: No scenario shows the rule “R”: write one, or remove the rule."]


@pytest.mark.cloud
@pytest.mark.parametrize("way", [(), ("-j2",)], ids=["alone", "side by side"])
def test_a_run_from_another_folder_is_checked_and_reported(suite, elsewhere, way):
    """The results go where they go when it is started at home; nothing is left in the other folder."""
    suite.feature(FEATURE)
    (suite.folder / "reports").unlink()
    ran = suite.run(suite.folder / "features", *way, "-D", "results=", cwd=elsewhere)
    assert ran.status == 1, ran.output
    assert "[1/1] broken   F › One" in ran.output
    assert "1 scenario: 1 broken" in ran.output
    assert "Report:" not in ran.output
    assert len(list((suite.folder / "reports" / "allure-results").glob("*-result.json"))) == 1, ran.output
    assert list(elsewhere.iterdir()) == []


def test_a_folder_with_a_configuration_of_its_own_changes_nothing(suite, elsewhere):
    suite.feature(f"{FEATURE}  Rule: R\n")
    (elsewhere / "behave.ini").write_text("[behave]\nformat = pretty\n")
    ran = suite.run(suite.folder / "features", "--dry-run", cwd=elsewhere)
    assert (ran.status, len(ran.said)) == (1, 1), ran.output


def test_the_features_folder_itself_is_another_folder(suite):
    suite.feature(FEATURE)
    ran = suite.run("--dry-run", cwd=suite.folder / "features")
    assert ran.status == 0, ran.output
    assert "[1/1] untested F › One" in ran.output


def test_a_runner_that_is_named_on_purpose_is_used(suite):
    suite.feature(f"{FEATURE}  Rule: R\n")
    ran = suite.run("--dry-run", "--runner", "behave.runner:Runner")
    assert ran.status == 0, ran.output
