"""A run whose tap is deleted by others ends soon, says what happened, blames no system, and leaves nothing behind."""

import time

import pytest
from listing import BUS, listing
from running import PATIENCE

pytestmark = pytest.mark.cloud


@pytest.fixture
def account(cafe_account):
    return cafe_account[1]


def tap_of(account):
    (rule,) = account.events.list_rules(EventBusName=BUS, NamePrefix="acceptance-tap-")["Rules"]
    return rule["Name"]


def remove_the_queue(account, tap):
    account.sqs.delete_queue(QueueUrl=account.sqs.get_queue_url(QueueName=tap)["QueueUrl"])
    return f"its queue {tap} was removed by someone else"


def remove_the_target(account, tap):
    account.events.remove_targets(Rule=tap, EventBusName=BUS, Ids=["tap"])
    return f"its rule {tap} was detached from its queue by someone else"


def remove_the_rule(account, tap):
    remove_the_target(account, tap)
    account.events.delete_rule(Name=tap, EventBusName=BUS)
    return f"its rule {tap} was removed by someone else"


@pytest.mark.parametrize("remove", [remove_the_queue, remove_the_target, remove_the_rule])
def test_nothing_is_called_failed_for_want_of_ears(guest, account, wait_until, remove):
    before = listing(account)
    run = guest("features/serverlesspresso", "--tags=@smoke", "--tags=not @app", "-D", "report=no")
    wait_until(lambda: "passed" in run.output, "the first scenario has passed", 30)
    begun = time.monotonic()
    sentence = f"The event tap was lost: {remove(account, tap_of(account))}. Nothing can be said about the system from"
    assert run.ended(PATIENCE + 20) == 1
    assert time.monotonic() - begun < PATIENCE + 10
    assert set(run.words()) == {"passed", "broken"}, run.output
    assert all(sentence in message for message in run.messages()), run.output
    assert run.output.count(sentence) == 2, run.output  # where it happened, and in the summary
    assert any("scenarios could not be checked." in line for line in run.said), run.output
    assert "Traceback" not in run.output
    assert listing(account) == before
