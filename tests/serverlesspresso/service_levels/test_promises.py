"""The café's promises: between which moments each one counts, and that features and code agree on the budgets."""

import re
from types import SimpleNamespace

import pytest
from places import FEATURES

from acceptance.service_levels.timeline import QUEUE, STEP_FUNCTIONS, Clock, Moment, Stamp, Timeline
from support.serverlesspresso.chronicle import opened
from support.serverlesspresso.promises import CLAIM, DRINK, FINISH, FREE, PROMISES, READY, SCAN

FEATURE = FEATURES / "serverlesspresso" / "service_levels.feature"
NOON = 1_800_000_000_000
BUDGET = re.compile(r"within ([\d.]+) (second|millisecond)s?")
# What a step about each promise says.
WORDS = {
    SCAN: "can choose",
    DRINK: "baristas see",
    CLAIM: "claim",
    READY: "order is ready",
    FREE: "return",
    FINISH: "finished",
}


def event(what, ms, barista="Ben"):
    return Moment("event", "bus", what, Stamp(NOON + ms, QUEUE), detail={"baristaUserId": barista})


def action(name, ms):
    return Moment("person", "Ada", "acts", Stamp(NOON + ms, STEP_FUNCTIONS), detail={"action": name, "run": "1"})


def stored(ms):
    return Moment("record", "record", "stored", Stamp(NOON + ms, Clock("its own", 1)))


def ends(promise, *moments):
    found = promise.ends(Timeline.of("2", moments))
    return found and tuple(stamp.ms - NOON for stamp in found)


@pytest.mark.parametrize("promise", [*PROMISES, FREE, FINISH], ids=lambda promise: promise.key)
def test_features_and_code_agree_on_the_budget(promise):
    steps = [line for line in FEATURE.read_text("utf-8").splitlines() if re.match(r"\s*(Then|And) ", line)]
    told = [BUDGET.search(line) for line in steps if WORDS[promise] in line]
    budgets = {float(found[1]) * (1000 if found[2] == "second" else 1) for found in told if found}
    assert budgets == {promise.budget}, "one for a single order, and one for the rush hour"


class TestScan:
    def test_counts_until_the_order_is_told_and_stored(self):
        assert ends(SCAN, event("Validator.NewOrder", 1), event(SCAN.heard, 150), stored(190)) == (1, 190)
        assert ends(SCAN, event("Validator.NewOrder", 1), event(SCAN.heard, 150), stored(149)) == (1, 150)

    def test_counts_until_it_is_told_where_the_record_has_no_stamp(self):
        assert ends(SCAN, event("Validator.NewOrder", 1), event(SCAN.heard, 150)) == (1, 150)

    @pytest.mark.parametrize(
        ("said", "acted", "found"),
        [(190, [], [190]), (190, [300], [190]), (3600, [300, 1600], []), (None, [300], []), ("12:04", [], [])],
    )
    def test_a_stamp_that_is_written_anew_with_each_update_is_not_that_of_the_first(self, said, acted, found):
        record = SimpleNamespace(content={"TS": NOON + said if isinstance(said, int) else said})
        scan = Moment("person", "Ada", "scans the code", Stamp(NOON + 1, QUEUE), detail={"action": "scan"})
        moments = [scan, *(action("", ms) for ms in acted)]
        assert [moment.began.ms - NOON for moment in opened(record, moments)] == found

    @pytest.mark.parametrize("there", [[], [event("Validator.NewOrder", 1)], [event(SCAN.heard, 1), stored(2)]])
    def test_needs_both_ends(self, there):
        assert ends(SCAN, *there) is None


@pytest.mark.parametrize(
    ("promise", "name"), [(DRINK, ""), (CLAIM, "make"), (READY, "complete"), (FREE, "unmake"), (FINISH, "complete")]
)
class TestAction:
    def test_counts_from_the_start_of_its_workflow_to_the_event(self, promise, name):
        assert ends(promise, action(name, 5), event(promise.heard, 170)) == (5, 170)

    def test_does_not_take_an_earlier_event_for_its_own(self, promise, name):
        assert ends(promise, event(promise.heard, 1), action(name, 5)) is None
        assert ends(promise, event(promise.heard, 1), action(name, 5), event(promise.heard, 9)) == (5, 9)

    def test_counts_from_the_last_one(self, promise, name):
        assert ends(promise, action(name, 5), event(promise.heard, 170), action(name, 300)) is None

    def test_does_not_count_from_another_action(self, promise, name):
        assert ends(promise, action("cancel", 5), event(promise.heard, 170)) is None


def test_a_claim_is_not_shown_by_the_message_that_it_is_given_back():
    given_back, claimed = event(CLAIM.heard, 9, barista=""), event(CLAIM.heard, 20)
    assert ends(CLAIM, action("make", 5), given_back) is None
    assert ends(CLAIM, action("make", 5), given_back, claimed) == (5, 20)
