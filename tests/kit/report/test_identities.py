"""Every scenario of a run has its own key, whatever the names of others."""

import pytest

SAME = "Feature: F\n  Rule: R\n" + "".join(
    f"    Scenario: {name}\n      Then it works\n" for name in ("same", "same", "same [2]", "same")
)


@pytest.mark.parametrize("jobs", [(), ("-j2",)], ids=["alone", "side by side"])
def test_a_name_that_looks_like_a_second_one_stays_apart(project, jobs):
    project.feature(SAME)
    ran = project.run(*jobs)
    assert ran.status == 0, ran.output
    assert sorted(ran.verdicts()) == ["same", "same [2]", "same [3]", "same [4]"]
    assert len({result["historyId"] for result in ran.results}) == 4
    assert "4 scenarios: 4 passed" in ran.output


def test_a_rule_and_a_scenario_that_read_like_another_pair_stay_apart(project):
    project.feature(
        "Feature: F\n  Rule: A\n    Scenario: B: C\n      Then it works\n"
        "  Rule: A: B\n    Scenario: C\n      Then it works\n"
    )
    ran = project.run()
    assert ran.status == 0, ran.output
    assert len({result["fullName"] for result in ran.results}) == 2


def test_two_files_of_one_name_outside_the_project_stay_apart(project, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    project.feature("Feature: F\n  Scenario: one\n    Then it works\n", "first.feature")
    paths = ["features/first.feature"]
    for folder in ("a", "b"):
        (elsewhere / folder).mkdir()
        (elsewhere / folder / "same.feature").write_text("Feature: G\n  Scenario: two\n    Then it works\n")
        paths.append(str(elsewhere / folder / "same.feature"))
    ran = project.run(*paths)
    assert ran.status == 0, ran.output
    assert len({result["historyId"] for result in ran.results}) == 3
    assert "3 scenarios: 3 passed" in ran.output
