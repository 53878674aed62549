"""Every verdict of a scenario, from one run that holds them all."""

import pytest


@pytest.fixture(scope="module")
def ran(shared_project, everything):
    shared_project.feature(everything)
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
            "This step is not defined: Then nobody knows what this means",
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
        ("a hook raises before a step", "broken", "ValueError: no such house"),
        ("a hook asserts after a step", "failed", "the house is not in order"),
        ("after raises for Ada", "broken", "after_scenario: ValueError: no such house"),
        ("a promise in a rule", "failed", "Expected: an order\n     but: there is none"),
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


APART = """\
Feature: F
  Scenario: judged apart
    Given it works
    And the promises are judged apart
    Then a promise is broken
    And something else goes wrong
    And it works
    And a bare assertion fails

  Scenario: the first could not be judged
    Given the promises are judged apart
    Then something else goes wrong
    And a promise is broken
    And nobody knows what this means

  Scenario: none could be judged
    Given the promises are judged apart
    Then something else goes wrong
    And it is still to be done

  Scenario: no longer apart
    Given the promises are judged apart
    Then a promise is broken
    Given the promises are judged together
    Then something else goes wrong
    And a bare assertion fails

  Scenario: not apart
    Then a promise is broken
    And a bare assertion fails

  Scenario: not apart, and not all is written
    Then a promise is broken
    And nobody knows what this means

  @cleanup.assert
  Scenario: an error, and a cleanup asserts
    Then something else goes wrong

  @after.lost
  Scenario: an error, and what it depends on is lost
    Then something else goes wrong

  @after.lost
  Scenario: a promise, and what it depends on is lost
    Then a promise is broken
"""
BROKEN_PROMISE = "Expected: an order\n     but: there is none"


@pytest.fixture(scope="module")
def apart(second_project):
    second_project.feature(APART)
    return second_project.run()


@pytest.mark.parametrize(
    ("name", "verdict", "message"),
    [
        (
            "an error, and what it depends on is lost",
            "broken",
            "after_scenario: Lost: The house has gone.\nKeyError: 'order'",
        ),
        (
            "a promise, and what it depends on is lost",
            "failed",
            f"{BROKEN_PROMISE}\nafter_scenario: Lost: The house has gone.",
        ),
        (
            "judged apart",
            "failed",
            f"Then a promise is broken:\n{BROKEN_PROMISE}\n"
            "And something else goes wrong:\nKeyError: 'order'\n"
            "And a bare assertion fails:\nThis does not hold: def bare(context): assert 1 == 2",
        ),
        (
            "the first could not be judged",
            "failed",
            f"Then something else goes wrong:\nKeyError: 'order'\nAnd a promise is broken:\n{BROKEN_PROMISE}\n"
            "And nobody knows what this means:\n"
            "This step is not defined: And nobody knows what this means",
        ),
        (
            "none could be judged",
            "broken",
            "Then something else goes wrong:\nKeyError: 'order'\n"
            "And it is still to be done:\nThis step is still to be done: And it is still to be done",
        ),
        (
            "no longer apart",
            "failed",
            f"Then a promise is broken:\n{BROKEN_PROMISE}\nThen something else goes wrong:\nKeyError: 'order'",
        ),
        ("not apart", "failed", BROKEN_PROMISE),
        (
            "not apart, and not all is written",
            "failed",
            f"Then a promise is broken:\n{BROKEN_PROMISE}\nAnd nobody knows what this means:\n"
            "This step is not defined: And nobody knows what this means",
        ),
        (
            "an error, and a cleanup asserts",
            "failed",
            "KeyError: 'order'\nTidying up afterwards: the house is not in order",
        ),
    ],
)
def test_every_step_that_ran_and_went_wrong_is_told(apart, name, verdict, message):
    assert (apart.verdict(name), apart.message(name)) == (verdict, message)


def test_the_report_agrees_with_a_run_that_went_on_after_a_failed_step(apart):
    assert apart.status == 1
    assert apart.differences == []
    steps = [(step["name"], step["status"]) for step in apart.result("judged apart")["steps"]]
    assert steps == [
        ("Given it works", "passed"),
        ("And the promises are judged apart", "passed"),
        ("Then a promise is broken", "failed"),
        ("And something else goes wrong", "broken"),
        ("And it works", "passed"),
        ("And a bare assertion fails", "failed"),
        ("afterwards", "passed"),
    ]


def test_the_trace_is_that_of_the_first_step_that_went_wrong(apart):
    assert "KeyError" not in apart.result("judged apart")["statusDetails"]["trace"]
    assert "in promise" in apart.result("judged apart")["statusDetails"]["trace"]
