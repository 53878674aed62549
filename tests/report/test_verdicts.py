"""Every verdict of a scenario, from one run that holds them all."""

import pytest

EVERYTHING = """\
Feature: Ordering

  Scenario: all is well
    Given it works

  Scenario: a promise
    Given it works
    Then a promise is broken
    And it works

  Scenario: a bare assertion
    Then a bare assertion fails

  Scenario: an error
    Then something else goes wrong

  Scenario: an unwritten step
    Then nobody knows what this means

  Scenario: a pending step
    Then it is still to be done

  @called_off
  Scenario: called off by a hook
    Then it works

  Scenario: called off by a step
    Given it works
    When it is called off because the shop is shut
    Then it works

  @before.raise
  Scenario: before raises
    Then it works

  @before.assert
  Scenario: before asserts
    Then it works

  @after.raise
  Scenario: after raises
    Then it works

  @after.assert
  Scenario: after asserts
    Then it works

  @after.raise
  Scenario: a promise, and after raises
    Then a promise is broken

  @bad_tag
  Scenario: a tag hook raises
    Then it works

  @cleanup.raise
  Scenario: a cleanup raises
    Then it works

  @cleanup.assert
  Scenario: a cleanup asserts
    Then it works

  Rule: A rule
    @after.raise
    Scenario: after raises in a rule
      Then it works
"""


@pytest.fixture(scope="module")
def ran(shared_project):
    shared_project.feature(EVERYTHING)
    return shared_project.run()


@pytest.mark.parametrize(
    ("name", "verdict", "message"),
    [
        ("all is well", "passed", ""),
        ("a promise", "failed", "Expected: an order\n     but: there is none"),
        ("a bare assertion", "failed", "This does not hold: def bare(context): assert 1 == 2"),
        ("an error", "broken", "KeyError: 'order'"),
        (
            "an unwritten step",
            "broken",
            "Nobody has written this step yet: Then nobody knows what this means",
        ),
        ("a pending step", "broken", "This step is still to be done: Then it is still to be done"),
        ("called off by a hook", "skipped", "there is no Kafka here"),
        ("called off by a step", "skipped", "the shop is shut"),
        ("before raises", "broken", "before_scenario: ValueError: no such house"),
        ("before asserts", "failed", "before_scenario: the house is not in order"),
        ("after raises", "broken", "after_scenario: ValueError: no such house"),
        ("after asserts", "failed", "after_scenario: the house is not in order"),
        (
            "a promise, and after raises",
            "failed",
            "Expected: an order\n     but: there is none\nafter_scenario: ValueError: no such house",
        ),
        ("a tag hook raises", "broken", "before_tag(tag=bad_tag): ValueError: no such house"),
        ("a cleanup raises", "broken", "Tidying up afterwards: ValueError: no such house"),
        ("a cleanup asserts", "failed", "Tidying up afterwards: the house is not in order"),
        ("after raises in a rule", "broken", "after_scenario: ValueError: no such house"),
    ],
)
def test_a_scenario_is_reported_as_it_ended(ran, name, verdict, message):
    assert (ran.verdict(name), ran.message(name)) == (verdict, message)


def test_the_run_fails_and_the_report_agrees_with_it(ran):
    assert ran.status == 1
    assert ran.differences == []


def test_steps_that_did_not_run_are_skipped(ran):
    steps = [(step["name"], step["status"]) for step in ran.result("a promise")["steps"]]
    assert steps == [
        ("Given it works", "passed"),
        ("Then a promise is broken", "failed"),
        ("And it works", "skipped"),
        ("afterwards", "passed"),
    ]


def test_a_trace_is_ours_and_names_no_folder_of_the_machine(ran):
    trace = ran.result("an error")["statusDetails"]["trace"]
    assert 'File "steps/steps.py"' in trace
    assert "site-packages" not in trace


def test_a_scenario_without_steps_or_with_a_tolerated_pending_step_does_not_pass(project):
    project.feature(
        "Feature: F\n  Scenario: empty\n\n  @wip\n  Scenario: tolerated\n    Given it is still to be done\n"
    )
    ran = project.run()
    assert {ran.verdict("empty"), ran.verdict("tolerated")} == {"broken"}
    assert ran.status == 1
    assert "Reported as broken, but behave holds passed" in ran.output
