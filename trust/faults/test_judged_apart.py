"""A service level and a promise about data are checked separately: breaking one does not hide the other."""

import json

import pytest

from trust.behave_run import run_behave
from trust.faults.serverlesspresso import STARTED, WAITING
from trust.system_copy import CAFE, Edit, copy_of

pytestmark = pytest.mark.cloud

SCENARIO = "A submitted drink reaches the baristas in time"
TELLS = "    _tell_baristas(order_id, order)\n"
IN_TIME = "the baristas see Ada's order within 1 second of the choice"
TOLD = "the baristas are notified of Ada's drink"
STORED = "Ada's order waits for a barista"


@pytest.fixture
def verdicts(tmp_path):
    """Break the café in one place. Return the verdict on each Then of the scenario, and the whole result."""

    def run(edit):
        system = copy_of(CAFE, tmp_path)
        edit.apply(system)
        ran = run_behave(system, ("service_levels",), "--name", SCENARIO, "-D", "patience=5")
        assert ran.status == 1, ran.output
        paths = (tmp_path / "reports" / "allure-results").glob("*-result.json")
        results = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
        # Violations outside scenarios have their own results.
        [result] = [one for one in results if one["name"] == SCENARIO]
        steps = {step["name"].split(" ", 1)[1]: step["status"] for step in result["steps"] if "name" in step}
        return {name: steps[name] for name in (IN_TIME, TOLD, STORED)}, result

    return run


def test_a_late_message_that_is_right_is_only_late(verdicts):
    told, result = verdicts(Edit(WAITING, TELLS, f"    __import__('time').sleep(1.5)\n{TELLS}"))
    assert told == {IN_TIME: "failed", TOLD: "passed", STORED: "passed"}
    assert result["status"] == "failed"
    assert "passed in the function WaitingCompletion" in result["statusDetails"]["message"]


def test_a_wrong_message_that_is_in_time_is_only_wrong(verdicts):
    told, result = verdicts(Edit(WAITING, '"drinkOrder": order.get("drinkOrder", {}).get("S", "")', '"drinkOrder": ""'))
    assert told == {IN_TIME: "passed", TOLD: "failed", STORED: "passed"}
    assert result["status"] == "failed"


def test_of_two_broken_promises_both_are_told(verdicts):
    wrong = f"    __import__('time').sleep(1.5)\n    order['drinkOrder'] = {{'S': ''}}\n{TELLS}"
    told, result = verdicts(Edit(WAITING, TELLS, wrong))
    assert told == {IN_TIME: "failed", TOLD: "failed", STORED: "passed"}
    assert "the service level is 1 s" in result["statusDetails"]["message"]
    assert "a notification that a Cappuccino waits for a barista" in result["statusDetails"]["message"]


def test_without_its_given_nothing_is_judged(verdicts):
    told, result = verdicts(Edit(STARTED, '_store(order_id, detail["userId"], token)\n', "token\n"))
    assert set(told.values()) == {"skipped"}
    assert "an order that waits for its drink to be chosen" in result["statusDetails"]["message"]
