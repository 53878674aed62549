"""An undefined step is reported with the most similar sentences, and without Python snippets."""

import pytest

STEPS = """
from behave import given, when, then

@when("it doesn't work")
def does_not(context): pass

@given("{who} has ordered a {drink}")
def has_ordered(context, who, drink): pass

@when("{who} orders a {drink}")
def orders(context, who, drink): pass

@then("the order of {who} is completed")
def completed(context, who): pass
"""

CASES = {
    "Given Ada has orderd a Latte": "“Given {who} has ordered a {drink}”",
    "Given Ada orders a Latte": "“When {who} orders a {drink}”? It is no Given.",
    "Then the order of Ada is completd": "“Then the order of {who} is completed”",
    "When it wroks": "“When it works”",
    "When Ada orders  a Latte": "“When Ada orders a Latte”? It differs in spaces",
    "When it\u200b works": "“When it works”? It differs in spaces",
    "When it works.": "“When it works”? It differs in spaces, quotation marks or how it ends.",
    "When it doesn’t work": "“When it doesn't work”? It differs in",
}


@pytest.mark.parametrize("jobs", [(), ("-j2",), ("--dry-run",)], ids=["alone", "side by side", "dry run"])
def test_an_undefined_step_is_told_with_the_nearest_sentences(project, jobs):
    project.write("steps/more.py", STEPS)
    scenarios = [f"  Scenario: {number}\n    {step}\n    Then it works\n" for number, step in enumerate(CASES)]
    project.feature("Feature: F\n" + "".join(scenarios))
    ran = project.run(*jobs)
    assert ran.status == 1
    for step, meant in CASES.items():
        (line,) = {line.strip() for line in ran.output.splitlines() if f"{step}. Did you mean" in line}
        assert meant in line
    assert "u'" not in ran.output
    assert "StepNotImplementedError" not in ran.output


def test_a_step_like_no_other_is_told_alone(project):
    project.feature("Feature: F\n  Scenario: one\n    Then zzz\n")
    ran = project.run()
    assert ran.message("one") == "This step is not defined: Then zzz"
